import { THRESHOLDS } from '../thresholds.ts';
import type { Alert, Form, Limits } from './alert.ts';
import { attributesOf } from './expression.ts';
import { ABSENT_ID, absentAlert, MORE_ALERTS } from './more-alerts.ts';
import { RUNBOOK_ALERTS } from './runbook-alerts.ts';
import { SIGNAL_ALERTS } from './signal-alerts.ts';

export const LIMITS: Limits = {
  lossPercent: THRESHOLDS.lossCriticalPercent,
  queuePercent: THRESHOLDS.queueWarnPercent,
  lagPercent: THRESHOLDS.lagWarnPercent,
  ceilingPerSecond: THRESHOLDS.pollCeilingPerSecond,
};

const ALERTS: readonly Alert[] = [...RUNBOOK_ALERTS, ...SIGNAL_ALERTS, ...MORE_ALERTS];

/** Every alert there is, whatever the target; the last watches over the series of the others. */
export const EVERY_ALERT: readonly Alert[] = [...ALERTS, absentAlert([])];
export const ALERT_IDS: readonly string[] = EVERY_ALERT.map(({ id }) => id);

/** Those that this target can have, or of them those that are named. The absent guard watches what these read. */
export function alertsFor(form: Form, ids: readonly string[] = ALERT_IDS): Alert[] {
  const chosen = ALERTS.filter((alert) => alert.isOf(form) && ids.includes(alert.id));
  const read = new Set(chosen.flatMap((alert) => attributesOf(alert.condition(form) ?? { kind: 'absent', attributes: [] })));
  // Alone it watches what tells that the connector is there at all.
  const watched = read.size === 0 ? ['TotalMessagesReceived'] : [...read].sort();
  return ids.includes(ABSENT_ID) ? [...chosen, absentAlert(watched)] : chosen;
}

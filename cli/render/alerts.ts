import type { AlertsView } from '../../checks/alerts/alerts-of.ts';
import { ALERT_STATES, type Judged } from '../../checks/alerts/judge.ts';
import type { OverallStatus, Status } from '../../checks/report.ts';
import type { RenderOptions } from './format.ts';
import { wrap } from './layout.ts';
import { BLANK, paint, plain, type Line } from './line.ts';
import { clock, count, span } from './numbers.ts';
import { themeOf } from './theme.ts';

export type AlertsOutput = { view: AlertsView; status: OverallStatus; at: number; otlpctl: string };

const STATE_WIDTH = 9;
const styleOf = ({ state, status }: Judged): Status => (state === 'silent' ? 'ok' : status);
const worstFirst = (alerts: readonly Judged[]): Judged[] =>
  [...alerts].sort((a, b) => ALERT_STATES.indexOf(b.state) - ALERT_STATES.indexOf(a.state));

/** The same reason for all stands once, above them. */
const commonReason = (alerts: readonly Judged[]): string | undefined =>
  alerts.every(({ state, seen }) => state === 'unknown' && seen === alerts[0]?.seen) ? alerts[0]?.seen : undefined;

function oneAlert(alert: Judged, column: number, at: number, { columns, verbosity }: RenderOptions): Line[] {
  const indent = 2 + STATE_WIDTH;
  const narrow = columns < indent + column + 30;
  const textIndent = narrow ? indent : indent + column;
  const since = alert.since === null || alert.state === 'silent' ? '' : ` Since ${clock(alert.since, at)}.`;
  const limit = alert.state === 'silent' && verbosity === 0 ? '' : ` Limit: ${alert.limit}.`;
  const [first = '', ...rest] = wrap(`${alert.seen}${limit}${since}`.trim(), columns - textIndent);
  const mark = { style: styleOf(alert), text: alert.state.padEnd(STATE_WIDTH) } as const;
  const pad = (line: string): string => ' '.repeat(textIndent) + line;
  return [
    narrow ? ['  ', mark, alert.id] : ['  ', mark, alert.id.padEnd(column), first],
    ...plain((narrow ? [first, ...rest] : rest).map(pad)),
  ];
}

/** Firing first; every alert, for one that is not there is not silent. */
export function alertsText({ view, status, at }: AlertsOutput, options: RenderOptions): string {
  const { alerts, connector, form, sources, readings, from, to } = view;
  const column = Math.max(0, ...alerts.map(({ id }) => id.length)) + 2;
  const seen =
    from === null || to === null
      ? 'no readings'
      : `${count(readings)} reading${readings === 1 ? '' : 's'} over ${span(to - from)}: ${sources.join(', ')}`;
  const states = ALERT_STATES.toReversed().flatMap((state) => {
    const number = alerts.filter((alert) => alert.state === state).length;
    return number === 0 ? [] : [`${number} ${state}`];
  });
  const reason = commonReason(alerts);
  const lines: Line[] = [
    [{ style: 'headline', text: `${connector ?? 'no connector named'} (${form.kind})` }, '   ', { style: status, text: states.join(', ') }],
    ...plain(wrap(reason === undefined ? seen : reason, options.columns)),
    BLANK,
    ...worstFirst(reason === undefined ? alerts : alerts.map((alert) => ({ ...alert, seen: '' }))).flatMap((alert) =>
      oneAlert(alert, column, at, options),
    ),
  ];
  return paint(lines, themeOf(options.colour));
}

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

export function alertsJson({ view, status, at, otlpctl }: AlertsOutput): string {
  const { alerts, connector, form, sources, readings, from, to } = view;
  return JSON.stringify({
    schemaVersion: 1,
    otlpctl,
    at: iso(at),
    connector,
    kind: form.kind,
    status,
    history: { sources, readings, from: iso(from), to: iso(to) },
    alerts: alerts.map(({ since, ...alert }) => ({ ...alert, since: iso(since) })),
  });
}

export const ALERTS_RENDERERS = { text: alertsText, json: alertsJson } as const;

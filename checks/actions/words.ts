import { connectUrl } from '../derive/commands.ts';
import { connectorView, isOtlpClass, mayHaveOpenPorts } from '../derive/connector.ts';
import { atStake } from '../derive/remedy.ts';
import { backlogOf } from '../derive/queue.ts';
import { capital, count } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Risk } from '../report.ts';

/** What costs what, said with this target's numbers. */

/** Host and port of Connect, as a person says where something happens. */
export const placeOf = (facts: Facts): string => new URL(connectUrl(facts)).host;

export const nameOf = (facts: Facts): string => connectorView(facts).name ?? '';

/** `and its task`, `and its 2 tasks`, or nothing. */
export const withTasks = (facts: Facts): string => {
  const { length } = connectorView(facts).tasks;
  return length === 0 ? '' : length === 1 ? ' and its task' : ` and its ${length} tasks`;
};

/** What a task's end costs. Source: connector-facts, "Lifecycle". */
export function costsOfStop(facts: Facts, closed: string): string[] {
  const open = mayHaveOpenPorts(connectorView(facts));
  return [`${capital(atStake(facts))}.`, ...(open ? [closed] : [])];
}

/** Seen on a real stand: stop, drain and start together take about so long; the bridge is quicker once its queues are empty. */
export const shortOutage = (facts: Facts): string =>
  seen(facts, 'target')?.kind === 'bridge'
    ? 'Senders get errors until that is done, and for less than 1 s.'
    : 'Senders get errors for about 3 s.';
export const LONG_OUTAGE = 'Senders get errors until it runs again.';

export const riskOfStop = (facts: Facts, otherwise: Risk): Risk =>
  seen(facts, 'target')?.kind !== 'bridge' && (backlogOf(facts)?.messages ?? 0) > 0 ? 'data-loss' : otherwise;

/** Others of this Connect, of which a person may think that they are touched. */
export function others(facts: Facts): string[] {
  const { name } = connectorView(facts);
  const rest = Object.entries(seen(facts, 'rest.list') ?? {}).filter(([other]) => other !== name);
  if (rest.length === 0) return [];
  const otlp = rest.filter(([, { info }]) => isOtlpClass(info.config['connector.class'])).length;
  const which = otlp === 0 ? '' : ` (${count(otlp)} of them OTLP)`;
  return [
    rest.length === 1
      ? `1 other connector is on this Connect${which}; it goes on.`
      : `${count(rest.length)} other connectors are on this Connect${which}; they go on.`,
  ];
}

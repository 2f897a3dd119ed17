import type { Judged } from '../checks/alerts/judge.ts';
import { increase, perSecond } from '../checks/derive/series.ts';
import type { ConnectorMetrics } from '../checks/facts/index.ts';
import { ATTRIBUTES, BRIDGE_ATTRIBUTES, type Attribute } from '../proto/vocabulary/attributes.ts';
import { SIGNAL, type Signal } from '../proto/vocabulary/signals.ts';

/** live: its value means something; dead: reads 0 whatever happens; absent: the source does not have it. */
export type AttributeRow = Attribute & { value: number | null; perSecond: number | null; state: 'live' | 'dead' | 'absent' };

/** Limits that the alerts have for an attribute, and how each is now. */
export type Threshold = Pick<Judged, 'id' | 'limit' | 'state'>;
export type JudgedRow = AttributeRow & { thresholds: Threshold[] };

/** With what the alerts say of each. `signal`: only what is of that signal alone, and the size of its queue. */
export function judgedRows(rows: readonly AttributeRow[], alerts: readonly Judged[], signal?: Signal): JudgedRow[] {
  const own = signal && [
    SIGNAL[signal].received,
    SIGNAL[signal].dropped,
    SIGNAL[signal].refused,
    SIGNAL[signal].queueSize,
    'QueueCapacity',
  ];
  return rows
    .filter(({ name }) => own === undefined || own.includes(name))
    .map((row) => ({
      ...row,
      thresholds: alerts.filter(({ about }) => about.includes(row.name)).map(({ id, limit, state }) => ({ id, limit, state })),
    }));
}

/** Every attribute there is, in the runbook's order; what the bridge counts beside them only where it does. */
export function attributeRows(metrics: ConnectorMetrics): AttributeRow[] {
  const { samples, dead } = metrics;
  const last = samples.at(-1);
  const spanMs = last === undefined ? 0 : last.at - samples[0]!.at;
  const all = [...ATTRIBUTES, ...BRIDGE_ATTRIBUTES.filter(({ name }) => last?.values[name] !== undefined)];
  return all.map((attribute) => {
    const value = last?.values[attribute.name] ?? null;
    const isCounter = attribute.kind === 'counter' || attribute.name.startsWith('TotalMessages');
    const grown = isCounter && spanMs > 0 ? increase(samples, (sample) => sample.values[attribute.name]) : null;
    return {
      ...attribute,
      value,
      perSecond: grown === null ? null : perSecond(grown, { spanMs }),
      state: value === null ? 'absent' : dead.includes(attribute.name) ? 'dead' : 'live',
    };
  });
}

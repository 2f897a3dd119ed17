import { increase, perSecond } from '../checks/derive/series.ts';
import type { ConnectorMetrics } from '../checks/facts/index.ts';
import { ATTRIBUTES, BRIDGE_ATTRIBUTES, type Attribute } from '../proto/vocabulary/attributes.ts';

/** live: its value means something; dead: reads 0 whatever happens; absent: the source does not have it. */
export type AttributeRow = Attribute & { value: number | null; perSecond: number | null; state: 'live' | 'dead' | 'absent' };

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

import type { ConnectorMetrics, MetricsKind } from '../facts/index.ts';
import { deadGauges, seriesOf } from './metrics-reading.ts';
import type { ConnectorReading, Sampled } from './metrics-reading.ts';
import type { Outcome } from './probe.ts';

/** The connector's samples as the fact `metrics`. */
export function connectorMetrics(sampled: readonly Sampled<ConnectorReading>[], kind: MetricsKind, url: string): Outcome<ConnectorMetrics> {
  const { last, outcome } = seriesOf(sampled);
  if (!('value' in outcome)) return outcome;
  const { connectors = [], startedAt, sink, senders, values = {} } = last ?? {};
  return {
    value: {
      ...outcome.value,
      kind,
      url,
      dead: deadGauges(values),
      connectors,
      ...(startedAt === undefined ? {} : { startedAt }),
      ...(sink === undefined ? {} : { sink }),
      ...(senders === undefined ? {} : { senders }),
    },
  };
}

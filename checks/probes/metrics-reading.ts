import { ATTRIBUTE_NAMES } from '../../proto/vocabulary/attributes.ts';
import type { BridgeSender, Json, Series, SinkSaid } from '../facts/index.ts';
import type { FailedOutcome, Outcome } from './probe.ts';

/** One sample of one source: numbers by name. `missing`: names that the source has and gives no number for. */
export type Reading = { values: Record<string, number>; missing: string[] };

/** The connector's own numbers in one sample. */
export type ConnectorReading = Reading & { connectors: string[]; startedAt?: number; sink?: SinkSaid; senders?: BridgeSender[] };

/** What reading once gave, at our clock's milliseconds, or at the time that the source stamps on its values. */
export type Sampled<R extends Reading> = { at: number; reading: { value: R } | FailedOutcome };

/** Gauges that the real connector registers and never sets. Source: connector facts, "Dead gauges"; QueueCapacity 0 is the sign. */
const DEAD_GAUGES = ['QueueCapacity', 'TracesQueueSize', 'MetricsQueueSize', 'LogsQueueSize', 'MaxQueueUtilizationPercent'] as const;

export const deadGauges = (values: Readonly<Record<string, number>>): string[] =>
  values['QueueCapacity'] === 0 ? DEAD_GAUGES.filter((name) => values[name] === 0) : [];

export const absentAttributes = (values: Readonly<Record<string, number>>): string[] => ATTRIBUTE_NAMES.filter((name) => !(name in values));

/** Only numbers are values: null stands for NaN in Jolokia, and texts are not measured. */
export function numbersOf(attributes: { [key: string]: Json }): Reading {
  const entries = Object.entries(attributes);
  return {
    values: Object.fromEntries(
      entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number' && Number.isFinite(entry[1])),
    ),
    missing: entries.filter(([, value]) => value === null || value === 'NaN').map(([name]) => name),
  };
}

/**
 * Samples as one series. A reading that failed between others is a gap; where all failed, the last failure is the outcome.
 * `missing` of the last sample are the absent names.
 */
export function seriesOf<R extends Reading>(sampled: readonly Sampled<R>[]): { outcome: Outcome<Series>; last?: R } {
  const samples: Series['samples'] = [];
  const gaps: { at: number; detail: string }[] = [];
  let last: R | undefined;
  let failed: FailedOutcome | undefined;
  for (const { at, reading } of sampled) {
    if ('value' in reading) {
      // A page that was not renewed since the reading before it tells nothing new: no sample, and so no rate of 0.
      if (samples.at(-1)?.at !== at) samples.push({ at, values: reading.value.values });
      last = reading.value;
    } else {
      gaps.push({ at, detail: reading.detail });
      failed = reading;
    }
  }
  if (last === undefined) return { outcome: failed ?? { unasked: 'skipped', reason: 'nothing was read' } };
  return { outcome: { value: { samples, absent: last.missing, ...(gaps.length === 0 ? {} : { gaps }) } }, last };
}

import { RANGE_SECONDS } from '../alerts/alert.ts';
import { stillFor } from '../alerts/evaluate.ts';
import type { Facts, PrometheusHistory, Sample } from '../facts/index.ts';
import { isFailed, isSeen, isUnasked, seen } from '../facts/index.ts';
import { SIGNAL, SIGNALS } from '../../proto/vocabulary/signals.ts';
import { connectorView, isRunning } from './connector.ts';
import { dropped, produced, received, refused, type Flow } from './series.ts';
import { clock, span } from './words.ts';

/** What a Prometheus kept of the time before the readings of this look. */

/** What "before" is where nobody says: the range of the runbook's alerts. Source: runbook, "Recommended Alerts", [5m]. */
const RANGE_MS = RANGE_SECONDS * 1000;

const COUNTED = [received, dropped, refused, produced] as const;

/** Readings before this one that tell of everything that it counts: one that lacks a counter would make its rate unknown. */
const readingsBefore = ({ samples }: PrometheusHistory, live: Sample): Sample[] =>
  samples.filter((sample) => sample.at < live.at && COUNTED.every((read) => read(live) === undefined || read(sample) !== undefined));

/**
 * One reading alone makes no rate: the last five minutes that Prometheus has then come before it. A window that was watched stays as it is, for it
 * tells of now.
 */
export function withHistory(facts: Facts): Facts {
  const { metrics } = facts;
  const history = seen(facts, 'prometheus.history');
  if (!isSeen(metrics) || history === undefined || metrics.value.samples.length !== 1) return facts;
  const live = metrics.value.samples[0]!;
  const all = readingsBefore(history, live);
  const readings = all.slice(
    Math.max(
      all.findLastIndex(({ at }) => at <= live.at - RANGE_MS),
      0,
    ),
  );
  if (readings.length === 0) return facts;
  const before = { source: facts['prometheus.history'].source, readings: readings.length };
  return { ...facts, metrics: { ...metrics, value: { ...metrics.value, samples: [...readings, live], before } } };
}

const OFFERED = [
  ...SIGNALS.flatMap((signal) => [SIGNAL[signal].received, SIGNAL[signal].dropped, SIGNAL[signal].refused]),
  ...['TotalMessagesReceived', 'TotalMessagesDropped', 'TotalMessagesRefused'],
];

/** For how long nothing was offered, up to the last reading of a window in which nothing was: Prometheus may know of more than the window. */
export function stillMs(facts: Facts, flow: Pick<Flow, 'spanMs'>): number {
  const history = seen(facts, 'prometheus.history');
  const samples = seen(facts, 'metrics')?.samples ?? [];
  const [first, last] = [samples[0], samples.at(-1)];
  const attributes = OFFERED.filter((name) => last?.values[name] !== undefined);
  if (history === undefined || first === undefined || attributes.length === 0) return flow.spanMs;
  return Math.max(flow.spanMs, stillFor(attributes, [...readingsBefore(history, first), ...samples]));
}

/** Why the Prometheus that was named cannot tell of before; nothing where it can, or where none was named. */
export function historyTrouble(facts: Facts): string | undefined {
  const fact = facts['prometheus.history'];
  if (isFailed(fact)) return `${fact.source}: ${fact.detail}`;
  if (isUnasked(fact)) return fact.unasked === 'unknown' ? fact.reason : undefined;
  // The series live and die with the task.
  const view = connectorView(facts);
  if (!isRunning(view)) return undefined;
  const { samples, from, until } = fact.value;
  const last = samples.at(-1);
  const whose = view.name ?? 'an OTLP connector';
  if (last === undefined) return `it has no series of ${whose} in the last ${span(until - from)}`;
  return until - last.at > RANGE_MS ? `it has nothing of ${whose} since ${clock(last.at)}` : undefined;
}

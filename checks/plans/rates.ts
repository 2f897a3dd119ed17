import { SIGNAL, SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import { dropped, increase, received, refused } from '../derive/series.ts';
import type { Sample } from '../facts/index.ts';
import type { Rate } from './traffic.ts';

/** Counters as rates of what was offered: accepted, dropped and refused. */

type Value = (sample: Sample) => number | undefined;

const valueOf =
  (name: string): Value =>
  ({ values }) =>
    values[name];
/** What only some sources count adds nothing where it is not counted. */
const sum = (pair: readonly Sample[], must: Value, may: readonly Value[]): number | null => {
  const first = increase(pair, must);
  return first === null ? null : may.reduce((total, value) => total + (increase(pair, value) ?? 0), first);
};

/** One rate between every two samples; none across a sample without the counters. */
export function ratesOf(samples: readonly Sample[]): Rate[] {
  return samples.slice(1).flatMap((after, index): Rate[] => {
    const before = samples[index]!;
    const ms = after.at - before.at;
    const pair = [before, after];
    const offered = sum(pair, received, [dropped, refused]);
    if (ms <= 0 || offered === null) return [];
    const perSecond = (messages: number): number => (messages * 1000) / ms;
    const signals = SIGNALS.map((signal): [Signal, number | null] => {
      const names = SIGNAL[signal];
      const of = sum(pair, valueOf(names.received), [valueOf(names.dropped), valueOf(names.refused)]);
      return [signal, of === null ? null : perSecond(of)];
    });
    return [{ at: before.at, ms, total: perSecond(offered), signals: Object.fromEntries(signals) as Rate['signals'] }];
  });
}

/** End offsets of the topics as rates of what was stored: that is after the queues, and without what was lost. */
export function ratesOfOffsets(samples: readonly Sample[], topics: readonly { name: string; signal: Signal }[]): Rate[] {
  return samples.slice(1).flatMap((after, index): Rate[] => {
    const before = samples[index]!;
    const ms = after.at - before.at;
    if (ms <= 0) return [];
    const grown = (signal: Signal): number =>
      topics
        .filter((topic) => topic.signal === signal)
        .reduce((total, { name }) => total + Math.max(0, (after.values[name] ?? 0) - (before.values[name] ?? after.values[name] ?? 0)), 0);
    const signals = Object.fromEntries(SIGNALS.map((signal) => [signal, (grown(signal) * 1000) / ms])) as Record<Signal, number>;
    // Signals that share a topic cannot be told apart, and must not be counted twice.
    const shared = new Set(topics.map(({ name }) => name)).size < topics.length;
    const names = [...new Set(topics.map(({ name }) => name))];
    const total = names.reduce(
      (all, name) => all + Math.max(0, (after.values[name] ?? 0) - (before.values[name] ?? after.values[name] ?? 0)),
      0,
    );
    return [
      {
        at: before.at,
        ms,
        total: (total * 1000) / ms,
        signals: shared ? (Object.fromEntries(SIGNALS.map((signal) => [signal, null])) as Record<Signal, null>) : signals,
      },
    ];
  });
}

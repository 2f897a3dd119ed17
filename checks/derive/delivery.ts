import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { clusterMismatch } from './kafka.ts';

/** What the topics' end offsets say: records that are in Kafka, whoever counts them otherwise. */
export type Delivered = {
  from: number;
  to: number;
  spanMs: number;
  /** over all topics that were read twice */
  records: number;
  byTopic: Readonly<Record<string, number>>;
  /** topics that were not read both times */
  unread: readonly string[];
};

/** Nothing without two readings of this target's own cluster. An end offset that falls belongs to a topic made anew: it counts from 0. */
export function deliveredOf(facts: Facts): Delivered | undefined {
  const offsets = seen(facts, 'kafka.offsets');
  const [first, last] = [offsets?.samples[0], offsets?.samples.at(-1)];
  if (offsets === undefined || first === undefined || last === undefined || last.at <= first.at) return undefined;
  if (clusterMismatch(facts) !== undefined || seen(facts, 'kafka.topics')?.assumed === true) return undefined;
  const both = Object.keys(last.values).filter((name) => first.values[name] !== undefined);
  const byTopic = Object.fromEntries(both.map((name) => [name, grown(first.values[name] ?? 0, last.values[name] ?? 0)]));
  const either = new Set([...Object.keys(first.values), ...Object.keys(last.values), ...offsets.absent]);
  return {
    from: first.at,
    to: last.at,
    spanMs: last.at - first.at,
    records: Object.values(byTopic).reduce((sum, n) => sum + n, 0),
    byTopic,
    unread: [...either].filter((name) => !both.includes(name)),
  };
}

const grown = (before: number, after: number): number => (after < before ? after : after - before);

import type { Facts, Sample } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { expectedState } from './connector.ts';
import { deliveredOf } from './delivery.ts';
import { acknowledged } from './jmx.ts';
import { flowOf, increase, produced, received } from './series.ts';

/**
 * Messages that wait this long, in milliseconds, while nothing leaves are stuck: the poll loop comes round within 300 ms, the bridge sooner.
 * What was accepted a moment before the last reading proves nothing.
 */
const STUCK_MS = 2000;

/** Output that stands still behind intake: over the whole window nothing left, and what waited at its beginning waits still. */
export type Stall = {
  spanMs: number;
  /** messages that have surely waited STUCK_MS or longer */
  stuck: number;
  /** where they wait: in the queues, polled by Connect and not acknowledged by Kafka, or produced and on no topic */
  where: 'queued' | 'unacknowledged' | 'undelivered';
};

/** Readings old enough that what they counted should have left by the last one. */
function old(samples: readonly Sample[]): { then: Sample; now: Sample } | undefined {
  const now = samples.at(-1);
  const then = samples.findLast((sample) => now !== undefined && now.at - sample.at >= STUCK_MS);
  return then === undefined || now === undefined ? undefined : { then, now };
}

const left = (before: number | undefined, after: number | undefined): number => Math.max(0, (before ?? 0) - (after ?? Infinity));

function queued(facts: Facts): number {
  const readings = old(seen(facts, 'metrics')?.samples ?? []);
  return readings === undefined ? 0 : left(received(readings.then), produced(readings.now));
}

/** Connect's own totals of the task: what poll() returned, what Kafka has acknowledged of it. */
function unacknowledged(facts: Facts): number {
  const readings = old(seen(facts, 'jmx.task')?.samples ?? []);
  return readings === undefined
    ? 0
    : left(readings.then.values['source-record-poll-total'], readings.now.values['source-record-write-total']);
}

/** Produced, two seconds and more before the topics were read again, and none of them grew. Counts only where every topic was read twice. */
function undelivered(facts: Facts): number {
  const delivered = deliveredOf(facts);
  if (delivered === undefined || delivered.records > 0 || delivered.unread.length > 0) return 0;
  const within = (seen(facts, 'metrics')?.samples ?? []).filter(({ at }) => at >= delivered.from && at <= delivered.to - STUCK_MS);
  return increase(within, produced) ?? 0;
}

export function stallOf(facts: Facts): Stall | undefined {
  const flow = flowOf(seen(facts, 'metrics'));
  const written = acknowledged(facts);
  if (flow === undefined || flow.restarts > 0 || (written ?? 0) > 0) return undefined;
  // A pause that is wanted stops the output, and is meant to.
  if ((expectedState(facts) ?? 'RUNNING') !== 'RUNNING') return undefined;
  const waits = flow.produced === 0 ? queued(facts) : 0;
  if (waits > 0) return { spanMs: flow.spanMs, stuck: waits, where: 'queued' };
  const polled = written === 0 ? unacknowledged(facts) : 0;
  if (polled > 0) return { spanMs: flow.spanMs, stuck: polled, where: 'unacknowledged' };
  const nowhere = written === null ? undelivered(facts) : 0;
  return nowhere > 0 ? { spanMs: flow.spanMs, stuck: nowhere, where: 'undelivered' } : undefined;
}

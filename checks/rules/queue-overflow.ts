import { defineRule } from '../rule.ts';
import { configValue } from '../derive/connector.ts';
import { evidenceOf } from '../derive/evidence.ts';
import { heldOf, limitsHit, limitWords } from '../derive/held-bytes.ts';
import { isFullThroughout } from '../derive/queue.ts';
import { changeConfig, remedy } from '../derive/remedy.ts';
import { losingSignal, perSecond } from '../derive/series.ts';
import type { Flow } from '../derive/series.ts';
import { count, percent, rate, span } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { INTAKE_STEPS, QUEUE_STEPS } from './echoes.ts';
import { atLimit, fewerBytes, heldEvidence, moreBytes, planOf } from './held-bytes.ts';
import { flow, HEADING, LARGER_BATCHES, largerQueue, readings, verb } from './queue-words.ts';

const steadily = (facts: Facts, moved: Flow): string =>
  isFullThroughout(facts)
    ? `; it was full all the time: ${rate(perSecond(moved.offered ?? 0, moved))} a second come and ${rate(perSecond(moved.produced ?? 0, moved))} leave`
    : '';

const onlyBytes = (moved: Flow): boolean => limitsHit(moved).join() === 'queue_bytes_full';

/** What is full: a queue, or what all of them may hold together. */
function fullOf(facts: Facts, moved: Flow): string {
  const held = heldOf(facts);
  if (held !== undefined && onlyBytes(moved)) return atLimit(held, 'reached');
  const signal = losingSignal(moved);
  const size = configValue(facts, 'otlp.message.queue.size');
  return `${signal === null ? 'A queue' : `The ${signal} queue`}${size === undefined ? '' : ` of ${count(Number(size))}`} overflows`;
}

export const queueOverflow = defineRule({
  id: 'queue-overflow',
  layer: 'queue',
  scope: 'target',
  status: 'critical',
  explains: [...QUEUE_STEPS, ...INTAKE_STEPS, 'queue-near-capacity'],
  heading: HEADING,
  meaning:
    'A queue is full and messages are lost now. The connector drops them and tells gRPC senders OK; the bridge refuses them, so that senders try again. On the bridge the bytes of everything held can be the limit instead (bridge.queue.max.bytes): which it was stands in the counters. Nothing deeper holds the task up: bursts are larger than the queue, or, where it is full all the time, more comes than leaves.',
  when({ facts, thresholds }) {
    const moved = flow(facts);
    if (moved === undefined || moved.lost === null || moved.lost === 0) return undefined;
    const [share, held] = [moved.lossPercent ?? 0, heldOf(facts)];
    const which = limitsHit(moved).length > 1 ? limitWords(moved) : '';
    return {
      sentence: `${fullOf(facts, moved)}: ${count(moved.lost)} of ${count(moved.offered ?? 0)} offered messages (${percent(share)}) were ${verb(moved)}${which} over ${span(moved.spanMs)}${steadily(facts, moved)}.`,
      evidence: evidenceOf(
        readings(
          facts,
          `${verb(moved)} +${moved.lost}${limitWords(moved)}, accepted +${moved.received ?? 'unknown'}, produced +${moved.produced ?? 'unknown'}`,
        ),
        held !== undefined && heldEvidence(facts, held),
      ),
      status: share > thresholds.lossCriticalPercent ? 'critical' : 'warning',
      signal: losingSignal(moved),
      loss: moved.lost,
    };
  },
  remedies({ facts }) {
    const moved = flow(facts);
    const plan = remedy('See what the queues and the memory would need.', planOf(facts));
    if (moved !== undefined && onlyBytes(moved)) return isFullThroughout(facts) ? [fewerBytes(facts)] : [...moreBytes(facts), plan];
    if (isFullThroughout(facts))
      return [
        remedy(
          `Have senders put more into each request (a batch processor), or spread them over more instances${seen(facts, 'target')?.kind === 'bridge' ? '; raise bridge.drain.max.per.second if that is set' : ''}: a larger queue only delays the loss.`,
          LARGER_BATCHES,
        ),
        plan,
      ];
    const byBytesToo = moved !== undefined && limitsHit(moved).includes('queue_bytes_full');
    return [
      changeConfig(facts, `Make the queue hold a burst and half as much again.`, { 'otlp.message.queue.size': String(largerQueue(facts)) }),
      ...(byBytesToo ? moreBytes(facts, false) : []),
      plan,
    ];
  },
});

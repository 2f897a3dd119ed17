import { defineRule } from '../rule.ts';
import { configValue } from '../derive/connector.ts';
import { isFullThroughout } from '../derive/queue.ts';
import { changeConfig, remedy } from '../derive/remedy.ts';
import { losingSignal, perSecond } from '../derive/series.ts';
import type { Flow } from '../derive/series.ts';
import { count, percent, rate, span } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { INTAKE_STEPS, QUEUE_STEPS } from './echoes.ts';
import { flow, HEADING, LARGER_BATCHES, largerQueue, peak, readings, verb } from './queue-words.ts';

const steadily = (facts: Facts, moved: Flow): string =>
  isFullThroughout(facts)
    ? `; it was full all the time: ${rate(perSecond(moved.offered ?? 0, moved))} a second come and ${rate(perSecond(moved.produced ?? 0, moved))} leave`
    : '';

export const queueOverflow = defineRule({
  id: 'queue-overflow',
  layer: 'queue',
  scope: 'target',
  status: 'critical',
  explains: [...QUEUE_STEPS, ...INTAKE_STEPS, 'queue-near-capacity'],
  heading: HEADING,
  meaning:
    'A queue is full and messages are lost now. The connector drops them and tells gRPC senders OK; the bridge refuses them, so that senders try again. Nothing deeper holds the task up: bursts are larger than the queue, or, where it is full all the time, more comes than leaves.',
  when({ facts, thresholds }) {
    const moved = flow(facts);
    if (moved === undefined || moved.lost === null || moved.lost === 0) return undefined;
    const signal = losingSignal(moved);
    const share = moved.lossPercent ?? 0;
    const size = configValue(facts, 'otlp.message.queue.size');
    const queue = `${signal === null ? 'A queue' : `The ${signal} queue`}${size === undefined ? '' : ` of ${count(Number(size))}`}`;
    return {
      sentence: `${queue} overflows: ${count(moved.lost)} of ${count(moved.offered ?? 0)} offered messages (${percent(share)}) were ${verb(moved)} over ${span(moved.spanMs)}${steadily(facts, moved)}.`,
      evidence: [
        readings(
          facts,
          `${verb(moved)} +${moved.lost}, accepted +${moved.received ?? 'unknown'}, produced +${moved.produced ?? 'unknown'}`,
        ),
      ],
      status: share > thresholds.lossCriticalPercent ? 'critical' : 'warning',
      signal,
      loss: moved.lost,
    };
  },
  remedies({ facts }) {
    const plan = remedy('See what the queues and the heap would need.', `otlpctl capacity --peak ${peak(facts)} --burst 10`);
    if (isFullThroughout(facts))
      return [
        remedy(
          `Have senders put more into each request (a batch processor), or spread them over more instances${seen(facts, 'target')?.kind === 'bridge' ? '; raise bridge.drain.max.per.second if that is set' : ''}: a larger queue only delays the loss.`,
          LARGER_BATCHES,
        ),
        plan,
      ];
    return [
      changeConfig(facts, `Make the queue hold a burst and half as much again.`, { 'otlp.message.queue.size': String(largerQueue(facts)) }),
      plan,
    ];
  },
});

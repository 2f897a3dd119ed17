import type { Rule, View } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { configValue, connectorView } from '../derive/connector.ts';
import { memoryOf } from '../derive/jmx.ts';
import { backlogEvidence, backlogOf, backlogTime } from '../derive/queue.ts';
import { quote } from '../derive/evidence.ts';
import type { Held } from '../derive/held-bytes.ts';
import { heldOf } from '../derive/held-bytes.ts';
import { changeConfig, lookAgain, remedy } from '../derive/remedy.ts';
import { dropped, refused } from '../derive/series.ts';
import { stallOf } from '../derive/stall.ts';
import { bytes, clock, count, percent, rate, span } from '../derive/words.ts';
import { SIGNALS } from '../../proto/vocabulary/signals.ts';
import { seen } from '../facts/index.ts';
import { INTAKE_STEPS, QUEUE_IDS, QUEUE_STEPS } from './echoes.ts';
import { atLimit, heldEvidence, moreBytes } from './held-bytes.ts';
import { aroundTheCeiling, ceiling, pollCeiling } from './poll-ceiling.ts';
import { queueOverflow } from './queue-overflow.ts';
import { flow, largerQueue, readings, until } from './queue-words.ts';

/** The bridge says itself what its sink does not take; nothing is lost while the queue holds it. */
export const sinkStalled = defineRule({
  id: 'sink-stalled',
  layer: 'queue',
  scope: 'target',
  status: 'critical',
  explains: [...QUEUE_STEPS, ...INTAKE_STEPS, ...QUEUE_IDS],
  heading: 'Issue 4: Processing Lag Building Up',
  meaning:
    'The bridge accepts and hands nothing on: its sink takes nothing, or no longer answers. What is queued is kept and tried again; once the queue is full senders are refused.',
  when({ facts }) {
    const [stall, moved] = [stallOf(facts), flow(facts)];
    const runs = connectorView(facts).tasks.some((task) => task.state === 'RUNNING');
    if (stall === undefined || moved === undefined || !runs || seen(facts, 'target')?.kind !== 'bridge') return undefined;
    return {
      sentence: `The bridge hands nothing on: ${count(moved.received ?? 0)} messages came in over ${span(stall.spanMs)} and its sink took none; ${count(stall.stuck)} or more wait.`,
      evidence: [readings(facts, `accepted +${moved.received ?? 'unknown'}, produced +${moved.produced ?? 'unknown'}`)],
      loss: moved.lost ?? 0,
    };
  },
  remedies: ({ facts }) => [
    lookAgain(
      facts,
      "Read the end of the bridge's log: it names what its sink does not take, and goes on by itself once it does. Then look again.",
    ),
  ],
});

/** The bytes held, where they are nearer to their limit than any queue is to its size. */
function nearlyFullOfBytes({ facts, thresholds }: Pick<View, 'facts' | 'thresholds'>): Held | undefined {
  const held = heldOf(facts);
  const queue = backlogOf(facts)?.fullest.percent ?? 0;
  return held !== undefined && held.percent >= thresholds.queueWarnPercent && held.percent > queue ? held : undefined;
}

export const queueNearCapacity = defineRule({
  id: 'queue-near-capacity',
  layer: 'queue',
  scope: 'target',
  status: 'warning',
  explains: QUEUE_STEPS,
  heading: 'Queue Metrics',
  meaning:
    "A queue, or what the bridge may hold in bytes over all of them, is more than four fifths full and nothing is lost yet. The connector's own gauges read 0 then as always; what waits is received minus produced.",
  when({ facts, thresholds }) {
    const backlog = backlogOf(facts);
    const limit = ceiling({ facts, thresholds });
    const fill = backlog?.fullest.percent ?? null;
    if ((flow(facts)?.lost ?? 0) > 0) return undefined;
    const held = nearlyFullOfBytes({ facts, thresholds });
    if (held !== undefined) return { sentence: `${atLimit(held, 'come near')}.`, evidence: [heldEvidence(facts, held)] };
    if (backlog === undefined || fill === null || fill < thresholds.queueWarnPercent) return undefined;
    const { signal, messages, exact } = backlog.fullest;
    return {
      sentence: `${signal === null ? 'The fullest queue' : `The ${signal} queue`} is ${exact ? '' : 'about '}${percent(fill)} full: ${count(Math.min(messages, backlog.capacity ?? messages))} of ${count(backlog.capacity ?? 0)}${until(backlog)}${backlogTime(facts, backlog)}.${limit === undefined ? '' : ` The poll loop is the limit: ${rate(limit.speed)} messages/s is all it takes while Kafka is idle.`}`,
      evidence: [backlogEvidence(facts, backlog, `${backlog.messages} waiting`)],
      signal,
    };
  },
  remedies({ facts, thresholds }) {
    if (ceiling({ facts, thresholds }) !== undefined) return aroundTheCeiling(facts);
    const watch = lookAgain(facts, 'Watch whether it grows.', '--window', '8');
    if (nearlyFullOfBytes({ facts, thresholds }) !== undefined) return [watch, ...moreBytes(facts)];
    const larger = { 'otlp.message.queue.size': String(largerQueue(facts)) };
    return [watch, changeConfig(facts, 'If bursts are what fills it, make it larger.', larger)];
  },
});

export const memoryPressure = defineRule({
  id: 'memory-pressure',
  layer: 'worker',
  scope: 'target',
  status: 'warning',
  explains: ['worker-memory'],
  heading: 'Estimating Memory',
  meaning:
    "The worker's heap is nearly used up. Full queues of large messages are the usual reason; one reading can also be a moment before a collection.",
  when({ facts, thresholds }) {
    const memory = memoryOf(facts);
    if (memory?.heapPercent === undefined || memory.heapPercent < thresholds.heapWarnPercent) return undefined;
    return {
      sentence: `The worker uses ${bytes(memory.heapUsed ?? 0)} of ${bytes(memory.heapMax ?? 0)} heap (${percent(memory.heapPercent)}), with queues of ${configValue(facts, 'otlp.message.queue.size') ?? 'unknown size'}.`,
      evidence: [quote(facts, 'jmx.jvm', 'samples')],
    };
  },
  remedies: () => [
    remedy('See what the queues may take, then lower otlp.message.queue.size or raise -Xmx.', 'otlpctl capacity --peak 1000 --burst 10'),
  ],
});

export const gaugesDead = defineRule({
  id: 'gauges-dead',
  layer: 'queue',
  scope: 'target',
  status: 'ok',
  explains: [],
  heading: 'Queue Metrics',
  meaning:
    'QueueCapacity reads 0: this connector never sets its queue gauges, so they and MaxQueueUtilizationPercent read 0 over a full queue. Alerts on them cannot fire.',
  when({ facts }) {
    const metrics = seen(facts, 'metrics');
    if (metrics === undefined || !metrics.dead.includes('QueueCapacity')) return undefined;
    const waiting = backlogOf(facts)?.messages;
    return {
      sentence: `The queue gauges of this connector always read 0; the backlog shown is received - produced${waiting === undefined ? '' : ` = ${count(waiting)}`}.`,
      evidence: [quote(facts, 'metrics', 'dead')],
    };
  },
  remedies: () => [],
});

export const pastDrops = defineRule({
  id: 'past-drops',
  layer: 'queue',
  scope: 'target',
  status: 'ok',
  explains: [],
  heading: 'Derived Metrics',
  meaning:
    'Messages were lost earlier, and none in the window looked at. The lifetime ratio goes on showing it until the task restarts; it is history.',
  when({ facts }) {
    const metrics = seen(facts, 'metrics');
    const last = metrics?.samples.at(-1);
    const lost = last === undefined ? undefined : dropped(last);
    const total = lost === undefined || last === undefined ? 0 : lost + (refused(last) ?? 0);
    const moved = flow(facts);
    if (metrics === undefined || total === 0 || (moved?.lost ?? 0) > 0) return undefined;
    const at = Math.max(
      0,
      ...SIGNALS.map(
        (s) => seen(facts, 'log')?.events[`${s === 'traces' ? 'trace' : s === 'metrics' ? 'metric' : 'log'}_dropped`]?.lastAt ?? 0,
      ),
    );
    const when =
      moved === undefined
        ? 'since the counters began; whether now is not known without a window'
        : `earlier, none over ${span(moved.spanMs)}${at > 0 ? ` (last in the log ${clock(at)})` : ''}`;
    return {
      sentence: `${count(total)} messages were lost ${when}.`,
      evidence: [quote(facts, 'metrics', `samples.${metrics.samples.length - 1}.values.TotalMessagesDropped`, lost ?? null)],
    };
  },
  remedies: () => [],
});

export const QUEUE_RULES: readonly Rule[] = [
  queueOverflow,
  sinkStalled,
  queueNearCapacity,
  pollCeiling,
  memoryPressure,
  gaugesDead,
  pastDrops,
];

import type { Rule, View } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { configValue, connectorView } from '../derive/connector.ts';
import { evidenceOf, quote } from '../derive/evidence.ts';
import { memoryOf, producerIsFree, producerOf } from '../derive/jmx.ts';
import { backlogEvidence, backlogOf, backlogTime } from '../derive/queue.ts';
import type { Backlog } from '../derive/queue.ts';
import { changeConfig, lookAgain, remedy } from '../derive/remedy.ts';
import { dropped, flowOf, losingSignal, perSecond, refused } from '../derive/series.ts';
import type { Flow } from '../derive/series.ts';
import { stallOf } from '../derive/stall.ts';
import { bytes, clock, count, list, percent, rate, span } from '../derive/words.ts';
import { CONNECTOR_KEY } from '../../proto/vocabulary/keys.ts';
import { SIGNALS } from '../../proto/vocabulary/signals.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Thresholds } from '../thresholds.ts';
import { INTAKE_STEPS, QUEUE_IDS, QUEUE_STEPS } from './echoes.ts';

const HEADING = 'Issue 3: High Message Drop Rate';
const flow = (facts: Facts): Flow | undefined => flowOf(seen(facts, 'metrics'));
const readings = (facts: Facts, said: string) => quote(facts, 'metrics', 'samples', said);
const verb = (moved: Flow): string =>
  (moved.refused ?? 0) === 0 ? 'dropped' : (moved.dropped ?? 0) === 0 ? 'refused' : 'dropped or refused';
const until = (backlog: Backlog): string =>
  backlog.secondsUntilDrops === null
    ? ''
    : backlog.secondsUntilDrops === 0
      ? '; it is full'
      : `; at this growth it is full in ${span(backlog.secondsUntilDrops * 1000)}`;

/** The larger of what came and what left, a second: what a plan has to stand. */
const peak = (facts: Facts): number => {
  const moved = flow(facts);
  return moved === undefined ? 1 : Math.max(1, Math.ceil(perSecond(Math.max(moved.offered ?? 0, moved.produced ?? 0), moved)));
};

/** Half as much again as a burst needs, within what the connector takes. Source: runbook "Estimating Queue Size". */
function largerQueue(facts: Facts): number {
  const now = Number(configValue(facts, 'otlp.message.queue.size') ?? 10_000);
  const key = CONNECTOR_KEY.get('otlp.message.queue.size');
  const burst = Math.max(0, ...SIGNALS.map((s) => (flow(facts)?.signals[s].received ?? 0) + (flow(facts)?.signals[s].lost ?? 0)));
  return Math.min(key?.max ?? 1_000_000, Math.max(now * 2, Math.ceil(burst * 1.5)));
}

export const queueOverflow = defineRule({
  id: 'queue-overflow',
  layer: 'queue',
  scope: 'target',
  status: 'critical',
  explains: [...QUEUE_STEPS, ...INTAKE_STEPS, 'queue-near-capacity'],
  heading: HEADING,
  meaning:
    'A queue is full and messages are lost now. The connector drops them and tells gRPC senders OK; the bridge refuses them, so that senders try again. Nothing deeper holds the task up, so bursts are larger than the queue.',
  when({ facts, thresholds }) {
    const moved = flow(facts);
    if (moved === undefined || moved.lost === null || moved.lost === 0) return undefined;
    const signal = losingSignal(moved);
    const share = moved.lossPercent ?? 0;
    const size = configValue(facts, 'otlp.message.queue.size');
    const queue = `${signal === null ? 'A queue' : `The ${signal} queue`}${size === undefined ? '' : ` of ${count(Number(size))}`}`;
    return {
      sentence: `${queue} overflows: ${count(moved.lost)} of ${count(moved.offered ?? 0)} offered messages (${percent(share)}) were ${verb(moved)} over ${span(moved.spanMs)}.`,
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
  remedies: ({ facts }) => [
    changeConfig(facts, `Make the queue hold a burst and half as much again.`, { 'otlp.message.queue.size': String(largerQueue(facts)) }),
    remedy('See what the queues and the heap would need.', `otlpctl capacity --peak ${peak(facts)} --burst 10`),
  ],
});

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

export const queueNearCapacity = defineRule({
  id: 'queue-near-capacity',
  layer: 'queue',
  scope: 'target',
  status: 'warning',
  explains: QUEUE_STEPS,
  heading: 'Queue Metrics',
  meaning:
    "A queue is more than four fifths full and nothing is lost yet. The connector's own gauges read 0 then as always; what waits is received minus produced.",
  when({ facts, thresholds }) {
    const backlog = backlogOf(facts);
    const fill = backlog?.fullest.percent ?? null;
    if (backlog === undefined || fill === null || fill < thresholds.queueWarnPercent || (flow(facts)?.lost ?? 0) > 0) return undefined;
    const { signal, messages, exact } = backlog.fullest;
    return {
      sentence: `${signal === null ? 'The fullest queue' : `The ${signal} queue`} is ${exact ? '' : 'about '}${percent(fill)} full: ${count(Math.min(messages, backlog.capacity ?? messages))} of ${count(backlog.capacity ?? 0)}${until(backlog)}${backlogTime(facts, backlog)}.`,
      evidence: [backlogEvidence(facts, backlog, `${backlog.messages} waiting`)],
      signal,
    };
  },
  remedies: ({ facts }) => [
    lookAgain(facts, 'Watch whether it grows.', '--window', '8'),
    changeConfig(facts, 'If bursts are what fills it, make it larger.', { 'otlp.message.queue.size': String(largerQueue(facts)) }),
  ],
});

/** One or two busy signals whose output stands at what the poll loop takes while Kafka is free. Source: connector-facts, "Seen on a real stand". */
function ceiling({
  facts,
  thresholds,
}: Pick<View, 'facts' | 'thresholds'>):
  { moved: Flow; backlog: Backlog; busy: readonly (typeof SIGNALS)[number][]; speed: number } | undefined {
  const [moved, backlog] = [flow(facts), backlogOf(facts)];
  if (moved === undefined || backlog === undefined || moved.produced === null || seen(facts, 'target')?.kind === 'bridge') return undefined;
  const busy = SIGNALS.filter((s) => (moved.signals[s].received ?? 0) + (moved.signals[s].lost ?? 0) > 0);
  const limit = thresholds.pollCeilingPerSecond * busy.length;
  const margin = (limit * thresholds.pollCeilingMarginPercent) / 100;
  const speed = perSecond(moved.produced, moved);
  if (busy.length < 1 || busy.length > 2 || Math.abs(speed - limit) > margin || !producerIsFree(producerOf(facts))) return undefined;
  return isPressing(moved, backlog, thresholds) ? { moved, backlog, busy, speed } : undefined;
}

/** Minutes ahead that a growing queue is told of. */
const SOON_SECONDS = 600;

const isPressing = (moved: Flow, backlog: Backlog, thresholds: Thresholds): boolean =>
  (moved.lost ?? 0) > 0 ||
  (backlog.fullest.percent ?? 0) >= thresholds.pollCeilingFillPercent ||
  (backlog.secondsUntilDrops !== null && backlog.secondsUntilDrops <= SOON_SECONDS && (backlog.fullest.percent ?? 0) >= 10);

export const pollCeiling = defineRule({
  id: 'poll-ceiling',
  layer: 'queue',
  scope: 'target',
  status: 'critical',
  explains: [...QUEUE_STEPS, ...INTAKE_STEPS, ...QUEUE_IDS],
  heading: 'Scaling Considerations',
  meaning:
    "The connector's poll loop waits 100 ms on every empty queue and takes 100 messages of each a round: one busy signal drains at about 480 a second whatever Kafka could take. A larger queue only delays the loss; larger client batches or a second connector do not.",
  when(view) {
    const found = ceiling(view);
    if (found === undefined) return undefined;
    const { moved, backlog, busy, speed } = found;
    const lost = moved.lost ?? 0;
    const share = moved.lossPercent ?? 0;
    const losing =
      lost > 0
        ? `; ${count(lost)} of ${count(moved.offered ?? 0)} offered messages (${percent(share)}) were ${verb(moved)} over ${span(moved.spanMs)}`
        : until(backlog);
    const fill = backlog.fullest.percent === null || lost > 0 ? '' : `, and its queue is ${percent(backlog.fullest.percent)} full`;
    return {
      sentence: `The poll loop is the limit: ${list(busy)} ${busy.length === 1 ? 'leaves' : 'leave'} at ${rate(speed)} messages/s, which is all it takes of ${busy.length === 1 ? 'one busy signal' : 'two busy signals'} while Kafka is idle${fill}${losing}.`,
      evidence: evidenceOf(
        readings(view.facts, `produced +${moved.produced ?? 0}, accepted +${moved.received ?? 0}, lost +${lost} in ${span(moved.spanMs)}`),
        producerOf(view.facts) !== undefined && quote(view.facts, 'jmx.producer', 'samples.0.values.buffer-available-bytes'),
      ),
      status: lost > 0 ? (share > view.thresholds.lossCriticalPercent ? 'critical' : 'warning') : 'warning',
      signal: busy.length === 1 ? (busy[0] ?? null) : null,
      loss: lost,
    };
  },
  remedies: ({ facts }) => [
    remedy(
      'Have senders put more into each request (a batch processor): one request is one message, whatever it holds.',
      'export OTEL_BSP_MAX_EXPORT_BATCH_SIZE=2048',
    ),
    remedy(
      'Or spread them over a second connector on other ports. A larger queue does not cure this.',
      `otlpctl capacity --peak ${peak(facts)} --burst 10`,
    ),
  ],
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

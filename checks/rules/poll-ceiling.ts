import type { View } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidenceOf, quote } from '../derive/evidence.ts';
import { producerIsFree, producerOf } from '../derive/jmx.ts';
import { backlogOf } from '../derive/queue.ts';
import type { Backlog } from '../derive/queue.ts';
import { remedy } from '../derive/remedy.ts';
import { perSecond } from '../derive/series.ts';
import type { Flow } from '../derive/series.ts';
import { count, list, percent, rate, span } from '../derive/words.ts';
import { SIGNALS } from '../../proto/vocabulary/signals.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Remedy } from '../report.ts';
import type { Thresholds } from '../thresholds.ts';
import { INTAKE_STEPS, QUEUE_IDS, QUEUE_STEPS } from './echoes.ts';
import { flow, LARGER_BATCHES, peak, readings, until, verb } from './queue-words.ts';

/** One or two busy signals whose output stands at what the poll loop takes while Kafka is free. Source: connector-facts, "Seen on a real stand". */
export function ceiling({
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

/** What helps against it: fewer and larger requests, or a second poll loop. */
export const aroundTheCeiling = (facts: Facts): Remedy[] => [
  remedy('Have senders put more into each request (a batch processor): one request is one message, whatever it holds.', LARGER_BATCHES),
  remedy(
    'Or spread them over a second connector on other ports. A larger queue does not cure this.',
    `otlpctl capacity --peak ${peak(facts)} --burst 10`,
  ),
];

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
    // Then queue-near-capacity says it, with this as the reason.
    if (lost === 0 && (backlog.fullest.percent ?? 0) >= view.thresholds.queueWarnPercent) return undefined;
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
  remedies: ({ facts }) => aroundTheCeiling(facts),
});

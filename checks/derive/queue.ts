import type { Facts, Sample } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Evidence } from '../report.ts';
import { SIGNAL, SIGNALS } from '../../proto/vocabulary/signals.ts';
import type { Signal } from '../../proto/vocabulary/signals.ts';
import { configValue } from './connector.ts';
import { quote } from './evidence.ts';
import { heldIn } from './held-bytes.ts';
import { nowOf } from './log.ts';
import { produced, received, restarts, usedSignals } from './series.ts';
import { clock, span } from './words.ts';

/**
 * What waits in the queues. The connector's gauges are dead, so it is received - produced there: the sum of three queues.
 * Of one used signal that is its queue exactly; of several, `fullest` is what the fullest must hold at least.
 */
export type Backlog = {
  messages: number;
  /** of each queue; null when neither gauge, configuration nor log says it */
  capacity: number | null;
  source: 'gauges' | 'counters' | 'log';
  /** of the log's line, when that is the source: what it says was so then */
  at?: number;
  fullest: { signal: Signal | null; messages: number; percent: number | null; exact: boolean };
  /** messages a second over the samples; null without a window or across a restart */
  growthPerSecond: number | null;
  /** until the fullest queue is full at this growth; null when it does not grow or the size is not known */
  secondsUntilDrops: number | null;
};

export function backlogOf(facts: Facts): Backlog | undefined {
  const metrics = seen(facts, 'metrics');
  const last = metrics?.samples.at(-1);
  if (metrics === undefined || last === undefined) return fromLog(facts);
  const waiting = waitingIn(last);
  if (waiting === undefined) return undefined;
  const live = liveQueues(last);
  const capacity = capacityOf(facts, last);
  const used = usedSignals(last);
  const fullest = live === undefined ? fromCounters(waiting, used, logShares(facts)) : fromGauges(live);
  const first = metrics.samples[0];
  const before = first === undefined ? undefined : waitingIn(first);
  const spanMs = last.at - (first?.at ?? last.at);
  const growth = before === undefined || spanMs <= 0 || restarts(metrics.samples) > 0 ? null : ((waiting - before) * 1000) / spanMs;
  const room = capacity === null ? null : Math.max(0, capacity - fullest.messages);
  return {
    messages: waiting,
    capacity,
    source: live === undefined ? 'counters' : 'gauges',
    fullest: { ...fullest, percent: capacity === null || capacity === 0 ? null : Math.min(100, (fullest.messages / capacity) * 100) },
    growthPerSecond: growth,
    secondsUntilDrops: room === null || growth === null || growth <= 0 ? null : Math.floor(room / growth),
  };
}

/** Share of a queue from which on it counts as full: between two readings some of it drains. */
const FULL_SHARE = 0.8;

/** Full at every reading of the window: more comes than leaves, and no burst explains it. */
export function isFullThroughout(facts: Facts): boolean {
  const samples = seen(facts, 'metrics')?.samples ?? [];
  return (
    samples.length > 1 &&
    samples.every((sample) => {
      const live = liveQueues(sample);
      const fullest =
        live === undefined ? (waitingIn(sample) ?? 0) / Math.max(1, usedSignals(sample).length) : Math.max(...Object.values(live));
      const capacity = capacityOf(facts, sample);
      const bytes = heldIn(sample)?.percent ?? 0;
      return (capacity !== null && fullest >= capacity * FULL_SHARE) || bytes >= FULL_SHARE * 100;
    })
  );
}

/** Live queue sizes, where QueueCapacity says that they are kept. Source: connector-facts, "Dead gauges". */
function liveQueues(sample: Sample): Record<Signal, number> | undefined {
  if (!((sample.values['QueueCapacity'] ?? 0) > 0)) return undefined;
  return Object.fromEntries(SIGNALS.map((s) => [s, sample.values[SIGNAL[s].queueSize] ?? 0])) as Record<Signal, number>;
}

function waitingIn(sample: Sample): number | undefined {
  const live = liveQueues(sample);
  if (live !== undefined) return SIGNALS.reduce((total, s) => total + live[s], 0);
  const [taken, made] = [received(sample), produced(sample)];
  return taken === undefined || made === undefined ? undefined : Math.max(0, taken - made);
}

const fromGauges = (live: Record<Signal, number>): { signal: Signal | null; messages: number; exact: boolean } => {
  const signal = SIGNALS.reduce((a, b) => (live[b] > live[a] ? b : a));
  return { signal: live[signal] > 0 ? signal : null, messages: live[signal], exact: true };
};

function fromCounters(
  waiting: number,
  used: readonly Signal[],
  shares: Record<Signal, number> | undefined,
): { signal: Signal | null; messages: number; exact: boolean } {
  if (used.length <= 1) return { signal: used[0] ?? null, messages: waiting, exact: true };
  const total = shares === undefined ? 0 : SIGNALS.reduce((sum, s) => sum + shares[s], 0);
  if (shares !== undefined && total > 0) {
    const signal = SIGNALS.reduce((a, b) => (shares[b] > shares[a] ? b : a));
    return { signal, messages: Math.round((waiting * shares[signal]) / total), exact: false };
  }
  return { signal: null, messages: Math.ceil(waiting / used.length), exact: false };
}

/**
 * Without any other source: the log's `task_metrics` line, the one place where the connector's true queue sizes stand. One line makes no rate, and a task that
 * stopped after it has thrown its queues away. Source: connector-facts, "Logs", "Lifecycle".
 */
function fromLog(facts: Facts): Backlog | undefined {
  const line = freshLine(facts);
  if (line === undefined) return undefined;
  const stopped = seen(facts, 'log')?.events['task_stopping']?.lastAt ?? -Infinity;
  const sizes = SIGNALS.map((s) => number(line.fields[SIGNAL[s].queueField]));
  if (stopped >= line.lastAt || sizes.includes(undefined)) return undefined;
  const live = Object.fromEntries(SIGNALS.map((s, i) => [s, sizes[i] ?? 0])) as Record<Signal, number>;
  const capacity = number(line.fields['queue_capacity']) ?? number(configValue(facts, 'otlp.message.queue.size')) ?? null;
  const fullest = fromGauges(live);
  return {
    messages: SIGNALS.reduce((total, s) => total + live[s], 0),
    capacity,
    source: 'log',
    at: line.lastAt,
    fullest: { ...fullest, percent: capacity === null || capacity === 0 ? null : Math.min(100, (fullest.messages / capacity) * 100) },
    growthPerSecond: null,
    secondsUntilDrops: null,
  };
}

/** What the backlog was taken from, as evidence; and when, where that is not now. */
export const backlogEvidence = (facts: Facts, { source }: Backlog, said: string): Evidence =>
  source === 'log' ? quote(facts, 'log', 'events.task_metrics.fields') : quote(facts, 'metrics', 'samples', said);

export const backlogTime = (facts: Facts, { at }: Backlog): string =>
  at === undefined
    ? ''
    : `, by the log's task_metrics line of ${clock(at)}, ${span(Math.max(0, nowOf(facts) - at))} ago (it comes every 30 s)`;

const number = (text: string | undefined): number | undefined => (text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined);

/** Age up to which the log's queue sizes still tell of now: the line comes at most every 30 s, while records flow. Source: connector-facts, "Logs". */
const LINE_FRESH_MS = 60_000;

function freshLine(facts: Facts): { lastAt: number; fields: Record<string, string> } | undefined {
  const line = seen(facts, 'log')?.events['task_metrics'];
  if (line === undefined || line.lastAt === null || Math.abs(nowOf(facts) - line.lastAt) > LINE_FRESH_MS) return undefined;
  return { lastAt: line.lastAt, fields: line.fields };
}

function logShares(facts: Facts): Record<Signal, number> | undefined {
  const line = freshLine(facts);
  if (line === undefined) return undefined;
  return Object.fromEntries(SIGNALS.map((s) => [s, number(line.fields[SIGNAL[s].queueField]) ?? 0])) as Record<Signal, number>;
}

export function capacityOf(facts: Facts, sample: Sample): number | null {
  const gauge = sample.values['QueueCapacity'] ?? 0;
  if (gauge > 0) return gauge;
  return (
    number(configValue(facts, 'otlp.message.queue.size')) ??
    number(seen(facts, 'log')?.events['task_metrics']?.fields['queue_capacity']) ??
    null
  );
}

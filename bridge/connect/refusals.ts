import { REFUSED_REASONS, type RefusedFor } from '../../proto/vocabulary/attributes.ts';
import { SIGNAL, SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import type { Emit } from './events.ts';

/** A line a second per signal at most: under overload the log must not become the load. */
const QUIET_MS = 1000;

export type Refusals = {
  note(signal: Signal, queueSize: number, reason: RefusedFor): void;
  /** since the task started */
  counts(): Record<RefusedFor, number>;
  /** says what was counted and not yet said, and stops waiting */
  flush(): void;
};

type Counted = { count: number; queueSize: number; reason: RefusedFor; saidAt: number; timer: NodeJS.Timeout | null };

/** Says that requests are refused: the first at once, later ones counted and said together. */
export function refusalLog(emit: Emit, now: () => number, quietMs = QUIET_MS): Refusals {
  const seen = new Map<Signal, Counted>();
  const counts = Object.fromEntries(REFUSED_REASONS.map((reason) => [reason, 0])) as Record<RefusedFor, number>;

  const say = (signal: Signal) => {
    const entry = seen.get(signal);
    if (!entry) return;
    if (entry.timer) clearTimeout(entry.timer);
    entry.timer = null;
    if (entry.count === 0) return;
    emit(SIGNAL[signal].refusedEvent, { reason: entry.reason, queue_size: entry.queueSize, count: entry.count });
    entry.count = 0;
    entry.saidAt = now();
  };

  return {
    note(signal, queueSize, reason) {
      counts[reason]++;
      const entry = seen.get(signal) ?? { count: 0, queueSize, reason, saidAt: -Infinity, timer: null };
      seen.set(signal, entry);
      entry.count += 1;
      entry.queueSize = queueSize;
      entry.reason = reason;
      const waitMs = entry.saidAt + quietMs - now();
      if (waitMs <= 0) say(signal);
      else entry.timer ??= setTimeout(() => say(signal), waitMs).unref();
    },
    counts: () => ({ ...counts }),
    flush: () => SIGNALS.forEach(say),
  };
}

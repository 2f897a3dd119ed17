import type { Sleep } from './sleep.ts';

/** Permits for messages, handed out first come, first served to all signals alike. */
export type Throttle = {
  /** Between 1 and `most` permits, as soon as there are some. */
  take(most: number): Promise<number>;
  giveBack(permits: number): void;
  /** From now on everybody gets all at once; who waits stops waiting. */
  lift(): void;
};

/** What may be caught up with in one go: it covers late timers, and is the most that a rate can be passed by. */
const BURST_MS = 100;
/** Nobody is woken for less than this much time's worth, or high rates would go out one message at a time. */
const PORTION_MS = 10;

/** A token bucket on the given clock. `perSecond` may be below 1; null is no limit. */
export function createThrottle(perSecond: number | null, now: () => number, sleep: Sleep): Throttle {
  if (perSecond === null) return { take: (most) => Promise.resolve(most), giveBack() {}, lift() {} };

  const perMs = perSecond / 1000;
  const bucket = Math.max(1, BURST_MS * perMs);
  const lifted = new AbortController();
  let permits = 1;
  let filledAt = now();
  let turn: Promise<unknown> = Promise.resolve();

  const fill = () => {
    const at = now();
    permits = Math.min(bucket, permits + Math.max(0, at - filledAt) * perMs);
    filledAt = at;
  };

  const wait = async (most: number): Promise<number> => {
    const portion = Math.max(1, Math.min(most, PORTION_MS * perMs));
    for (fill(); !lifted.signal.aborted; fill()) {
      // The clock's sums are floating: 0.9999999 permits are one.
      const missing = portion - permits;
      if (missing < 1e-9) {
        const given = Math.max(1, Math.min(most, Math.floor(permits)));
        permits -= given;
        return given;
      }
      await sleep(Math.ceil(missing / perMs), lifted.signal);
    }
    return most;
  };

  return {
    take(most) {
      const mine = turn.then(() => wait(most));
      turn = mine;
      return mine;
    },
    giveBack(count) {
      permits += count;
    },
    lift: () => lifted.abort(),
  };
}

import type { Sleep } from '../../bridge/sleep.ts';

export type Clock = {
  now: () => number;
  sleep: Sleep;
  /** lets time pass, in order, with everything that it wakes */ pass(ms: number): Promise<void>;
};

/** A clock that only moves when it is told to. */
export function fakeClock(): Clock {
  let at = 0;
  let sleepers: { wakeAt: number; wake: () => void }[] = [];
  const settle = async () => {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    now: () => at,
    sleep: (ms, signal) =>
      new Promise((wake) => {
        if (signal.aborted) return wake();
        sleepers.push({ wakeAt: at + ms, wake });
        signal.addEventListener('abort', () => wake(), { once: true });
      }),
    async pass(ms) {
      const until = at + ms;
      await settle();
      for (;;) {
        const next = sleepers.filter(({ wakeAt }) => wakeAt <= until).sort((a, b) => a.wakeAt - b.wakeAt)[0];
        if (!next) break;
        sleepers = sleepers.filter((one) => one !== next);
        at = Math.max(at, next.wakeAt);
        next.wake();
        await settle();
      }
      at = until;
      await settle();
    },
  };
}

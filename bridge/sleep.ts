import { setTimeout as wait } from 'node:timers/promises';

/** Resolves after so many milliseconds, or as soon as the signal is aborted. Passed as an argument where a test wants its own time. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export const sleep: Sleep = async (ms, signal) => {
  try {
    await wait(ms, undefined, { signal, ref: false });
  } catch {
    // aborted: that is the other way to wake up
  }
};

import { setTimeout as pause } from 'node:timers/promises';
import type { Finder } from './finder.ts';

const POLL_MS = 10;
/** When nothing has come for that long, nothing is expected any more: a stalled queue is another matter, and doctor's. */
export const QUIET_MS = 10_000;

/** Waits until so many are seen, none has come for a while, or the time is up. */
export async function awaitFound(
  finder: Finder,
  wanted: number,
  { waitMs, signal }: { waitMs: number; signal: AbortSignal },
): Promise<void> {
  const began = performance.now();
  let [seen, lastAt] = [finder.seen(), began];
  while (finder.seen() < wanted && finder.problem() === undefined && !signal.aborted) {
    const now = performance.now();
    if (finder.seen() !== seen) [seen, lastAt] = [finder.seen(), now];
    if (now - began > waitMs || now - lastAt > QUIET_MS) return;
    await pause(POLL_MS);
  }
}

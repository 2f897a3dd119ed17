import { setTimeout as pause } from 'node:timers/promises';

/** Asks again until the answer is not undefined; throws at the deadline, naming what was waited for. */
export async function until<T>(what: string, ask: () => T | undefined | Promise<T | undefined>, deadlineMs = 15_000): Promise<T> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`waited ${deadlineMs / 1000} s for ${what}`);
    await pause(20);
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from '../../checks/probes/marked/answer.ts';

/** One request that was sent: when it began and how long its answer took, in milliseconds of the run; its answer. */
export type Sent = { number: number; at: number; ms: number; answer: Answer };

export type Pace = { count: number; /** requests a second; as fast as they are answered when left out */ perSecond?: number };

/** Requests under way at once: with a rate what piles up behind a slow receiver, without one what keeps it busy. */
const MOST_OPEN = { paced: 2000, free: 32 };
const TICK_MS = 1;

/** Sends all, or until it is called off; `at` and `ms` are those of the monotonic clock. */
export async function sendAll(
  { count, perSecond }: Pace,
  send: (number: number) => Promise<Answer>,
  { signal, onSent }: { signal: AbortSignal; onSent(sent: Sent): void },
): Promise<void> {
  const began = performance.now();
  const most = perSecond === undefined ? MOST_OPEN.free : MOST_OPEN.paced;
  const open = new Set<Promise<void>>();
  const start = (number: number): void => {
    const at = performance.now();
    const one = send(number).then((answer) => {
      open.delete(one);
      onSent({ number, at, ms: performance.now() - at, answer });
    });
    open.add(one);
  };
  for (let next = 1; next <= count && !signal.aborted;) {
    if (open.size >= most) await Promise.race(open);
    else if (perSecond === undefined) start(next++);
    else {
      const due = Math.min(count, Math.floor(((performance.now() - began) / 1000) * perSecond) + 1);
      while (next <= due && open.size < most) start(next++);
      if (next <= count) await pause(TICK_MS);
    }
  }
  await Promise.all(open);
}

/** Requests a second from the first to the last begun; nothing for a single one. */
export function rateOf(sent: readonly Sent[]): number | undefined {
  if (sent.length < 2) return undefined;
  const times = sent.map(({ at }) => at);
  const spanMs = times.reduce((a, b) => Math.max(a, b)) - times.reduce((a, b) => Math.min(a, b));
  return spanMs <= 0 ? undefined : ((sent.length - 1) / spanMs) * 1000;
}

/** A rate is held within 5 %. */
export const HELD = 0.05;
export const isHeld = (asked: number, reached: number | undefined): boolean =>
  reached === undefined || Math.abs(reached / asked - 1) <= HELD;

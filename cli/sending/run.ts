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
  let open = 0;
  let freed = (): void => undefined;
  // One waiter for whichever ends first: a race over all that are open would cost as much as they are many.
  const oneEnds = (): Promise<void> => new Promise((done) => (freed = done));
  const errors: unknown[] = [];
  const start = async (number: number): Promise<void> => {
    const at = performance.now();
    open++;
    try {
      const answer = await send(number);
      onSent({ number, at, ms: performance.now() - at, answer });
    } catch (error) {
      errors.push(error);
    } finally {
      open--;
      freed();
    }
  };
  for (let next = 1; next <= count && !signal.aborted && errors.length === 0;) {
    if (open >= most) await oneEnds();
    else if (perSecond === undefined) void start(next++);
    else {
      const due = Math.min(count, Math.floor(((performance.now() - began) / 1000) * perSecond) + 1);
      while (next <= due && open < most) void start(next++);
      if (next <= count) await pause(TICK_MS);
    }
  }
  while (open > 0) await oneEnds();
  // What the world does is an answer: an error is one of ours.
  if (errors.length > 0) throw errors[0];
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

/** Timers that fire this late, in milliseconds, show that this process was kept from running. */
const STARVED_MS = 50;

/**
 * Calls `late` after `ms`, but never for a delay of our own: where the timer itself fires late, this process did not run, and the other side
 * gets the lost time back once; and what has arrived meanwhile is read first (timers run before sockets in Node's loop).
 * The run's own time-out is no such deadline: it ends in time, whoever is to blame. Returns what calls it off.
 */
export function deadline(ms: number, late: () => void): () => void {
  const began = performance.now();
  let immediate: NodeJS.Immediate | undefined;
  let timer = setTimeout(() => {
    const lostMs = performance.now() - began - ms;
    if (lostMs > STARVED_MS) timer = setTimeout(read, Math.min(lostMs, ms));
    else read();
  }, ms);
  const read = (): void => {
    immediate = setImmediate(late);
  };
  return () => {
    clearTimeout(timer);
    clearImmediate(immediate);
  };
}

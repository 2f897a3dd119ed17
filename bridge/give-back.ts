const EVERY_MS = 5000;
/** So many looks in a row must find it at rest: after a collection V8 starts small again, and a next burst pays for that. */
const LOOKS = 6;
/** What the process may use of a processor and still be at rest. */
const AT_REST = 0.05;
/** What is worth a collection: so much more than when it was last at rest. */
const GROWN = 1.15;

/** Collects all garbage and gives what is free to the system, as V8 does when memory is low. It takes tens of milliseconds. */
async function collect(): Promise<void> {
  const { Session } = await import('node:inspector/promises');
  const session = new Session();
  session.connect();
  await session.post('HeapProfiler.collectGarbage');
  session.disconnect();
}

/**
 * Gives back what a busy time has left behind, once it is over. V8 itself collects only while something is allocated: after a crowd of connections has gone,
 * nothing is, and what they held would stay resident for hours.
 */
export function giveBackMemory(everyMs = EVERY_MS): { stop(): void } {
  let least = process.memoryUsage.rss();
  let before = process.cpuUsage();
  let resting = 0;
  const look = async () => {
    const { user, system } = process.cpuUsage(before);
    before = process.cpuUsage();
    const rss = process.memoryUsage.rss();
    least = Math.min(least, rss);
    resting = (user + system) / 1000 > everyMs * AT_REST ? 0 : resting + 1;
    if (resting < LOOKS || rss < least * GROWN) return;
    await collect();
    least = process.memoryUsage.rss();
  };
  // A Node.js that was built without its inspector keeps what it has.
  const timer = setInterval(() => void look().catch(() => clearInterval(timer)), everyMs).unref();
  return { stop: () => clearInterval(timer) };
}

import { adoptDrafts, takeUpSpilled, type TakeUp } from './take-up.ts';

const EVERY_MS = 30_000;

/**
 * Takes up now, and then again and again, what was spilled while the bridge ran or could not be delivered at its start. One at a time, and none once
 * `wanted` is aborted: what is under way then leaves its file as it is, and nobody waits for a sink that does not answer.
 */
export function keepTakingUp(options: Omit<TakeUp, 'leaveOff' | 'staying'>, wanted?: AbortSignal) {
  const ended = new AbortController();
  const leaveOff = AbortSignal.any(wanted ? [ended.signal, wanted] : [ended.signal]);
  const staying = new Set<string>();
  let running: Promise<void> | null = null;
  const now = async () => {
    if (!leaveOff.aborted) await (running ??= takeUpSpilled({ ...options, staying, leaveOff }).finally(() => (running = null)));
  };
  const timer = setInterval(() => void now(), EVERY_MS).unref();
  return {
    /** the first time; nobody spills yet */
    async begin() {
      await adoptDrafts(options.directory, options.log);
      await now();
    },
    leaveOff() {
      clearInterval(timer);
      ended.abort();
    },
    async end() {
      clearInterval(timer);
      ended.abort();
      await running;
    },
  };
}

import type { Fault } from '../sink.ts';

/** A quota counts as on for so long after Kafka last said so. */
const THROTTLE_SEEN_MS = 10_000;
/** A send that takes longer is looked at: whether bytes still move. */
const LONG_MS = 5_000;
/** Acknowledged more slowly than this, on average, Kafka counts as slow. */
const SLOW_MS = 1_000;
const WEIGHT = 0.3;

export type StrainWatch = {
  throttled(ms: number): void;
  isThrottled(): boolean;
  /** a send begins; call the answer when it ends, true where it was acknowledged */
  began(): (ok: boolean) => void;
  now(): Fault | null;
};

/** What can be seen of Kafka's pace before anything fails. `progress`: a number that changes while bytes move. */
export function watchStrain(clientId: string, progress: () => number, clock: () => number): StrainWatch {
  let throttle = { ms: 0, at: -Infinity };
  let average = 0;
  const open = new Set<{ at: number }>();
  let moved = { bytes: 0, at: clock() };

  const isThrottled = () => clock() - throttle.at < THROTTLE_SEEN_MS + throttle.ms;
  const note = () => {
    const bytes = progress();
    if (bytes !== moved.bytes) moved = { bytes, at: clock() };
  };

  return {
    throttled(ms) {
      throttle = { ms, at: clock() };
    },
    isThrottled,
    began() {
      const one = { at: clock() };
      if (open.size === 0) moved = { bytes: progress(), at: clock() };
      open.add(one);
      return (ok) => {
        open.delete(one);
        if (ok) average += (clock() - one.at - average) * WEIGHT;
        else average = 0;
      };
    },
    now() {
      if (isThrottled())
        return {
          reason: 'throttled',
          sentence: `a quota makes Kafka throttle ${clientId} (${Math.round(throttle.ms)} ms in its last answer)`,
        };
      note();
      const [oldest] = open;
      const waits = oldest ? clock() - oldest.at : 0;
      const stillMs = clock() - moved.at;
      if (waits > LONG_MS && stillMs > LONG_MS)
        return { reason: 'unresponsive', sentence: `Kafka takes connections and has not answered for ${Math.round(stillMs / 1000)} s` };
      const slow = Math.max(average, waits > LONG_MS ? waits : 0);
      return slow >= SLOW_MS && open.size > 0
        ? { reason: 'slow', sentence: `a batch takes ${(slow / 1000).toFixed(1)} s to be acknowledged` }
        : null;
    },
  };
}

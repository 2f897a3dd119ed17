import type { Fault } from '../sink.ts';

/** A quota counts as on for so long after Kafka last said so. */
const THROTTLE_SEEN_MS = 10_000;
/** A send that takes longer is looked at: whether Kafka answers anything at all, again and again. */
const LONG_MS = 5_000;
/** Acknowledged more slowly than this, on average, Kafka counts as slow. */
const SLOW_MS = 1_000;
const WEIGHT = 0.3;
const LOOK_EVERY_MS = 500;

export type StrainWatch = {
  throttled(ms: number): void;
  isThrottled(): boolean;
  /** it answered a moment ago, though not what was sent */
  isAlive(): boolean;
  /** a send begins; call the answer when it ends, true where it was acknowledged */
  began(): (ok: boolean) => void;
  now(): Fault | null;
};

/** What can be seen of Kafka's pace before anything fails. `asks`: whether Kafka answers a small question at once, over a connection of its own. */
export function watchStrain(clientId: string, asks: () => Promise<boolean>, clock: () => number): StrainWatch {
  let throttle = { ms: 0, at: -Infinity };
  let average = 0;
  const open = new Set<{ at: number }>();
  let looking: NodeJS.Timeout | null = null;
  /** null: not asked since something has been on its way for long */
  let answer: { alive: boolean; at: number } | null = null;
  let isAsking = false;

  const isThrottled = () => clock() - throttle.at < THROTTLE_SEEN_MS + throttle.ms;
  const waitsMs = () => {
    const [oldest] = open;
    return oldest ? clock() - oldest.at : 0;
  };

  const ask = async () => {
    isAsking = true;
    const alive = await asks().catch(() => false);
    isAsking = false;
    answer = { alive, at: clock() };
  };

  const look = () => {
    if (open.size === 0 && looking !== null) {
      clearInterval(looking);
      looking = null;
    }
    if (waitsMs() <= LONG_MS) answer = null;
    else if (!isAsking && !isThrottled() && (answer === null || clock() - answer.at > LONG_MS)) void ask();
  };

  return {
    throttled(ms) {
      throttle = { ms, at: clock() };
    },
    isThrottled,
    isAlive: () => answer?.alive === true,
    began() {
      const one = { at: clock() };
      open.add(one);
      looking ??= setInterval(look, LOOK_EVERY_MS).unref();
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
      if (open.size === 0) return null;
      const waits = waitsMs();
      if (waits > LONG_MS && answer?.alive === false)
        return { reason: 'unresponsive', sentence: `Kafka takes connections and has not answered for ${Math.round(waits / 1000)} s` };
      const slow = Math.max(average, waits > LONG_MS && answer !== null ? waits : 0);
      return slow >= SLOW_MS ? { reason: 'slow', sentence: `a batch takes ${(slow / 1000).toFixed(1)} s to be acknowledged` } : null;
    },
  };
}

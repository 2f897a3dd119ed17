import { SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import { looks, type LookAt, type Source } from './source.ts';

/** Thirteen samples, one each 5 s, reach back one minute. */
const EVERY_MS = 5000;
const SAMPLES = 13;

type Counts = 'accepted' | 'produced' | 'refused';
type Sample = { at: number; startedAt: number } & Readonly<Record<Counts, Readonly<Record<Signal, number>>>>;

/** Messages a second over the last minute, or since the task started. */
export type Rates = Readonly<Record<Counts, Readonly<Record<Signal, number>>>>;
export type History = { rates(look: LookAt): Rates; stop(): void };

const sampleOf = ({ startedAt, snapshot: { accepted, produced, refused } }: LookAt, at: number): Sample => ({
  at,
  startedAt,
  accepted,
  produced,
  refused,
});

const ZERO = Object.fromEntries(SIGNALS.map((signal) => [signal, 0])) as Record<Signal, number>;

/** Keeps the counts of the last minute of every connector that runs. A task that started anew starts anew here. */
export function keepHistory(source: Source, now: () => number, everyMs = EVERY_MS): History {
  const kept = new Map<string, Sample[]>();
  const take = () => {
    const running = looks(source);
    for (const name of kept.keys()) if (!running.some((look) => look.name === name)) kept.delete(name);
    for (const look of running) {
      const ring = (kept.get(look.name) ?? []).filter(({ startedAt }) => startedAt === look.startedAt);
      kept.set(look.name, [...ring, sampleOf(look, now())].slice(-SAMPLES));
    }
  };
  const timer = setInterval(take, everyMs).unref();

  return {
    rates(look) {
      const ring = (kept.get(look.name) ?? []).filter(({ startedAt }) => startedAt === look.startedAt);
      const born: Sample = { at: look.startedAt, startedAt: look.startedAt, accepted: ZERO, produced: ZERO, refused: ZERO };
      const first = ring.length < SAMPLES ? born : ring[0]!;
      const last = sampleOf(look, now());
      const seconds = Math.max(1, (last.at - first.at) / 1000);
      const rate = (count: Counts) =>
        Object.fromEntries(SIGNALS.map((signal) => [signal, (last[count][signal] - first[count][signal]) / seconds])) as Record<
          Signal,
          number
        >;
      return { accepted: rate('accepted'), produced: rate('produced'), refused: rate('refused') };
    },
    stop: () => clearInterval(timer),
  };
}

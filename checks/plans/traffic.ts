import { SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';

/** What was offered in one stretch of time, messages a second. `at` is its beginning; a signal is null where it is not told apart. */
export type Rate = { at: number; ms: number; total: number; signals: Readonly<Record<Signal, number | null>> };

/** The busiest time that was seen. Rates are messages a second, one message is one Export request. */
export type Traffic = {
  peakPerSecond: number;
  /** each signal's own peak; null where it is not told apart */
  signals: Record<Signal, number | null>;
  /** how long it stayed near the peak; null: the load was even, so no burst shows */
  burstSeconds: number | null;
  /** that peaks are averages over at least so long */
  resolutionSeconds: number;
  seenSeconds: number;
};

/** A shorter stretch tells more of our own clock than of the load. */
const PEAK_MS = 3000;
/** A peak less than this above the usual rate is no burst. */
const EVEN = 1.2;
/** Of stretches shorter than this the highest is chance where the load is even: senders stumble and catch up. */
const CHANCE_MS = 60_000;

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? 0;

/** The highest average of neighbouring stretches that last `ms` together; of all of them where they last less. */
function highest(rates: readonly Rate[], ms: number, of: (rate: Rate) => number | null): number | null {
  let best: number | null = null;
  for (let from = 0; from < rates.length; from++) {
    let [messages, lasted] = [0, 0];
    for (let at = from; at < rates.length && lasted < ms; at++) {
      const value = of(rates[at]!);
      if (value === null) return null;
      messages += value * rates[at]!.ms;
      lasted += rates[at]!.ms;
    }
    if (lasted < ms && from > 0) break;
    if (lasted > 0) best = Math.max(best ?? 0, messages / lasted);
  }
  return best;
}

/** The longest time in one piece that was nearer to the peak than to the usual rate. */
function burst(rates: readonly Rate[], peak: number, leastMs: number): number | null {
  const usual = median(rates.map(({ total }) => total));
  if (peak < usual * EVEN) return null;
  const near = (usual + peak) / 2;
  let [longest, current] = [0, 0];
  for (const { total, ms } of rates) {
    current = total >= near ? current + ms : 0;
    longest = Math.max(longest, current);
  }
  return Math.max(longest, leastMs) / 1000;
}

/** Undefined where nothing was seen long enough to be a rate. */
export function trafficOf(rates: readonly Rate[]): Traffic | undefined {
  const seenMs = rates.reduce((sum, { ms }) => sum + ms, 0);
  if (seenMs <= 0) return undefined;
  const resolutionMs = Math.min(seenMs, Math.max(PEAK_MS, ...rates.map(({ ms }) => ms)));
  const highestOf = (of: (rate: Rate) => number | null): number | null => highest(rates, resolutionMs, of);
  const averageOf = (of: (rate: Rate) => number | null): number | null => highest(rates, seenMs, of);
  const total = ({ total: all }: Rate): number => all;
  const burstSeconds = burst(rates, highestOf(total) ?? 0, resolutionMs);
  const isEven = burstSeconds === null && resolutionMs < CHANCE_MS;
  const peakOf = isEven ? averageOf : highestOf;
  const signals = SIGNALS.map((signal) => [signal, peakOf(({ signals: each }) => each[signal])] as const);
  return {
    peakPerSecond: peakOf(total) ?? 0,
    signals: Object.fromEntries(signals) as Record<Signal, number | null>,
    burstSeconds,
    resolutionSeconds: (isEven ? seenMs : resolutionMs) / 1000,
    seenSeconds: seenMs / 1000,
  };
}

/** The busiest signal, where they are told apart and there was any traffic. */
export function busiestOf({ signals }: Pick<Traffic, 'signals'>): { signal: Signal; perSecond: number } | null {
  const known = SIGNALS.flatMap((signal) => (signals[signal] === null ? [] : [{ signal, perSecond: signals[signal] }]));
  const [first] = known.sort((a, b) => b.perSecond - a.perSecond);
  return known.length === SIGNALS.length && first !== undefined && first.perSecond > 0 ? first : null;
}

import { REFUSED_FOR, REFUSED_REASONS, type RefusedFor } from '../../proto/vocabulary/attributes.ts';
import type { Sample, Series } from '../facts/index.ts';
import { SIGNAL, SIGNALS } from '../../proto/vocabulary/signals.ts';
import type { Signal } from '../../proto/vocabulary/signals.ts';

/** What moved between the first and the last sample. A counter that fell has restarted: what it shows then came after, so no rate is negative. */
export type Flow = {
  spanMs: number;
  from: number;
  to: number;
  restarts: number;
  received: number | null;
  dropped: number | null;
  /** only the bridge counts them; null elsewhere */
  refused: number | null;
  /** of the refused, how many for which limit; null where the source does not tell */
  refusedFor: Record<RefusedFor, number | null>;
  /** dropped and refused */
  lost: number | null;
  /** received, dropped and refused: what senders tried to hand over */
  offered: number | null;
  produced: number | null;
  /** lost of offered, 0 to 100; null when nothing was offered or it is not known */
  lossPercent: number | null;
  signals: Record<Signal, { received: number | null; lost: number | null }>;
};

/** They begin again with every task. */
export const COUNTERS = ['TotalMessagesReceived', 'RecordsProduced', ...SIGNALS.flatMap((s) => [SIGNAL[s].received, SIGNAL[s].dropped])];

/** Every counter begins again with the task, so one that fell tells for all. */
const restarted = (a: Sample, b: Sample): boolean => COUNTERS.some((name) => (b.values[name] ?? Infinity) < (a.values[name] ?? -Infinity));

const sum = (numbers: readonly (number | undefined)[]): number | undefined =>
  numbers.reduce<number | undefined>((total, n) => (total === undefined || n === undefined ? undefined : total + n), 0);

export const received = (sample: Sample): number | undefined =>
  sample.values['TotalMessagesReceived'] ?? sum(SIGNALS.map((s) => sample.values[SIGNAL[s].received]));
export const dropped = (sample: Sample): number | undefined =>
  sample.values['TotalMessagesDropped'] ?? sum(SIGNALS.map((s) => sample.values[SIGNAL[s].dropped]));
export const refused = (sample: Sample): number | undefined =>
  sample.values['TotalMessagesRefused'] ?? sum(SIGNALS.map((s) => sample.values[SIGNAL[s].refused]));
export const produced = (sample: Sample): number | undefined => sample.values['RecordsProduced'];

/** How much a value grew over the samples; null when one of them lacks it. */
export function increase(samples: readonly Sample[], value: (sample: Sample) => number | undefined): number | null {
  return samples.slice(1).reduce<number | null>((total, sample, index) => {
    const before = samples[index];
    const a = before === undefined ? undefined : value(before);
    const b = value(sample);
    if (total === null || before === undefined || a === undefined || b === undefined) return null;
    return total + (restarted(before, sample) || b < a ? b : b - a);
  }, 0);
}

export const restarts = (samples: readonly Sample[]): number =>
  samples.filter((sample, i) => i > 0 && restarted(samples[i - 1] ?? sample, sample)).length;

/** Nothing with fewer than two samples: no window, no rate. */
export function flowOf(series: Pick<Series, 'samples'> | undefined): Flow | undefined {
  const samples = series?.samples ?? [];
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.at <= first.at) return undefined;
  const taken = increase(samples, received);
  const thrown = increase(samples, dropped);
  const told = increase(samples, refused);
  const lost = thrown === null ? told : thrown + (told ?? 0);
  const offered = taken === null || lost === null ? null : taken + lost;
  return {
    spanMs: last.at - first.at,
    from: first.at,
    to: last.at,
    restarts: restarts(samples),
    received: taken,
    dropped: thrown,
    refused: told,
    refusedFor: Object.fromEntries(
      REFUSED_REASONS.map((reason) => [reason, increase(samples, (sample) => sample.values[REFUSED_FOR[reason]])]),
    ) as Flow['refusedFor'],
    lost,
    offered,
    produced: increase(samples, produced),
    lossPercent: offered === null || offered === 0 || lost === null ? null : (lost / offered) * 100,
    signals: Object.fromEntries(SIGNALS.map((s) => [s, signalFlow(samples, s)])) as Flow['signals'],
  };
}

function signalFlow(samples: readonly Sample[], signal: Signal): { received: number | null; lost: number | null } {
  const thrown = increase(samples, (sample) => sample.values[SIGNAL[signal].dropped]);
  const told = increase(samples, (sample) => sample.values[SIGNAL[signal].refused]);
  return {
    received: increase(samples, (sample) => sample.values[SIGNAL[signal].received]),
    lost: thrown === null ? told : thrown + (told ?? 0),
  };
}

export const perSecond = (amount: number, flow: { spanMs: number }): number => (amount * 1000) / flow.spanMs;

/** The signals that were received or lost since the counters began, as the last sample tells. */
export const usedSignals = (sample: Sample): Signal[] =>
  SIGNALS.filter((s) => [SIGNAL[s].received, SIGNAL[s].dropped, SIGNAL[s].refused].some((name) => (sample.values[name] ?? 0) > 0));

/** The signal that lost most in the window, when only one lost: it has a name in the finding. */
export const losingSignal = (flow: Flow): Signal | null => {
  const losing = SIGNALS.filter((s) => (flow.signals[s].lost ?? 0) > 0);
  return losing.length === 1 ? (losing[0] ?? null) : null;
};

import { COUNTERS, increase } from '../derive/series.ts';
import type { Sample } from '../facts/index.ts';
import type { Condition, Term } from './expression.ts';

/** What a condition is at one time. `value`: its first term, where it is known; `spanMs`: the readings that were compared lie so far apart. */
export type Holding = { holds: boolean | null; value: number | null; spanMs: number };

/**
 * The readings that a range holds, which end with `samples`. Where only one lies in it, as with a reading of an earlier look, the one before counts too: it tells
 * of a longer time than asked, and the span says so.
 */
function inRange(samples: readonly Sample[], rangeMs: number): readonly Sample[] {
  const end = samples.at(-1)?.at ?? 0;
  const within = samples.filter(({ at }) => at >= end - rangeMs);
  return within.length >= 2 ? within : samples.slice(-2);
}

/** Readings that have a counter; what says that the task restarted is kept beside it. */
const having = (samples: readonly Sample[], attribute: string): Sample[] => samples.filter(({ values }) => values[attribute] !== undefined);

function grown(samples: readonly Sample[], attribute: string): { amount: number; spanMs: number } | null {
  const all = having(samples, attribute);
  const [first, last] = [all[0], all.at(-1)];
  if (first === undefined || last === undefined || last !== samples.at(-1) || last.at <= first.at) return null;
  const amount = increase(all, ({ values }) => values[attribute]);
  return amount === null ? null : { amount, spanMs: last.at - first.at };
}

function term(one: Term, samples: readonly Sample[]): number | null {
  switch (one.kind) {
    case 'number':
      return one.value;
    case 'value':
      return samples.at(-1)?.values[one.attribute] ?? null;
    case 'increase':
      return grown(samples, one.attribute)?.amount ?? null;
    case 'rate': {
      const found = grown(samples, one.attribute);
      return found === null ? null : (found.amount * 1000) / found.spanMs;
    }
    case 'calc': {
      const [left, right] = [term(one.left, samples), term(one.right, samples)];
      return left === null || right === null ? null : CALC[one.sign](left, right);
    }
    case 'isSome': {
      const found = term(one.term, samples);
      return found === null ? null : found > 0 ? 1 : 0;
    }
    case 'atLeast': {
      const found = term(one.term, samples);
      return found === null ? null : Math.max(found, one.least);
    }
  }
}

/** 0 / 0 is NaN here as in PromQL, and no comparison with it holds. */
const CALC = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
} as const;

const sum = (numbers: readonly (number | null)[]): number | null =>
  numbers.reduce((total, one) => (total === null || one === null ? null : total + one), 0);

/** Truth with "not known" in it: one that is false decides `all`, one that is true decides `any`. */
function join(kind: 'all' | 'any', parts: readonly (boolean | null)[]): boolean | null {
  const decides = kind === 'any';
  return parts.includes(decides) ? decides : parts.includes(null) ? null : !decides;
}

/** A condition over readings in order of time, at the time of the last. */
export function evaluate(condition: Condition, history: readonly Sample[], rangeMs: number): Holding {
  const samples = inRange(history, rangeMs);
  const spanMs = (samples.at(-1)?.at ?? 0) - (samples[0]?.at ?? 0);
  switch (condition.kind) {
    case 'compare': {
      const [left, right] = [term(condition.left, samples), term(condition.right, samples)];
      const known = left !== null && right !== null;
      return { value: left, spanMs, holds: known ? (condition.is === '>' ? left > right : left < right) : null };
    }
    case 'still': {
      const moved = sum(condition.attributes.map((attribute) => grown(samples, attribute)?.amount ?? null));
      const before = sum(condition.before.map((attribute) => samples.at(-1)?.values[attribute] ?? null));
      const parts = [moved === null ? null : moved === 0, condition.before.length === 0 ? true : before === null ? null : before > 0];
      return { value: moved, spanMs, holds: join('all', parts) };
    }
    case 'absent': {
      const last = samples.at(-1);
      const missing = condition.attributes.filter((attribute) => last?.values[attribute] === undefined);
      return { value: missing.length, spanMs, holds: last === undefined ? null : missing.length > 0 };
    }
    case 'all':
    case 'any': {
      const parts = condition.of.map((part) => evaluate(part, history, rangeMs));
      return {
        value: parts[0]?.value ?? null,
        spanMs,
        holds: join(
          condition.kind,
          parts.map(({ holds }) => holds),
        ),
      };
    }
  }
}

/** For how long these counters have not moved up to the last reading; what came before the first is not known. */
export function stillFor(attributes: readonly string[], history: readonly Sample[]): number {
  const samples = history.filter(({ values }) => attributes.every((attribute) => values[attribute] !== undefined));
  const last = samples.at(-1);
  if (last === undefined) return 0;
  const moved = samples.findLastIndex((sample, at) => {
    const before = samples[at - 1];
    return before !== undefined && [...attributes, ...COUNTERS].some((name) => changed(before, sample, name, attributes));
  });
  return last.at - (samples[Math.max(moved, 0)]?.at ?? last.at);
}

/** A counter of ours that grew, or any that fell: a restart is news too. */
const changed = (before: Sample, after: Sample, name: string, ours: readonly string[]): boolean => {
  const [a, b] = [before.values[name], after.values[name]];
  return a !== undefined && b !== undefined && (b < a || (b > a && ours.includes(name)));
};

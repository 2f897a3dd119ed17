import type { Finder } from './finder.ts';
import { PECULIARITIES, type Peculiarity } from '../../checks/probes/marked/answer.ts';
import { isHeld, rateOf, type Sent } from './run.ts';

/** Milliseconds: least, middle, the 99th of a hundred, most. */
export type Spread = { min: number; p50: number; p99: number; max: number };

export type SendReport = {
  ok: boolean;
  /** those that left: a connection that was refused took none */
  sent: number;
  answers: { code: string; said: string; ok: boolean; count: number; ms: Spread }[];
  peculiar: string[];
  rate: { asked: number | null; reached: number | null; held: boolean };
  stored: Stored | null;
  /** all of at most 10,000, else the notable ones: not taken, not found, found more than once */
  requests: RequestRow[];
};
export type Stored = {
  where: string;
  identified: boolean;
  /** of what was answered OK */
  expected: number;
  found: number;
  /** numbers of those answered OK that are not there, at most 100 */
  missing: number[];
  /** of those that were not taken */
  foundThoughRefused: number;
  twice: number;
  ms: Spread | null;
  problem: string | null;
};
export type RequestRow = {
  number: number;
  answer: string;
  ok: boolean;
  ms: number;
  said?: string;
  storedMs?: number | null;
  times?: number;
};

const MOST_ROWS = 10_000;
const MOST_MISSING = 100;
const tenth = (ms: number): number => Math.round(ms * 10) / 10;

export function spreadOf(times: readonly number[]): Spread | null {
  if (times.length === 0) return null;
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => tenth(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!);
  return { min: at(0), p50: at(0.5), p99: at(0.99), max: at(1) };
}

export function sendReport(
  sent: readonly Sent[],
  wanted: { perSecond: number | undefined; count: number },
  finder: Finder | undefined,
): SendReport {
  const taken = sent.filter(({ answer }) => answer.ok);
  const stored = finder === undefined ? null : storedOf(sent, finder);
  const reached = rateOf(sent) ?? null;
  const allFound = stored === null || (stored.found >= stored.expected && stored.problem === null);
  return {
    ok: sent.length === wanted.count && taken.length === sent.length && allFound,
    sent: sent.filter(({ answer }) => answer.sent).length,
    answers: answersOf(sent),
    peculiar: [...new Set(sent.flatMap(({ answer }) => answer.peculiar))].map((one: Peculiarity) => PECULIARITIES[one]),
    rate: {
      asked: wanted.perSecond ?? null,
      reached: reached === null ? null : tenth(reached),
      held: wanted.perSecond === undefined || isHeld(wanted.perSecond, reached ?? undefined),
    },
    stored,
    requests: rowsOf(sent, finder),
  };
}

function answersOf(sent: readonly Sent[]): SendReport['answers'] {
  const groups = Map.groupBy(sent, ({ answer }) => `${answer.ok}\0${answer.code}\0${answer.said}`);
  return [...groups.values()]
    .map((all) => {
      const { code, said, ok } = all[0]!.answer;
      return { code, said, ok, count: all.length, ms: spreadOf(all.map(({ ms }) => ms))! };
    })
    .sort((a, b) => b.count - a.count);
}

function storedOf(sent: readonly Sent[], finder: Finder): Stored {
  const { found, identifies, where } = finder;
  const taken = sent.filter(({ answer }) => answer.ok);
  const missing = identifies ? taken.filter(({ number }) => !found.has(number)).map(({ number }) => number) : [];
  const times = sent.flatMap(({ number, at }) => (found.has(number) ? [found.get(number)!.at - at] : []));
  return {
    where,
    identified: identifies,
    expected: taken.length,
    found: identifies ? taken.length - missing.length : Math.min(finder.seen(), taken.length),
    missing: missing.slice(0, MOST_MISSING),
    foundThoughRefused: sent.filter(({ answer, number }) => !answer.ok && found.has(number)).length,
    twice: [...found.values()].filter(({ times: seen }) => seen > 1).length,
    ms: spreadOf(times),
    problem: finder.problem() ?? null,
  };
}

function rowsOf(sent: readonly Sent[], finder: Finder | undefined): RequestRow[] {
  const isNotable = ({ number, answer }: Sent): boolean =>
    !answer.ok || (finder?.identifies === true && finder.found.get(number)?.times !== 1);
  const shown = sent.length <= MOST_ROWS ? sent : sent.filter(isNotable).slice(0, MOST_ROWS);
  return shown.map(({ number, at, ms, answer }) => {
    const found = finder?.found.get(number);
    return {
      number,
      answer: answer.code,
      ok: answer.ok,
      ms: tenth(ms),
      ...(answer.said !== '' && { said: answer.said }),
      ...(finder?.identifies === true && { storedMs: found === undefined ? null : tenth(found.at - at) }),
      ...(found !== undefined && found.times > 1 && { times: found.times }),
    };
  });
}

import type { Fact, FactId, Facts } from '../facts/index.ts';
import { isFailed, isSeen } from '../facts/index.ts';
import type { Evidence, Verdict } from '../report.ts';
import { quote } from './evidence.ts';

/** Builders of verdicts: each says what was seen, each fault what was expected and how to see it by hand. */

export const pass = (sentence: string, ...evidence: Evidence[]): Verdict => ({ status: 'ok', sentence, evidence });
export const skip = (sentence: string, ...evidence: Evidence[]): Verdict => ({ status: 'skipped', sentence, evidence });
export const cannot = (sentence: string, ...evidence: Evidence[]): Verdict => ({ status: 'unknown', sentence, evidence });

export type Fault = { sentence: string; expected: string; byHand: string; evidence: Evidence[] };
export const warn = (fault: Fault): Verdict => ({ status: 'warning', ...fault });
export const fail = (fault: Fault): Verdict => ({ status: 'critical', ...fault });

/** The verdict of a fact that has no value: skipped or unknown as it is itself, and what to give; unknown when the look failed. */
export function without(facts: Facts, id: FactId, what: string): Verdict {
  const fact = facts[id] as Fact<unknown>;
  if (isSeen(fact)) return cannot(`${what}: nothing that could be judged was seen.`, quote(facts, id));
  if (isFailed(fact) && fact.failure === 'absent') return cannot(`${what}: ${fact.detail}.`, quote(facts, id));
  if (isFailed(fact)) return cannot(`${what}: ${fact.source} could not be read (${fact.detail}).`, quote(facts, id));
  const give = fact.give === undefined ? '' : ` (give ${fact.give})`;
  return { status: fact.unasked, sentence: `${what}: not looked at, ${fact.reason}${give}.`, evidence: [] };
}

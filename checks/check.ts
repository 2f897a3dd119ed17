import type { Facts, FactId } from './facts/index.ts';
import type { Verdict } from './report.ts';
import type { Thresholds } from './thresholds.ts';

/**
 * A check is one question of the runbook, answered from facts alone: no await, no clock, no colour.
 * Its id is its file name, a noun for the thing looked at, never also a diagnosis id.
 */
export type Check = {
  id: string;
  /** heading of the runbook that asks it */
  heading: string;
  question: string;
  /** why the answer matters, for `explain` */
  why: string;
  /** facts it reads; one that was not looked at makes the verdict skipped or unknown */
  needs: readonly FactId[];
  /** the runbook's own commands for it */
  commands: readonly string[];
  evaluate(facts: Facts, thresholds: Thresholds): Verdict;
};

export const defineCheck = <const C extends Check>(check: C): C => check;

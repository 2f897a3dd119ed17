import type { Facts } from '../facts/index.ts';
import type { Diagnosis } from '../report.ts';
import type { Plan, Refusal } from './plan.ts';
import type { PastRun } from './past-run.ts';

/** All that a plan is made from. */
export type ActionView<Input> = {
  facts: Facts;
  /** causes found before anything is done */
  diagnoses: readonly Diagnosis[];
  /** earlier runs on this connector, newest last */
  past: readonly PastRun[];
  input: Input;
  /** how long the promised state is waited for */
  waitMs: number;
  /** go on although it cannot help, or was tried too often */
  force: boolean;
};

/** An action is one file: a pure function from facts to a plan, or to the sentence why there is none. */
export type Action<Input> = {
  id: string;
  /** how long rates are watched before it is planned; 0 when left out */
  windowSeconds?: number;
  /** it changes what an operator may keep elsewhere and put back: configuration, wanted state, existence */
  kept?: true;
  plan(view: ActionView<Input>): Plan | Refusal;
};

export const defineAction = <Input>(action: Action<Input>): Action<Input> => action;

import type { Facts } from './facts/index.ts';
import type { Diagnosis, Evidence, OverallStatus, Remedy, Scope, Verdict } from './report.ts';
import type { Thresholds } from './thresholds.ts';

/** Deepest first: among causes of one rank the deeper one is acted on first. */
export const LAYERS = ['observer', 'kafka', 'worker', 'connector', 'task', 'receiver', 'queue', 'traffic', 'client'] as const;
export type Layer = (typeof LAYERS)[number];

export type View = {
  facts: Facts;
  /** verdicts of all steps by id */
  verdicts: Readonly<Record<string, Verdict>>;
  thresholds: Thresholds;
  /** for a rule that comes after the others: ids of all that they explain */
  explained?: ReadonlySet<string>;
};

/** What a rule found. A status or signal here stands in for the rule's own. */
export type Finding = {
  sentence: string;
  evidence: Evidence[];
  status?: OverallStatus;
  signal?: Diagnosis['signal'];
  /** of a cause that can lie in the target or in a client */
  scope?: Scope;
  /** messages lost, to order causes of the same rank */
  loss?: number;
};

/**
 * A rule names one cause. `unknown` verdicts fire no rule but those of layer observer (and the REST ones that say what could not be asked).
 * `explains`: ids of diagnoses and steps that are echoes of this cause when both are there.
 */
export type Rule = {
  id: string;
  layer: Layer;
  scope: Scope;
  /** status unless the finding says otherwise; notes are ok */
  status: OverallStatus;
  explains: readonly string[];
  /** asked once the others have been, with what they explain */
  afterOthers?: true;
  /** heading of the runbook that it belongs to */
  heading: string;
  /** for `explain`: what it means, in a few sentences of our own */
  meaning: string;
  when(view: View): Finding | undefined;
  remedies(view: View, finding: Finding): Remedy[];
};

export const defineRule = <const R extends Rule>(rule: R): R => rule;

/** What kept us from seeing something: no fault of the target, and no health either. */
export const defineObserverRule = <const R extends Omit<Rule, 'layer' | 'scope' | 'status'>>(rule: R) =>
  defineRule({ ...rule, layer: 'observer', scope: 'observer', status: 'unknown' });

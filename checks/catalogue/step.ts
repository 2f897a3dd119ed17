/**
 * A step of the runbook as data: where it stands, the commands it gives, and what our own for it is.
 * The runbook's sentences are not repeated: `says` holds a hash of each instruction that the step carries out
 * (first 16 hex digits of the SHA-256 of the sentence with its spaces made single), so that a changed one is noticed.
 */
export type Place = { heading: string; commands: readonly string[]; says: readonly string[] };

/** check asks a question, action changes something, plan computes. */
export type StepKind = 'check' | 'action' | 'plan';

export type RunbookStep = {
  /** a noun; a check's is the one in checks/steps */
  id: string;
  kind: StepKind;
  /** a few words on what it asks, does or computes */
  title: string;
  /** the first is where the step belongs */
  places: readonly [Place, ...Place[]];
  /** absent: `otlpctl check ID` */
  otlpctl?: string;
  /** where the real connector differs from what the runbook expects */
  note?: string;
};

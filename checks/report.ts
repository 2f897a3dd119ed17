import type { Json } from './facts/index.ts';

/** What a judgement is made of: the shapes that contract and renderers share. */
export const STATUSES = ['skipped', 'ok', 'unknown', 'warning', 'critical'] as const;
/** Worst last; `skipped` never counts. Source: Monitoring Plugins, max_state_alt. */
export type Status = (typeof STATUSES)[number];
export type OverallStatus = Exclude<Status, 'skipped'>;

export const worst = (statuses: readonly Status[]): OverallStatus =>
  statuses.reduce<OverallStatus>((a, b) => (b !== 'skipped' && STATUSES.indexOf(b) > STATUSES.indexOf(a) ? b : a), 'ok');

/** A fact quoted in a verdict: `path` leads into its value. */
export type Evidence = { fact: string; path: string; value: Json; source: string; at: string };

export type Risk = 'none' | 'restart' | 'data-loss' | 'outage';
/** What to do about it. `command` runs unedited with this target's names; `byHand` is the same without otlpctl. */
export type Remedy = { sentence: string; command: string; byHand?: string; risk: Risk };

export type Verdict = {
  status: Status;
  /** present tense, what was seen; a pass says what it saw, a skip what it waits for */
  sentence: string;
  evidence: Evidence[];
  /** id of the diagnosis that explains this verdict; filled in by diagnose() */
  because?: string | null;
  /** what should have been seen */
  expected?: string;
  /** the command that shows the same without otlpctl */
  byHand?: string;
};

export type StepResult = Verdict & { id: string; because: string | null; durationMs: number; runbook: string };

export type Scope = 'target' | 'client' | 'observer';

export type Diagnosis = {
  id: string;
  status: OverallStatus;
  scope: Scope;
  signal: 'traces' | 'metrics' | 'logs' | null;
  sentence: string;
  because: string | null;
  evidence: Evidence[];
  remedies: Remedy[];
  runbook: string;
};

export type PathStep = { step: string; answer: 'yes' | 'no' | 'unknown' };

/** Messages lost (dropped, or refused on the bridge): over the window, since the counters began, and how long until it starts. */
export type Loss = {
  inWindow: number | null;
  /** share of what was offered in the window, 0 to 100 */
  inWindowPercent: number | null;
  soFar: number | null;
  /** milliseconds since the epoch */
  since: number | null;
  secondsUntilDrops: number | null;
};

export type Report = {
  schemaVersion: 1;
  otlpctl: string;
  at: string;
  durationMs: number;
  target: {
    connector: string | null;
    connectUrl: string | null;
    otlpGrpc: string | null;
    otlpHttp: string | null;
    metricsUrl: string | null;
    kind: 'connector' | 'bridge' | 'unknown';
    /** Kafka Connect's version as REST says it */
    version: string | null;
  };
  status: OverallStatus;
  summary: string;
  next: string[];
  diagnoses: Diagnosis[];
  path: PathStep[];
  steps: StepResult[];
  loss: Loss;
  /** `sent`: marked requests that put records on topics */
  looked: { requests: number; sent?: number; at: string[]; not: { what: string; why: string; give?: string }[] };
};

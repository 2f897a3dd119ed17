import type { ConnectorState } from '../../proto/vocabulary/connect.ts';
import type { Risk } from '../report.ts';

/**
 * A plan is data: what `--dry-run` prints is what a run then carries out, step by step and unchanged.
 * Credentials are no part of it; they are added when a request is sent.
 */
export type ConnectRequest = {
  kind: 'request';
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** whole, without credentials */
  url: string;
  /** JSON as it is sent, byte for byte; null: none */
  body: string | null;
  does: string;
};

/** What has to be seen before an action may call itself done. */
export type Goal = {
  connector: ConnectorState | 'absent';
  /** of every task, or of `task` alone; none: there must be no task; any: they are not looked at */
  tasks: ConnectorState | 'none' | 'any';
  task?: number;
  /** any: they are not looked at */
  ports: 'open' | 'closed' | 'any';
  /** values that the live configuration must have; null: the key must be gone */
  config?: Readonly<Record<string, string | null>>;
  /** the state alone proves nothing: something must show that the task began anew */
  anew?: true;
};

export type WaitStep = { kind: 'wait'; goal: Goal; deadlineMs: number; does: string };

/** Waits until nothing comes in and nothing waits any more, at two looks in a row. */
export type StillStep = {
  kind: 'still';
  deadlineMs: number;
  /** go on although messages are lost then */ acceptLoss: boolean;
  does: string;
};

/** A value that Connect has to show: of a JSON answer, under `key`. */
export type ReadStep = { kind: 'read'; url: string; key: string; value: string; deadlineMs: number; does: string };

/** The worker's log, as it can be read: no shell reads the command. */
export type LogSource = { file: string } | { command: readonly string[] };

/** Notes where the log ends. */
export type MarkStep = { kind: 'mark'; log: LogSource; does: string };

/** Keeps what the log has since the mark, without secrets, in a file of the state folder. */
export type KeepStep = { kind: 'keep'; log: LogSource; does: string };

/** Lets time pass. */
export type PauseStep = { kind: 'pause'; ms: number; does: string };

/** A tool of others, as words; no shell reads them. */
export type CommandStep = {
  kind: 'command';
  command: readonly string[];
  deadlineMs: number;
  /** a second time does no more than the first */ again?: true;
  does: string;
};

/** More partitions for a topic, asked of Kafka itself; seen in its metadata afterwards. */
export type PartitionsStep = { kind: 'partitions'; topic: string; partitions: number; deadlineMs: number; does: string };

/** Looks whether the packet filter of the worker's host lets the receivers' ports in. */
export type FilterStep = { kind: 'filter'; does: string };

/** `always`: also after a step that failed or was interrupted, for what undoes an earlier one. */
export type PlanStep = (
  ConnectRequest | WaitStep | StillStep | ReadStep | MarkStep | KeepStep | PauseStep | CommandStep | PartitionsStep | FilterStep
) & {
  always?: true;
};

/** How a person agrees: a yes, or by typing the name where nothing brings the thing back. */
export type Consent = { by: 'yes' } | { by: 'name'; name: string };

export type Plan = {
  action: string;
  /** what is about to be done, with real names: `Restart otlp-source and its task on 127.0.0.1:8083` */
  title: string;
  /** sentences, the dearest first */
  costs: readonly string[];
  risk: Risk;
  steps: readonly PlanStep[];
  /** other ways, with the command for each */
  instead: readonly { sentence: string; command: string }[];
  consent: Consent;
  /** what was so when the plan was made; when it is not so any more, nothing is sent. Null: nothing is held against */
  assumes: Assumption | null;
  /** the promised state is there already: there is nothing to do, and this says what is so */
  already?: string;
};

/** Null: there is no such connector. */
export type Assumption = { state: string | null; config: Readonly<Record<string, string>> | null };

/** Why there is no plan: one sentence, and what to do. Nothing was sent. */
export type Refusal = { refused: string; hint?: string };

export const isRefusal = (made: Plan | Refusal): made is Refusal => 'refused' in made;
export const refuse = (refused: string, hint?: string): Refusal => ({ refused, ...(hint === undefined ? {} : { hint }) });

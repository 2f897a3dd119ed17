import type { Marks } from '../../checks/actions/marks.ts';
import type { ConnectRequest } from '../../checks/actions/plan.ts';
import type { Facts, Json } from '../../checks/facts/index.ts';
import type { Target } from '../../checks/target.ts';
import type { Outcome } from '../exit-codes.ts';
import type { AuditEvent } from './audit.ts';
import type { LogMark } from './log-window.ts';
import type { ConnectClient } from './connect-client.ts';

type Distributed<T> = T extends unknown ? Omit<T, 'run' | 'at'> : never;
/** An event of this run, without what every line has. */
export type RunEvent = Distributed<AuditEvent>;

/** What carrying out a plan needs of the world. */
export type Stage = {
  /** with its credentials */
  target: Target;
  client: ConnectClient;
  /** state and ports, as they are now */
  look(): Promise<Facts>;
  journal(event: RunEvent): void;
  /** a line for a person: what just happened */
  say(line: string): void;
  /** keeps a text in the state folder, without secrets: the file */
  keep(text: string): string;
  /** somebody wants it to end */
  signal: AbortSignal;
  /** what was remembered when the plan was made */
  marks: Marks;
};

/** A request that left, and what came back. */
export type Exchange = Pick<ConnectRequest, 'method' | 'url' | 'body'> & {
  status: number | null;
  failure: string | null;
  attempts: number;
  answer: Json;
};

/** What one step leaves to the next. Times are of performance.now(). */
export type Going = {
  exchanges: Exchange[];
  /** tools that were run */
  commands: string[];
  /** when the promised state has to be there */
  deadlineAt: number;
  /** why the last request has no answer: then only what is seen tells whether it was carried out */
  unanswered: string | null;
  answeredAt: number;
  /** where the log ended */
  mark: LogMark | null;
  /** files that were written */
  files: string[];
};

/** How a run ends early; nothing: the next step is due. */
export type StepEnd = { outcome: Outcome; sentence: string } | undefined;

/** `POST /connectors/otlp-source/restart` */
export const named = ({ method, url }: Pick<ConnectRequest, 'method' | 'url'>): string =>
  `${method} ${new URL(url).pathname}${new URL(url).search}`;

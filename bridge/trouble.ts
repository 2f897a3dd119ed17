import type { SinkTrouble } from '../proto/vocabulary/sink-troubles.ts';
import type { Log } from './log.ts';
import type { Fault } from './sinks/sink.ts';

const LOGGER = 'otlpctl.bridge.Pipeline';
/** What goes on is said again that often: the log of an hour without a sink must stay readable. */
const REMIND_MS = 60_000;

/** What keeps a lane from being drained, since when (milliseconds since the epoch). */
export type Trouble = Fault & { since: number };

export type TroubleWatch = {
  /** The so-manieth attempt failed. The first of its kind is said, later ones of the same kind now and then. */
  note(fault: Fault, what: string, attempt: number): void;
  /** an attempt succeeded */
  over(what: string): void;
  now(): Trouble | null;
  /** there is one that is more than what comes and goes, and was said */
  stands(): boolean;
};

/** What comes and goes within a few attempts where all is well: a topic that is just being made, a leader that moves. */
const FLEETING: ReadonlySet<SinkTrouble> = new Set<SinkTrouble>(['topic-missing', 'leader-moved', 'not-writable']);
const FLEETING_ATTEMPTS = 2;

/** One line for each change of what is wrong, however often it is tried. */
export function watchTrouble(log: Log, now: () => number): TroubleWatch {
  let trouble: Trouble | null = null;
  let said: { reason: SinkTrouble; at: number } | null = null;
  const say = (level: 'INFO' | 'WARN', message: string) => log({ level, message, logger: LOGGER });
  return {
    note(fault, what, attempt) {
      trouble = { ...fault, since: trouble?.reason === fault.reason ? trouble.since : now() };
      const isSaid = said?.reason === fault.reason;
      if (isSaid && now() - said!.at < REMIND_MS) return;
      if (FLEETING.has(fault.reason) && attempt <= FLEETING_ATTEMPTS) return;
      said = { reason: fault.reason, at: now() };
      say('WARN', isSaid ? `${what}; it has been so for ${Math.round((now() - trouble.since) / 1000)} s` : what);
    },
    over(what) {
      if (said !== null) say('INFO', what);
      [trouble, said] = [null, null];
    },
    now: () => trouble,
    stands: () => said !== null,
  };
}

/** Kafka's names of errors, wherever they stand in what was thrown. */
const NAMED: readonly (readonly [RegExp, SinkTrouble])[] = [
  [/UNKNOWN_TOPIC_OR_PARTITION|UNKNOWN_TOPIC_ID/, 'topic-missing'],
  [/NOT_ENOUGH_REPLICAS|LEADER_NOT_AVAILABLE/, 'not-writable'],
  // A broker's own word for it: in-sync replicas that should have the record do not say so in time.
  [/REQUEST_TIMED_OUT/, 'slow'],
  [/NOT_LEADER_(FOR_PARTITION|OR_FOLLOWER)|FENCED_LEADER_EPOCH/, 'leader-moved'],
  [/(TOPIC|CLUSTER)_AUTHORIZATION_FAILED/, 'unauthorized'],
  [/SASL_AUTHENTICATION_FAILED|ILLEGAL_SASL_STATE|UNSUPPORTED_SASL_MECHANISM/, 'unauthenticated'],
  [/MESSAGE_TOO_LARGE|RECORD_LIST_TOO_LARGE/, 'record-too-large'],
  [/INVALID_REPLICATION_FACTOR|INVALID_PARTITIONS|POLICY_VIOLATION/, 'topic-create-failed'],
  [/connection refused|ECONNREFUSED/i, 'unreachable'],
];

/** The word for an error that has none but Kafka's own in its text. */
export const reasonIn = (text: string): SinkTrouble => NAMED.find(([pattern]) => pattern.test(text))?.[1] ?? 'failed';

export function faultOfError(error: unknown): Fault {
  const sentence = error instanceof Error ? error.message : String(error);
  return { reason: reasonIn(sentence), sentence };
}

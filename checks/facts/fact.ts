/**
 * A fact is one observation, as plain JSON, bounded in size. Three shapes:
 * seen (there is a value), failed (the world answered no, and how), unasked (we could not or need not look).
 * A refused connection or an error page is a fact about the target; `unasked` is a fact about ourselves.
 */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Of what came as JSON: `{…}`, neither a list nor null. */
export const isObject = (json: unknown): json is { [key: string]: Json } =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

/** name: does not resolve; http: a status that is not 2xx; malformed: not what the protocol says; absent: the place is there, the thing is not; stale: it tells what it read earlier. */
export const FAILURES = ['name', 'refused', 'reset', 'timeout', 'tls', 'http', 'malformed', 'denied', 'absent', 'stale'] as const;
export type Failure = (typeof FAILURES)[number];

/** The parts of an exchange in their order. */
export type Stage = 'name' | 'connect' | 'tls' | 'answer' | 'body';

type Observation = {
  id: string;
  /** how it was asked, as a person would say it: `GET http://localhost:8083/connectors` */
  source: string;
  /** when the look began, milliseconds since the epoch */
  at: number;
  /** how long it took */
  ms: number;
  /** true when the address was a guess: such a fact alone is no finding */
  assumed?: true;
};

export type Seen<T> = Observation & { value: T };

export type Failed = Observation & {
  failure: Failure;
  /** one line: `connect ECONNREFUSED 127.0.0.1:8083`, `no answer in 3.0 s` */
  detail: string;
  /** how far the exchange came: a connect that times out is filtered, an answer that does not come is a hang */
  stage?: Stage;
  /** of an HTTP answer */
  status?: number;
  contentType?: string;
  /** first 200 characters of what came instead, made printable */
  excerpt?: string;
  /** JSON error body of the answer, where there was one: Connect's error_code and message */
  body?: Json;
};

/** unknown: asked for and impossible (exit 3); skipped: not asked for, or does not apply. */
export type Unasked = Observation & {
  unasked: 'unknown' | 'skipped';
  reason: string;
  /** what a reader can give so that we look next time: `--log-file PATH` */
  give?: string;
};

export type Fact<T> = Seen<T> | Failed | Unasked;

export const isSeen = <T>(fact: Fact<T>): fact is Seen<T> => 'value' in fact;
export const isFailed = <T>(fact: Fact<T>): fact is Failed => 'failure' in fact;
export const isUnasked = <T>(fact: Fact<T>): fact is Unasked => 'unasked' in fact;

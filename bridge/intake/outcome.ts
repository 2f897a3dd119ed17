import type { RefusedFor } from '../../proto/vocabulary/attributes.ts';
import type { Signal } from '../../proto/vocabulary/signals.ts';

/** Canonical gRPC codes, as far as an OTLP server says them. Source: google.rpc.Code. */
export const GRPC = {
  OK: 0,
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
} as const;

export type OutcomeName =
  | 'accepted'
  | 'empty'
  | 'overloaded'
  /** no more bytes may be held now */
  | 'busy'
  /** the sink did not store it in time, or takes nothing now */
  | 'not-stored'
  | 'stopping'
  | 'undecodable'
  | 'too-large'
  | 'bad-encoding'
  | 'unsupported-encoding'
  | 'unsupported-type'
  | 'wrong-method'
  | 'unknown-path'
  | 'failed';

/** What became of a request, before any transport words it. `reason` is for the sender: one sentence. */
export type Outcome = { is: OutcomeName; reason: string };

export type Answer = {
  grpc: number;
  http: number;
  /** advice to try again: RetryInfo on gRPC, Retry-After on HTTP; null where trying again changes nothing */
  retryAfterSeconds: number | null;
};

/**
 * The one table from outcome to answer. Source: OTLP specification, "Failures" of OTLP/gRPC and OTLP/HTTP: a sender tries again after UNAVAILABLE and
 * after 429, 502, 503, 504; RESOURCE_EXHAUSTED without RetryInfo makes it give the data up, so overload never says that.
 */
export const ANSWER: Readonly<Record<OutcomeName, Answer>> = {
  accepted: { grpc: GRPC.OK, http: 200, retryAfterSeconds: null },
  empty: { grpc: GRPC.OK, http: 200, retryAfterSeconds: null },
  overloaded: { grpc: GRPC.UNAVAILABLE, http: 503, retryAfterSeconds: 1 },
  busy: { grpc: GRPC.UNAVAILABLE, http: 503, retryAfterSeconds: 1 },
  'not-stored': { grpc: GRPC.UNAVAILABLE, http: 503, retryAfterSeconds: 1 },
  stopping: { grpc: GRPC.UNAVAILABLE, http: 503, retryAfterSeconds: 5 },
  undecodable: { grpc: GRPC.INVALID_ARGUMENT, http: 400, retryAfterSeconds: null },
  'too-large': { grpc: GRPC.RESOURCE_EXHAUSTED, http: 413, retryAfterSeconds: null },
  'bad-encoding': { grpc: GRPC.INVALID_ARGUMENT, http: 400, retryAfterSeconds: null },
  'unsupported-encoding': { grpc: GRPC.UNIMPLEMENTED, http: 415, retryAfterSeconds: null },
  'unsupported-type': { grpc: GRPC.INVALID_ARGUMENT, http: 415, retryAfterSeconds: null },
  'wrong-method': { grpc: GRPC.UNIMPLEMENTED, http: 405, retryAfterSeconds: null },
  'unknown-path': { grpc: GRPC.NOT_FOUND, http: 404, retryAfterSeconds: null },
  failed: { grpc: GRPC.INTERNAL, http: 500, retryAfterSeconds: null },
};

/** Why a request was refused, in a word for whoever counts them; null where it was not. */
export const REFUSED_AS: Readonly<Record<OutcomeName, string | null>> = {
  accepted: null,
  empty: null,
  overloaded: 'queue_full' satisfies RefusedFor,
  busy: 'queue_bytes_full' satisfies RefusedFor,
  'not-stored': 'not_stored' satisfies RefusedFor,
  stopping: 'stopping',
  undecodable: 'malformed',
  'too-large': 'too_large',
  'bad-encoding': 'bad_encoding',
  'unsupported-encoding': 'unsupported_encoding',
  'unsupported-type': 'unsupported_media_type',
  'wrong-method': 'wrong_method',
  'unknown-path': 'unknown_path',
  failed: 'internal_error',
};

export const TRANSPORTS = ['grpc', 'http'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/**
 * Told of every request once it is answered. `signal` is null where nobody can say it, `tookMs` counts from when the request was there as a whole and is
 * null where it never was. `agent` is the User-Agent of one that could be read, empty where it named none.
 */
export type Answered = (transport: Transport, signal: Signal | null, is: OutcomeName, tookMs: number | null, agent?: string) => void;

import type { Address, ApiVersions, BrokerLook } from '../facts/index.ts';
import { duration, excerpt } from './excerpt.ts';
import { timeoutFailure } from './network-failure.ts';
import type { FailedOutcome } from './probe.ts';
import { spoken } from './spoken.ts';
import { talk } from './talk.ts';
import type { Heard, TalkLimits, TlsOptions } from './talk.ts';
import { answersTls } from './tls.ts';

/** Source: Kafka protocol guide, ApiVersions (key 18), version 0, request header 1. Every broker answers it before it authenticates anybody. */
const API_VERSIONS = 18;
/** Those that a writer, a reader and every client need. */
const APIS = { produce: 0, fetch: 1, metadata: 3 } as const;
const CORRELATION_ID = 0x07_1b_c7_1e;
const CLIENT_ID = 'otlpctl';

function request(): Buffer {
  const body = Buffer.alloc(10 + CLIENT_ID.length);
  body.writeInt16BE(API_VERSIONS, 0);
  body.writeInt32BE(CORRELATION_ID, 4);
  body.writeInt16BE(CLIENT_ID.length, 8);
  body.write(CLIENT_ID, 10, 'latin1');
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  return Buffer.concat([size, body]);
}

/** Size, correlation id, error code, count of APIs; then six bytes for each. */
const HEAD_BYTES = 14;
const API_BYTES = 6;
const isKafka = (bytes: Buffer): boolean => bytes.length >= 8 && bytes.readInt32BE(4) === CORRELATION_ID;
const isWhole = (bytes: Buffer): boolean =>
  bytes.length >= 8 && (!isKafka(bytes) || (bytes.length >= HEAD_BYTES && bytes.length >= 4 + bytes.readInt32BE(0)));

/** The versions that it takes, of the requests that it offers: key, oldest, newest. */
function versionsIn(bytes: Buffer): ApiVersions {
  const count = Math.min(bytes.readInt32BE(10), Math.floor((bytes.length - HEAD_BYTES) / API_BYTES));
  const offered = new Map(
    Array.from({ length: Math.max(count, 0) }, (_, i) => HEAD_BYTES + i * API_BYTES).map((at) => [
      bytes.readInt16BE(at),
      [bytes.readInt16BE(at + 2), bytes.readInt16BE(at + 4)] as [number, number],
    ]),
  );
  return Object.fromEntries(
    Object.entries(APIS).flatMap(([name, key]) => (offered.has(key) ? [[name, offered.get(key)!]] : [])),
  ) as ApiVersions;
}

/** Asks one address which requests it knows: a broker that lives answers at once; an open port alone proves nothing. */
export async function helloKafka(address: Address, limits: TalkLimits, tls?: TlsOptions): Promise<BrokerLook> {
  const began = performance.now();
  const heard = await talk(address, { say: request(), enough: isWhole, alpn: '' }, limits, tls ?? false);
  const ms = Math.round(performance.now() - began);
  const failed = 'failure' in heard ? heard : await judged(heard, address, limits, tls);
  return failed === undefined && 'bytes' in heard ? { address, ms, versions: versionsIn(heard.bytes) } : { address, ...failed! };
}

async function judged({ bytes, ended }: Heard, address: Address, limits: TalkLimits, tls?: TlsOptions): Promise<FailedOutcome | undefined> {
  if (isKafka(bytes) && isWhole(bytes))
    return versionsIn(bytes).metadata !== undefined
      ? undefined
      : { failure: 'malformed', detail: 'a Kafka controller answers, not a broker: give a listener of the brokers', stage: 'answer' };
  if (bytes.length === 0 && ended === 'silence') return timeoutFailure('answer', limits.deadlineMs);
  if (
    tls === undefined &&
    (spoken(bytes) === 'tls' || (bytes.length === 0 && (await answersTls(address, limits.deadlineMs, limits.signal))))
  )
    return { failure: 'tls', detail: 'the port speaks TLS: give --kafka-config with security.protocol=SSL or SASL_SSL', stage: 'answer' };
  if (bytes.length === 0) return { failure: 'reset', detail: 'connected, closed without an answer', stage: 'answer' };
  const what = spoken(bytes) === 'http1' ? 'HTTP' : spoken(bytes) === 'http2' ? 'HTTP/2' : undefined;
  const cut = isKafka(bytes) ? `its answer breaks off after ${bytes.length} bytes in ${duration(limits.deadlineMs)}` : undefined;
  return {
    failure: 'malformed',
    detail: cut ?? `something else than Kafka answers${what === undefined ? '' : ` (${what})`}`,
    stage: 'answer',
    excerpt: excerpt(bytes.toString('latin1')),
  };
}

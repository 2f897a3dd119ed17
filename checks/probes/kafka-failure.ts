import { excerpt } from './excerpt.ts';
import { networkFailure, timeoutFailure } from './network-failure.ts';
import type { FailedOutcome } from './probe.ts';

/** Kafka's own name of an error (UNKNOWN_TOPIC_OR_PARTITION), wherever kafkajs has wrapped it. */
export function kafkaErrorOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; isObject(at) && depth < 5; at = at['cause'] ?? at['originalError'], depth++)
    if (typeof at['type'] === 'string') return at['type'];
  return undefined;
}

/** A listener that wants SASL hangs up on a request that comes before its handshake. Source: KIP-43. */
const CLOSES = 'Kafka closes the connection: the listener may want SASL, which --kafka-config gives';

/** What kafkajs threw, as a fact; its errors differ by their names. */
export function kafkaFailure(error: unknown, deadlineMs: number): FailedOutcome {
  const { name, message, code } = innermost(error);
  const type = kafkaErrorOf(error);
  const detail = excerpt(message);
  if (/AUTHORIZATION_FAILED$/.test(type ?? '')) return { failure: 'denied', detail: `Kafka answers ${type}: ${detail}`, stage: 'answer' };
  if (name.includes('SASL') || /SASL/.test(type ?? ''))
    return { failure: 'denied', detail: `Kafka does not accept the credentials: ${detail}`, stage: 'answer' };
  if (name === 'KafkaJSRequestTimeoutError') return timeoutFailure('answer', deadlineMs);
  if (message === 'Connection timeout') return timeoutFailure('connect', deadlineMs);
  if (name === 'KafkaJSConnectionClosedError') return { failure: 'reset', detail: CLOSES, stage: 'answer' };
  if (name === 'KafkaJSConnectionError') {
    const said = new Error(message.replace(/^Connection error: /, ''));
    // A certificate's error has a code of OpenSSL or Node's TLS; a socket's one of the system.
    const stage = code !== undefined && /CERT|SSL|TLS|SIGNATURE/.test(code) ? 'tls' : 'connect';
    return networkFailure(Object.assign(said, code === undefined ? {} : { code }), stage);
  }
  return { failure: 'malformed', detail: type === undefined ? detail : `Kafka answers ${type}: ${detail}`, stage: 'answer' };
}

type Told = { name: string; message: string; code: string | undefined };

function innermost(error: unknown): Told {
  let at = error;
  for (let depth = 0; isObject(at) && isObject(at['cause']) && depth < 5; depth++) at = at['cause'];
  if (!isObject(at)) return { name: '', message: String(error), code: undefined };
  const { name, message, code } = at;
  return { name: String(name), message: String(message), code: typeof code === 'string' ? code : undefined };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

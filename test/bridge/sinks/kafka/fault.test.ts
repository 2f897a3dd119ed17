import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SinkTrouble } from '../../../../proto/vocabulary/sink-troubles.ts';
import { kafkaFault } from '../../../../bridge/sinks/kafka/fault.ts';

const sockets = {
  bootstrap: ['kafka:9092'],
  hasReached: (address: string) => address === 'known:9092',
  open: () => assert.fail(),
  destroy: () => {},
  isDestroyed: () => false,
};
const error = (name: string, message: string, more: object = {}) => Object.assign(new Error(message), { name, ...more });
/** As kafkajs throws what a broker answered: Kafka's name of it inside, its own outside. */
const answered = (type: string, message: string) =>
  error('KafkaJSNumberOfRetriesExceeded', message, { cause: error('KafkaJSProtocolError', message, { type }) });
const connection = (broker: string, code?: string) => error('KafkaJSConnectionError', 'Connection error', { broker, code });

const CASES: readonly [Error, SinkTrouble, RegExp][] = [
  [answered('REQUEST_TIMED_OUT', 'The request timed out'), 'slow', /^replicas of t do not confirm in time: REQUEST_TIMED_OUT: The request/],
  [answered('NOT_ENOUGH_REPLICAS', 'too few'), 'not-writable', /^partition of t: NOT_ENOUGH_REPLICAS: too few$/],
  [answered('NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'too few'), 'not-writable', /AFTER_APPEND/],
  [answered('NOT_LEADER_FOR_PARTITION', 'moved'), 'leader-moved', /moved/],
  [answered('UNKNOWN_TOPIC_OR_PARTITION', 'no'), 'topic-missing', /the topic does not exist/],
  [answered('TOPIC_AUTHORIZATION_FAILED', 'no'), 'unauthorized', /^\[t\] /],
  [answered('MESSAGE_TOO_LARGE', 'large'), 'record-too-large', /large/],
  [error('KafkaJSRequestTimeoutError', 'Request Produce timed out'), 'unresponsive', /timed out/],
  [connection('kafka:9092', 'ECONNREFUSED'), 'unreachable', /Connection error/],
  [connection('known:9092', 'ECONNREFUSED'), 'unreachable', /Connection error/],
  [connection('elsewhere:9092', 'ECONNREFUSED'), 'advertised-unreachable', /^Kafka answers at kafka:9092 and advertises elsewhere:9092/],
  [connection('kafka:9092', 'CERT_HAS_EXPIRED'), 'certificate', /^TLS: /],
];

for (const [thrown, reason, sentence] of CASES)
  test(`${(thrown.cause as { type?: string } | undefined)?.type ?? `${thrown.name} ${(thrown as { broker?: string }).broker ?? ''}`} is ${reason}`, () => {
    const fault = kafkaFault(thrown, 't', sockets);
    assert.equal(fault.reason, reason);
    assert.match(fault.sentence, sentence);
  });

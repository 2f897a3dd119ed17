import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SIGNALS } from '../../../proto/vocabulary/signals.ts';
import { acceptor, type AcceptOptions } from '../../../bridge/intake/accept.ts';
import { ANSWER, type Outcome } from '../../../bridge/intake/outcome.ts';
import type { Message } from '../../../bridge/message.ts';
import { asJson, one } from './samples.ts';

function accepting(options: Partial<AcceptOptions> = {}) {
  const offered: Message[] = [];
  const offer = (message: Message) => {
    offered.push(message);
    return 'accepted' as const;
  };
  const accept = acceptor({ offer, refusing: () => false, maxRequestBytes: 1000, now: () => 42, ...options });
  // No answer here waits for a sink.
  return { offered, accept: (...request: Parameters<typeof accept>) => accept(...request) as Outcome };
}

test('the bytes that came are what is queued, in either encoding', () => {
  for (const signal of SIGNALS) {
    const { accept, offered } = accepting();
    const body = one(signal);
    const json = Buffer.from(asJson(signal, body));
    assert.equal(accept(signal, body, 'protobuf').is, 'accepted');
    assert.equal(accept(signal, json, 'json').is, 'accepted');
    assert.deepEqual(offered, [
      { signal, body, encoding: 'protobuf', receivedAt: 42 },
      { signal, body: json, encoding: 'json', receivedAt: 42 },
    ]);
    assert.equal(offered[0]!.body, body, 'not a copy');
  }
});

test('a request without items succeeds and is not queued', () => {
  const { accept, offered } = accepting();
  assert.equal(accept('traces', Buffer.alloc(0), 'protobuf').is, 'empty');
  assert.equal(accept('traces', Buffer.from('{"resourceSpans":[{}]}'), 'json').is, 'empty');
  assert.equal(offered.length, 0);
});

test('the queue decides between overload and stopping', () => {
  assert.equal(accepting({ offer: () => 'full' }).accept('logs', one('logs'), 'protobuf').is, 'overloaded');
  assert.equal(accepting({ offer: () => 'stopping' }).accept('logs', one('logs'), 'protobuf').is, 'stopping');
});

test('nothing is offered when refusing, too large, or not to be read', () => {
  const refusing = accepting({ refusing: () => true });
  assert.equal(refusing.accept('traces', one('traces'), 'protobuf').is, 'stopping');
  const { accept, offered } = accepting();
  assert.equal(accept('traces', Buffer.alloc(1001), 'protobuf').is, 'too-large');
  assert.deepEqual(accept('traces', Buffer.from([0x0f]), 'protobuf'), {
    is: 'undecodable',
    reason:
      'Not an Export request of traces: ExportTraceServiceRequest.resource_spans at byte 0: type 7 on the wire, the schema has a list of message.',
  });
  assert.equal(offered.length + refusing.offered.length, 0);
});

test('OTLP: exactly the outcomes worth another try say so on both transports', () => {
  const grpcRetryable = new Set([1, 4, 10, 11, 14, 15]);
  const httpRetryable = new Set([429, 502, 503, 504]);
  for (const [name, { grpc, http, retryAfterSeconds }] of Object.entries(ANSWER)) {
    const again = ['overloaded', 'busy', 'stopping', 'not-stored'].includes(name);
    assert.equal(grpcRetryable.has(grpc), again, `${name} on gRPC`);
    assert.equal(httpRetryable.has(http), again, `${name} on HTTP`);
    assert.equal(retryAfterSeconds !== null, again, `${name}: advice`);
  }
});

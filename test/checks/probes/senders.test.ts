import assert from 'node:assert/strict';
import { test } from 'node:test';
import { converted, type Format } from '../../../bridge/convert/convert.ts';
import { sendersIn } from '../../../checks/probes/senders.ts';
import { schema } from '../../../proto/schema.ts';
import { SIGNAL, SIGNALS, type Signal } from '../../../proto/vocabulary/signals.ts';

type Identity = Record<string, string>;
const JAVA: Identity = {
  'service.name': 'checkout',
  'telemetry.sdk.name': 'opentelemetry',
  'telemetry.sdk.language': 'java',
  'telemetry.sdk.version': '1.49.0',
};

/** One request with a resource for each of these. */
function request(signal: Signal, identities: readonly Identity[]): Buffer {
  const type = schema().lookupType(SIGNAL[signal].request);
  const list = type.fieldsArray[0]!.name;
  const resources = identities.map((identity) => ({
    resource: { attributes: Object.entries(identity).map(([key, stringValue]) => ({ key, value: { stringValue } })) },
  }));
  return Buffer.from(type.encode(type.fromObject({ [list]: resources })).finish());
}
const record = (signal: Signal, body: Buffer, format: Format): Buffer =>
  converted({ signal, body, encoding: 'protobuf', receivedAt: 1 }, format);
const SENT = { service: 'checkout', sdk: 'opentelemetry java 1.49.0' };

test('the sender is read from a record in each of its forms, of each signal', () => {
  for (const signal of SIGNALS) {
    const body = request(signal, [JAVA]);
    const values = [
      body,
      Buffer.from(body.toString('base64')),
      record(signal, body, 'json'),
      record(signal, body, 'json-connect'),
      Buffer.from(JSON.stringify({ schema: { type: 'string' }, payload: body.toString('base64') })),
    ];
    for (const value of values)
      assert.deepEqual(sendersIn([{ name: 't', signal, values: [value] }]), {
        senders: [{ ...SENT, records: 1, signals: [signal] }],
        records: 1,
        foreign: 0,
      });
  }
});

test('a request of two services counts for both, one service with two resources once; who sent most comes first', () => {
  const mixed = request('traces', [JAVA, JAVA, { 'service.name': 'cart' }]);
  const { senders, records } = sendersIn([
    { name: 'traces', signal: 'traces', values: [mixed, request('traces', [JAVA])] },
    { name: 'logs', signal: 'logs', values: [request('logs', [JAVA]), request('logs', [{}])] },
  ]);
  assert.equal(records, 4);
  assert.deepEqual(senders, [
    { ...SENT, records: 3, signals: ['traces', 'logs'] },
    { service: null, sdk: null, records: 1, signals: ['logs'] },
    { service: 'cart', sdk: null, records: 1, signals: ['traces'] },
  ]);
});

test('what is no OTLP request is counted, and a name of any length is bounded', () => {
  const values = [Buffer.from('hello, "world"'), Buffer.from('{"a":1'), request('traces', [{ 'service.name': 'x'.repeat(5000) }])];
  const { senders, foreign, records } = sendersIn([{ name: 't', signal: 'traces', values }]);
  assert.deepEqual([records, foreign, senders.length, senders[0]!.service!.length], [3, 2, 1, 120]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SIGNALS } from '../../../proto/vocabulary/signals.ts';
import { converted } from '../../../bridge/convert/convert.ts';
import type { Message } from '../../../bridge/message.ts';
import { asJson, encoded, filled, fullRequest, picker, requestType } from '../intake/samples.ts';

const protobuf = (signal: Message['signal'], body: Buffer): Message => ({ signal, body, encoding: 'protobuf', receivedAt: 1 });
const json = (signal: Message['signal'], text: string): Message => ({ signal, body: Buffer.from(text), encoding: 'json', receivedAt: 1 });

test('protobuf that stays protobuf is the same bytes, not a copy', () => {
  const body = fullRequest('traces');
  assert.equal(converted(protobuf('traces', body), 'protobuf'), body);
});

test('every field of every signal becomes OTLP/JSON, and protobuf again', () => {
  for (const signal of SIGNALS)
    for (let seed = 1; seed <= 20; seed++) {
      const body = encoded(signal, filled(requestType(signal), 0, picker(seed)));
      const text = converted(protobuf(signal, body), 'json').toString();
      assert.deepEqual(JSON.parse(text), JSON.parse(asJson(signal, body)), `${signal} ${seed}`);
      assert.ok(!/[\n]|": /.test(text.replace(/"(?:[^"\\]|\\.)*"/g, '""')), 'compact');
      const back = converted(json(signal, text), 'protobuf');
      assert.deepEqual(requestType(signal).decode(back), requestType(signal).decode(body), `${signal} ${seed} back`);
    }
});

const LAX = `{ "resource_spans": [ { "scopeSpans": [ { "spans": [ { "trace_id": "5B8EFFF798038103D269B633813FC60C", "spanId": "EEE19B7EC3C1B174",
  "name": "lax", "kind": "SPAN_KIND_SERVER", "startTimeUnixNano": 1544712660300000001, "endTimeUnixNano": "1544712661300000002", "unheardOf": [1],
  "attributes": [ { "key": "n", "value": { "intValue": -9223372036854775807 } }, { "key": "d", "value": { "doubleValue": "NaN" } } ] } ] } ] } ] }`;

test('lax OTLP/JSON becomes strict: names, hex, enums as numbers, 64 bits exact, nothing unknown', () => {
  assert.equal(
    converted(json('traces', LAX), 'json').toString(),
    '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"lax","kind":2,' +
      '"startTimeUnixNano":"1544712660300000001","endTimeUnixNano":"1544712661300000002","attributes":[{"key":"n","value":{"intValue":"-9223372036854775807"}},' +
      '{"key":"d","value":{"doubleValue":"NaN"}}]}]}]}]}',
  );
});

test("the connector's own JSON: names of the .proto files, defaults, ids in base64, enums by name, indented", () => {
  const body = encoded('logs', {
    resourceLogs: [{ scopeLogs: [{ logRecords: [{ severityNumber: 9, traceId: Buffer.alloc(16, 1), body: { doubleValue: 2 } }] }] }],
  });
  assert.equal(
    converted(protobuf('logs', body), 'json-connect').toString(),
    `{
  "resource_logs": [{
    "scope_logs": [{
      "log_records": [{
        "time_unix_nano": "0",
        "severity_number": "SEVERITY_NUMBER_INFO",
        "severity_text": "",
        "body": {
          "double_value": 2.0
        },
        "attributes": [],
        "dropped_attributes_count": 0,
        "flags": 0,
        "trace_id": "AQEBAQEBAQEBAQEBAQEBAQ==",
        "span_id": "",
        "observed_time_unix_nano": "0",
        "event_name": ""
      }],
      "schema_url": ""
    }],
    "schema_url": ""
  }]
}`,
  );
});

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { ReceiverOptions } from '../../bridge/intake/receivers.ts';
import { schema } from '../../proto/schema.ts';
import { SIGNAL, SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import { asJson, encoded, fullRequest, one } from './intake/samples.ts';
import {
  call,
  exportTo,
  grpcClient,
  send,
  startService,
  type GrpcAnswer,
  type HttpAnswer,
  type Sent,
  type Service,
} from './intake/service.ts';

/** OTLP 1.11, a row a rule. Source: opentelemetry-proto docs/specification.md; the section stands first in each row. */
const PROTOBUF = 'application/x-protobuf';
const JSON_TYPE = 'application/json';
const LIMIT = 100_000;
const GZIP = { 'content-encoding': 'gzip' };

const typed = (type: string, more: Record<string, string> = {}) => ({ 'content-type': type, ...more });
const json = (signal: Signal) => asJson(signal, one(signal));

type Told = { code: number; message: string; details?: { '@type'?: string; retryDelay?: string; typeUrl?: string; value?: Uint8Array }[] };
const Status = schema().lookupType('google.rpc.Status');
const RetryInfo = schema().lookupType('google.rpc.RetryInfo');

const decodedStatus = (bytes: Uint8Array): Told => Status.toObject(Status.decode(bytes)) as Told;

/** Seconds of RetryInfo, in whichever encoding; null without one. */
function retryOf({ details = [] }: Told): number | null {
  const [first] = details;
  if (!first) return null;
  assert.equal(first['@type'] ?? first.typeUrl, 'type.googleapis.com/google.rpc.RetryInfo');
  if (first.retryDelay !== undefined) return Number(/^(\d+)s$/.exec(first.retryDelay)![1]);
  const { retryDelay } = RetryInfo.toObject(RetryInfo.decode(first.value!), { longs: Number }) as { retryDelay: { seconds: number } };
  return retryDelay.seconds;
}

/** An answer as the table has it: status, type of its body, code of the Status in it, seconds to wait (header and RetryInfo agree). */
function overHttp({ status, headers, body }: HttpAnswer): readonly [number, string | undefined, number, number | null] {
  const type = headers['content-type'];
  if (status === 200) return [status, type, 0, null];
  const told = type === JSON_TYPE ? (JSON.parse(body.toString()) as Told) : decodedStatus(body);
  assert.ok(told.message.length > 0 && body.length < 4 * 2 ** 20);
  const retry = retryOf(told);
  assert.equal(headers['retry-after'], retry === null ? undefined : String(retry));
  return [status, type, told.code, retry];
}

function overGrpc({ code, metadata }: GrpcAnswer): readonly [number, number | null] {
  const [bytes] = metadata.get('grpc-status-details-bin');
  if (bytes === undefined) return [code, null];
  const told = decodedStatus(bytes as Buffer);
  assert.equal(told.code, code);
  return [code, retryOf(told)];
}

type Start = Partial<ReceiverOptions> & { answer?: 'full' };

const HTTP: readonly [section: string, rule: string, sent: Sent, expected: ReturnType<typeof overHttp>, start?: Start][] = [
  ...SIGNALS.flatMap((signal): (typeof HTTP)[number][] => [
    [
      'OTLP/HTTP Request',
      `${signal} on its path, protobuf`,
      { path: SIGNAL[signal].path, headers: typed(PROTOBUF), body: one(signal) },
      [200, PROTOBUF, 0, null],
    ],
    [
      'OTLP/HTTP Request',
      `${signal} on its path, JSON`,
      { path: SIGNAL[signal].path, headers: typed(JSON_TYPE), body: json(signal) },
      [200, JSON_TYPE, 0, null],
    ],
  ]),
  [
    'OTLP/HTTP Request',
    'type with parameters',
    { headers: typed('application/json; charset=utf-8'), body: json('traces') },
    [200, JSON_TYPE, 0, null],
  ],
  ['OTLP/HTTP Request', 'type in capitals', { headers: typed('Application/X-Protobuf'), body: one('traces') }, [200, PROTOBUF, 0, null]],
  ['OTLP/HTTP Request', 'gzip, protobuf', { headers: typed(PROTOBUF, GZIP), body: gzipSync(one('traces')) }, [200, PROTOBUF, 0, null]],
  ['OTLP/HTTP Request', 'gzip, JSON', { headers: typed(JSON_TYPE, GZIP), body: gzipSync(json('traces')) }, [200, JSON_TYPE, 0, null]],
  [
    'OTLP/HTTP Request',
    'identity',
    { headers: typed(PROTOBUF, { 'content-encoding': 'identity' }), body: one('traces') },
    [200, PROTOBUF, 0, null],
  ],
  [
    'OTLP/HTTP Request',
    'chunked',
    { headers: typed(PROTOBUF, { 'transfer-encoding': 'chunked' }), body: one('traces') },
    [200, PROTOBUF, 0, null],
  ],
  ['Full Success', 'an empty request, protobuf', { headers: typed(PROTOBUF), body: '' }, [200, PROTOBUF, 0, null]],
  ['Full Success', 'an empty request, JSON', { headers: typed(JSON_TYPE), body: '{}' }, [200, JSON_TYPE, 0, null]],
  ['OTLP/HTTP Request', 'another path', { path: '/v1/spans', headers: typed(PROTOBUF), body: one('traces') }, [404, PROTOBUF, 5, null]],
  ['OTLP/HTTP Request', 'more than the path', { path: '/v1/tracesXYZ', headers: typed(JSON_TYPE), body: '{}' }, [404, JSON_TYPE, 5, null]],
  ...['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'].map((method): (typeof HTTP)[number] => [
    'OTLP/HTTP Request',
    method,
    { method, headers: typed(PROTOBUF) },
    [405, PROTOBUF, 12, null],
  ]),
  ['OTLP/HTTP Request', 'no type', { body: one('traces') }, [415, JSON_TYPE, 3, null]],
  ['OTLP/HTTP Request', 'another type', { headers: typed('text/plain'), body: 'x' }, [415, JSON_TYPE, 3, null]],
  ...['br', 'zstd', 'deflate', 'gzip, gzip'].map((encoding): (typeof HTTP)[number] => [
    'OTLP/HTTP Request',
    `Content-Encoding ${encoding}`,
    { headers: typed(PROTOBUF, { 'content-encoding': encoding }), body: 'x' },
    [415, PROTOBUF, 12, null],
  ]),
  ['Bad Data', 'not decodable, protobuf', { headers: typed(PROTOBUF), body: 'x' }, [400, PROTOBUF, 3, null]],
  ['Bad Data', 'not decodable, JSON', { headers: typed(JSON_TYPE), body: '{' }, [400, JSON_TYPE, 3, null]],
  ['Bad Data', 'gzip that is none', { headers: typed(JSON_TYPE, GZIP), body: '{}' }, [400, JSON_TYPE, 3, null]],
  ['Request size limits', 'over the limit', { headers: typed(PROTOBUF), body: Buffer.alloc(LIMIT + 1) }, [413, PROTOBUF, 8, null]],
  [
    'Request size limits',
    'over the limit once inflated',
    { headers: typed(JSON_TYPE, GZIP), body: gzipSync(Buffer.alloc(LIMIT + 1)) },
    [413, JSON_TYPE, 8, null],
  ],
  [
    'OTLP/HTTP Throttling',
    'overload, protobuf',
    { headers: typed(PROTOBUF), body: one('traces') },
    [503, PROTOBUF, 14, 1],
    { answer: 'full' },
  ],
  [
    'OTLP/HTTP Throttling',
    'overload, JSON',
    { headers: typed(JSON_TYPE), body: json('traces') },
    [503, JSON_TYPE, 14, 1],
    { answer: 'full' },
  ],
];

for (const [section, rule, sent, expected, start] of HTTP)
  test(`HTTP, ${section}: ${rule}`, async (t) => {
    const answer = await send(await startService(t, { maxRequestBytes: LIMIT, ...start }), sent);
    assert.deepEqual(overHttp(answer), expected, answer.body.toString());
    assert.equal(answer.headers.allow, expected[0] === 405 ? 'POST' : undefined);
    if (expected[0] === 200) assert.equal(answer.body.toString(), expected[1] === JSON_TYPE ? '{}' : '', 'partial_success is unset');
  });

const COMPRESSED = { 'grpc.default_compression_algorithm': 2 };
const GRPC: readonly [
  section: string,
  rule: string,
  body: Buffer,
  expected: ReturnType<typeof overGrpc>,
  options?: Record<string, number>,
  start?: Start,
][] = [
  ['OTLP/gRPC Request', 'plain', one('traces'), [0, null]],
  ['OTLP/gRPC Request', 'gzip', one('traces'), [0, null], COMPRESSED],
  ['Full Success', 'an empty request', Buffer.alloc(0), [0, null]],
  ['Bad Data', 'not decodable', Buffer.from('x'), [3, null]],
  ['Request size limits', 'over the limit: no RetryInfo, or it would be sent again', Buffer.alloc(LIMIT + 1), [8, null]],
  ['Request size limits', 'over the limit once inflated', Buffer.alloc(LIMIT + 1), [8, null], COMPRESSED],
  ['OTLP/gRPC Throttling', 'overload', one('traces'), [14, 1], {}, { answer: 'full' }],
];
for (const [section, rule, body, expected, options, start] of GRPC)
  test(`gRPC, ${section}: ${rule}`, async (t) => {
    const service = await startService(t, { maxRequestBytes: LIMIT, ...start });
    const answer = await exportTo(grpcClient(t, service, options), 'traces', body);
    assert.deepEqual(overGrpc(answer), expected, answer.details);
    if (expected[0] === 0) assert.equal(answer.body!.length, 0, 'partial_success is unset');
  });

test('gRPC: each signal has its service, another method is UNIMPLEMENTED', async (t) => {
  const client = grpcClient(t, await startService(t));
  for (const signal of SIGNALS) assert.equal((await exportTo(client, signal, one(signal))).code, 0);
  assert.equal((await call(client, `/${SIGNAL.traces.service}/Import`, one('traces'))).code, 12);
});

const TRACE_ID = Buffer.alloc(16, 7);
const SPAN_ID = Buffer.alloc(8, 7);
const spans = (fields: object) => ({ resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: TRACE_ID, spanId: SPAN_ID, ...fields }] }] }] });
const log = (fields: object) => ({ resourceLogs: [{ scopeLogs: [{ logRecords: [fields] }] }] });
const nested = (depth: number): object =>
  depth === 0 ? { bytesValue: Buffer.of(1) } : { arrayValue: { values: [nested(depth - 1), {}] } };

/** Content that every encoding judges alike. Sources: comments of trace.proto, logs.proto, common.proto. */
const CONTENT: readonly [rule: string, signal: Signal, content: Record<string, unknown>, taken: boolean][] = [
  ['ids of 16 and 8 bytes', 'traces', spans({ parentSpanId: SPAN_ID }), true],
  ['no parent', 'traces', spans({ parentSpanId: Buffer.alloc(0) }), true],
  ['a trace id of 15 bytes', 'traces', spans({ traceId: TRACE_ID.subarray(1) }), false],
  ['a span id of 16 bytes', 'traces', spans({ spanId: TRACE_ID }), false],
  ['a parent of 4 bytes', 'traces', spans({ parentSpanId: Buffer.alloc(4, 1) }), false],
  ['an empty trace id', 'traces', spans({ traceId: Buffer.alloc(0) }), false],
  ['a trace id of zeroes', 'traces', spans({ traceId: Buffer.alloc(16) }), false],
  ['a span id of zeroes', 'traces', spans({ spanId: Buffer.alloc(8) }), false],
  ['a log without ids', 'logs', log({ body: { stringValue: 'x' } }), true],
  ['a log with ids of zeroes: of no trace', 'logs', log({ traceId: Buffer.alloc(16), spanId: Buffer.alloc(8) }), true],
  ['a log with an id of 3 bytes', 'logs', log({ traceId: Buffer.alloc(3, 1) }), false],
  ['a link with ids', 'traces', spans({ links: [{ traceId: TRACE_ID, spanId: SPAN_ID }] }), true],
  ['a link with a short id', 'traces', spans({ links: [{ traceId: SPAN_ID, spanId: SPAN_ID }] }), false],
  ['an enum beyond those known', 'traces', spans({ kind: 77 }), true],
  ['any value, empty', 'logs', log({ body: {}, attributes: [{ key: 'k', value: {} }] }), true],
  ['any value, 20 levels of mixed arrays', 'logs', log({ body: nested(20), attributes: [{ key: 'k', value: nested(20) }] }), true],
  [
    'any value, a map in an array',
    'logs',
    log({ body: { arrayValue: { values: [{ kvlistValue: { values: [{ key: 'a', value: { intValue: 1 } }] } }] } } }),
    true,
  ],
];

async function threeWays(t: TestContext, service: Service, signal: Signal, body: Buffer): Promise<readonly [number, number, number]> {
  const at = { path: SIGNAL[signal].path };
  return [
    (await exportTo(grpcClient(t, service), signal, body)).code,
    (await send(service, { ...at, headers: typed(PROTOBUF), body })).status,
    (await send(service, { ...at, headers: typed(JSON_TYPE), body: asJson(signal, body) })).status,
  ];
}

for (const [rule, signal, content, taken] of CONTENT)
  test(`both transports, both encodings: ${rule} is ${taken ? 'taken' : 'refused'}`, async (t) => {
    const service = await startService(t);
    assert.deepEqual(await threeWays(t, service, signal, encoded(signal, content)), taken ? [0, 200, 200] : [3, 400, 400]);
    assert.equal(service.offered.length, taken ? 3 : 0);
  });

test('both transports, both encodings: every field of the schema, and the bytes that came are the record', async (t) => {
  const service = await startService(t);
  for (const signal of SIGNALS) {
    const body = fullRequest(signal, 3);
    assert.deepEqual(await threeWays(t, service, signal, body), [0, 200, 200]);
    const [overGrpcToo, plain] = service.offered.splice(0);
    assert.ok(overGrpcToo!.body.equals(body) && plain!.body.equals(body));
  }
});

const IDS = '"traceId":"5B8EFFF798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174"';
const span = (more: string, ids = IDS) => `{"resourceSpans":[{"scopeSpans":[{"spans":[{${ids}${more}}]}]}]}`;
const point = (fields: string) =>
  `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","gauge":{"dataPoints":[{${fields}}]}}]}]}]}`;

/** What JSON alone decides. Source: specification, "JSON Protobuf Encoding". */
const MAPPING: readonly [rule: string, signal: Signal, text: string, status: number][] = [
  ['ids are hex of any case', 'traces', span(''), 200],
  ['ids are not base64', 'traces', span('', '"traceId":"W47/95gDgQPSabYzgT/GDA==","spanId":"7uGbfsPBsXQ="'), 400],
  ['enums are integers', 'traces', span(',"kind":2,"status":{"code":1}'), 200],
  ['enums by name are read, as the Collector does', 'traces', span(',"kind":"SPAN_KIND_SERVER"'), 200],
  ['an enum name that is none', 'traces', span(',"kind":"SERVER"'), 400],
  ['64 bits as text', 'traces', span(',"startTimeUnixNano":"18446744073709551615"'), 200],
  ['64 bits as number', 'traces', span(',"startTimeUnixNano":1544712660000000000'), 200],
  ['64 bits as text with an exponent', 'traces', span(',"startTimeUnixNano":"1e3"'), 400],
  ['signed 64 bits, least', 'metrics', point('"asInt":"-9223372036854775808"'), 200],
  ['signed 64 bits, too small', 'metrics', point('"asInt":"-9223372036854775809"'), 400],
  ['unknown fields are ignored', 'traces', span(',"nobodyKnows":[{"x":null}]').replace('{', '{"more":{"a":[1]},'), 200],
  ['keys are lowerCamelCase; those of the .proto files are read too', 'metrics', point('"time_unix_nano":"1","asDouble":1'), 200],
  ['NaN', 'metrics', point('"asDouble":"NaN"'), 200],
  ['Infinity', 'metrics', point('"asDouble":"-Infinity"'), 200],
  ['NaN bare is no JSON', 'metrics', point('"asDouble":NaN'), 400],
  ['bytes are base64', 'logs', '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"bytesValue":"AAEC/+8="}}]}]}]}', 200],
  ['null is a field left out', 'traces', span(',"attributes":null,"name":null'), 200],
  ['duplicate keys, as any JSON reader', 'traces', span(',"name":"a","name":"b"'), 200],
  ['a byte order mark', 'traces', `\ufeff${span('')}`, 400],
];
for (const [rule, signal, text, status] of MAPPING)
  test(`OTLP/JSON: ${rule}`, async (t) => {
    const answer = await send(await startService(t), { path: SIGNAL[signal].path, headers: typed(JSON_TYPE), body: text });
    assert.equal(answer.status, status, answer.body.toString());
  });

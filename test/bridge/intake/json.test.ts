import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SIGNAL, SIGNALS, type Signal } from '../../../proto/vocabulary/signals.ts';
import { walkJson } from '../../../bridge/intake/json.ts';
import { shapeOf } from '../../../bridge/intake/shape.ts';
import { walkWire } from '../../../bridge/intake/wire.ts';
import { asJson, encoded, filled, fullRequest, picker, requestType } from './samples.ts';

const shapes = Object.fromEntries(SIGNALS.map((signal) => [signal, shapeOf(SIGNAL[signal].request)])) as Record<
  Signal,
  ReturnType<typeof shapeOf>
>;
const walk = (signal: Signal, text: string) => walkJson(Buffer.from(text), shapes[signal]);

const IDS = { traceId: '5b8efff798038103d269b633813fc60c', spanId: 'EEE19B7EC3C1B174' };
const span = (fields: object): string => JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ ...IDS, ...fields }] }] }] });
const point = (fields: object): string =>
  JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'm', exponentialHistogram: { dataPoints: [fields] } }] }] }] });
const log = (body: unknown): string => JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ body }] }] }] });

test('a document with every field of the schema is taken and its items counted like the wire form', () => {
  for (const signal of SIGNALS) {
    const body = fullRequest(signal, 7);
    assert.deepEqual(walk(signal, asJson(signal, body)), walkWire(body, shapes[signal]));
  }
});

const LEGAL: readonly [what: string, signal: Signal, text: string, items: number][] = [
  ['an empty object', 'traces', '{}', 0],
  ['ids in either case', 'traces', span({ parentSpanId: 'aAbBcCdDeEfF0011' }), 1],
  ['an empty parent', 'traces', span({ parentSpanId: '' }), 1],
  [
    'names of the .proto files',
    'traces',
    '{"resource_spans":[{"scope_spans":[{"spans":[{"trace_id":"5b8efff798038103d269b633813fc60c","span_id":"eee19b7ec3c1b174"}]}]}]}',
    1,
  ],
  ['an enum as integer', 'traces', span({ kind: 2 }), 1],
  ['an enum by name', 'traces', span({ kind: 'SPAN_KIND_SERVER' }), 1],
  ['64 bits as a string', 'traces', span({ startTimeUnixNano: '18446744073709551615' }), 1],
  ['64 bits as a number', 'traces', span({ startTimeUnixNano: 1544712660000000000 }), 1],
  ['the largest of 64 bits as a number', 'logs', log({ intValue: 0 }).replace('"intValue":0', '"intValue":9223372036854775807'), 1],
  ['the smallest too', 'logs', log({ intValue: 0 }).replace('"intValue":0', '"intValue": -9223372036854775808'), 1],
  [
    'the largest without a sign',
    'traces',
    span({ startTimeUnixNano: 0 }).replace('"startTimeUnixNano":0', '"startTimeUnixNano":18446744073709551615'),
    1,
  ],
  [
    'a whole number written as 3.0',
    'traces',
    '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","flags":3.0}]}]}]}',
    1,
  ],
  ['unknown fields, whatever they hold', 'traces', span({ nobodyKnows: { me: [1, null, 'x'] }, toString: 1 }), 1],
  ['a key named __proto__', 'traces', span({}).replace('"traceId"', '"__proto__":5,"traceId"'), 1],
  ['null for a field left out', 'traces', span({ name: null, attributes: null, kind: null }), 1],
  ['not a number, as a string', 'metrics', point({ sum: 'NaN', min: '-Infinity', max: 'Infinity' }), 1],
  ['numbers as strings', 'metrics', point({ sum: '-1.5e3', scale: '-4', positive: { offset: 1, bucketCounts: ['1', 2] } }), 1],
  [
    'base64 of either alphabet, padded or not',
    'logs',
    log({ arrayValue: { values: [{ bytesValue: 'AAEC/+8=' }, { bytesValue: 'AAEC_-8' }, { bytesValue: '' }] } }),
    1,
  ],
  ['an empty value', 'logs', log({}), 1],
  ['a nested map', 'logs', log({ kvlistValue: { values: [{ key: 'k', value: { kvlistValue: {} } }] } }), 1],
];

for (const [what, signal, text, items] of LEGAL)
  test(`taken: ${what}`, () => {
    assert.deepEqual(walk(signal, text), { items });
  });

const SPAN = 'resourceSpans\\[0\\].scopeSpans\\[0\\].spans\\[0\\]';

const ILLEGAL: readonly [what: string, signal: Signal, text: string, why: string][] = [
  ['nothing', 'traces', '', 'the body is not JSON, or cut'],
  ['half a document', 'traces', span({}).slice(0, -1), 'the body is not JSON, or cut'],
  ['an array', 'traces', '[]', 'ExportTraceServiceRequest: an array where an object belongs'],
  ['null', 'traces', 'null', 'ExportTraceServiceRequest: null where an object belongs'],
  ['an object for a list', 'traces', '{"resourceSpans":{}}', 'resourceSpans: an object where an array belongs'],
  ['null in a list', 'traces', '{"resourceSpans":[null]}', 'resourceSpans\\[0\\]: null where an object belongs'],
  ['an id in base64', 'traces', span({ traceId: 'W47/95gDgQPSabYzgT/GDA==' }), `${SPAN}.traceId: 24 characters long, not 32 hex digits`],
  ['an id that is no hex', 'traces', span({ spanId: 'xee19b7ec3c1b174' }), `${SPAN}.spanId: not hex`],
  ['an id as number', 'traces', span({ spanId: 12 }), `${SPAN}.spanId: a number where a hex string belongs`],
  ['an empty span id', 'traces', span({ spanId: '' }), `${SPAN}.spanId: 0 characters long, not 16 hex digits`],
  ['no trace id', 'traces', span({ traceId: null }), `${SPAN}: traceId missing`],
  ['an unknown enum name', 'traces', span({ kind: 'SERVER' }), `${SPAN}.kind: no such name in the enum`],
  ['a name that every object has', 'traces', span({ kind: 'toString' }), `${SPAN}.kind: no such name in the enum`],
  ['half a number', 'traces', span({ kind: 1.5 }), `${SPAN}.kind: 1.5 is not an integer`],
  ['a negative count', 'traces', span({ droppedLinksCount: -1 }), `${SPAN}.droppedLinksCount: out of range`],
  ['2^64', 'traces', span({ startTimeUnixNano: '18446744073709551616' }), `${SPAN}.startTimeUnixNano: out of range`],
  ['2^64 as number', 'traces', span({ startTimeUnixNano: 2 ** 64 }), `${SPAN}.startTimeUnixNano: out of range`],
  ['2^32', 'traces', span({ flags: 2 ** 32 }), `${SPAN}.flags: out of range`],
  [
    'a time in words',
    'traces',
    span({ startTimeUnixNano: '2018-12-13T14:51:00Z' }),
    `${SPAN}.startTimeUnixNano: the string is not a decimal integer`,
  ],
  ['a number for text', 'traces', span({ name: 1 }), `${SPAN}.name: a number where a string belongs`],
  ['half a surrogate pair', 'traces', span({ name: '\ud800' }), `${SPAN}.name: half a surrogate pair is no text`],
  ['text for a boolean', 'logs', log({ boolValue: 'true' }), 'resourceLogs\\[0\\].*body.boolValue: a string where true or false belongs'],
  ['base64 that is none', 'logs', log({ bytesValue: 'a!' }), 'body.bytesValue: not base64'],
  ['base64 that is cut', 'logs', log({ bytesValue: 'AAECA' }), 'body.bytesValue: not base64'],
  ['a number that is none', 'metrics', point({ sum: 'nan' }), 'dataPoints\\[0\\].sum: the string is not a number'],
  ['a number beyond doubles', 'metrics', point({}).replace('[{}]', '[{"sum":1e400}]'), 'dataPoints\\[0\\].sum: out of range'],
];

for (const [what, signal, text, why] of ILLEGAL)
  test(`not taken: ${what}`, () => {
    const judged = walk(signal, text);
    assert.ok('fault' in judged, `accepted with ${JSON.stringify(judged)}`);
    assert.match(judged.fault, new RegExp(`${why}$`));
  });

test('bytes that are not UTF-8 are no JSON', () => {
  assert.deepEqual(walkJson(Buffer.from([0x7b, 0xff, 0x7d]), shapes.traces), { fault: 'the JSON is not UTF-8' });
});

test('nesting ends at 100 messages, and costs no stack', () => {
  const nested = (levels: number) => log(JSON.parse(`${'{"arrayValue":{"values":['.repeat(levels)}{}${']}}'.repeat(levels)}`));
  assert.deepEqual(walk('logs', nested(48)), { items: 1 });
  const judged = walk('logs', nested(49));
  assert.match('fault' in judged ? judged.fault : '', /nested deeper than 100 messages/);
});

test('property: what the wire form of the walk takes, the JSON form takes with the same items', () => {
  fc.assert(
    fc.property(fc.constantFrom(...SIGNALS), fc.nat(), (signal, seed) => {
      const body = encoded(signal, filled(requestType(signal), 0, picker(seed)));
      assert.deepEqual(walk(signal, asJson(signal, body)), walkWire(body, shapes[signal]));
    }),
    { numRuns: 60 },
  );
});

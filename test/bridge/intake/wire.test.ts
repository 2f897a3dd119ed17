import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import protobuf from 'protobufjs/minimal.js';
import { SIGNAL, SIGNALS, type Signal } from '../../../proto/vocabulary/signals.ts';
import { quickWalker } from '../../../bridge/intake/quick-walk.ts';
import { shapeOf, type Shape } from '../../../bridge/intake/shape.ts';
import { walkWire } from '../../../bridge/intake/wire.ts';
import { encoded, filled, fullRequest, one, ONE, picker, requestType } from './samples.ts';

const known = new Map<string, Shape>();
const shapes = Object.fromEntries(SIGNALS.map((signal) => [signal, shapeOf(SIGNAL[signal].request, known)])) as Record<Signal, Shape>;
const quickWalk = quickWalker([...known.values()]);
/** Judges twice: what the quick walk takes, this one takes with the same number of items. */
const walk = (signal: Signal, body: Buffer) => {
  const judged = walkWire(body, shapes[signal]);
  const items = quickWalk(body, shapes[signal]);
  if (items >= 0) assert.deepEqual(judged, { items });
  return judged;
};
const fault = (signal: Signal, body: Buffer): string => {
  const judged = walk(signal, body);
  return 'fault' in judged ? judged.fault : `accepted with ${judged.items} items`;
};

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** Puts bytes into a length-delimited field, and that into the next one: `nest([1, 2, 2], span)` is a request with this span. */
const nest = (numbers: readonly number[], content: Uint8Array): Buffer =>
  Buffer.from(
    numbers.reduceRight(
      (inner, number) =>
        protobuf.Writer.create()
          .uint32(number * 8 + 2)
          .bytes(inner)
          .finish(),
      content,
    ),
  );

const TRACE_ID = `0a10${'11'.repeat(16)}`;
const IDS = `${TRACE_ID}1208${'22'.repeat(8)}`;
const span = (fields: string): Buffer => nest([1, 2, 2], hex(IDS + fields));
/** a data point of an exponential histogram */
const histogramPoint = (fields: string): Buffer => nest([1, 2, 2, 10, 1], hex(fields));
const logRecord = (fields: string): Buffer => nest([1, 2, 2], hex(fields));

test('a request with every field of the schema is taken and its items counted', () => {
  for (let seed = 0; seed < 20; seed++) {
    const count = (signal: Signal) => walk(signal, fullRequest(signal, seed));
    assert.deepEqual(count('traces'), { items: 8 });
    assert.deepEqual(count('logs'), { items: 8 });
    assert.deepEqual(count('metrics'), { items: 16 });
  }
});

test('nothing, and resources without items, are no items', () => {
  assert.deepEqual(walk('traces', Buffer.alloc(0)), { items: 0 });
  assert.deepEqual(
    walk('metrics', encoded('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'm', gauge: {} }] }] }] })),
    { items: 0 },
  );
  assert.deepEqual(walk('logs', encoded('logs', { resourceLogs: [{ resource: {}, scopeLogs: [{}] }] })), { items: 0 });
});

const LEGAL: readonly [what: string, signal: Signal, body: Buffer][] = [
  ['an unknown varint', 'traces', span('f8 07 ff ff ff ff ff ff ff ff ff 01')],
  ['an unknown field of 8 bytes', 'traces', span('f9 07 0000000000000000')],
  ['an unknown field of 4 bytes', 'traces', span('fd 07 00000000')],
  ['an unknown length-delimited field', 'traces', span('fa 07 03 ff ff ff')],
  ['an unknown group', 'traces', span('fb 07 08 01 fc 07')],
  ['a group in a group', 'traces', span('fb 07 13 0a 02 ff ff 14 fc 07')],
  ['the largest field number', 'traces', span('f8 ff ff ff 0f 01')],
  ['a tag in more bytes than it needs', 'traces', span('aa 80 00 01 61')],
  ['an empty parent', 'traces', span('22 00')],
  ['ids of a log record that are all zero', 'logs', logRecord(`4a10${'00'.repeat(16)}5208${'00'.repeat(8)}`)],
  ['a link without ids', 'traces', span('6a 00')],
  ['a log record without ids', 'logs', logRecord('')],
  ['packed bucket counts', 'metrics', histogramPoint('42 07 08 02 12 03 01 80 01')],
  ['unpacked bucket counts', 'metrics', histogramPoint('42 06 08 02 10 01 10 05')],
  ['an enum value that nobody knows', 'traces', span('30 e7 07')],
  ['a negative int32 in ten bytes', 'metrics', histogramPoint('42 0b 08 ff ff ff ff ff ff ff ff ff 01')],
  ['text of more than one byte a character', 'traces', span('2a 06 e4b896e7958c')],
  ['long text of more than one byte a character', 'traces', span(`2a 5a ${'e4b896'.repeat(30)}`)],
];

for (const [what, signal, body] of LEGAL)
  test(`taken: ${what}`, () => {
    assert.deepEqual(walk(signal, body), { items: 1 });
  });

const ILLEGAL: readonly [what: string, signal: Signal, body: Buffer, why: RegExp][] = [
  ['a trace id that is all zero', 'traces', nest([1, 2, 2], hex(`0a10${'00'.repeat(16)}1208${'01'.repeat(8)}`)), /trace_id.*all zeroes/],
  ['a span id that is all zero', 'traces', nest([1, 2, 2], hex(`0a10${'01'.repeat(16)}1208${'00'.repeat(8)}`)), /span_id.*all zeroes/],
  ['field number 0', 'traces', hex('00 00'), /^ExportTraceServiceRequest at byte 0: field number 0/],
  ['a field number of 2^29', 'traces', hex('80 80 80 80 10 00'), /larger than 536870911/],
  ['a tag that does not end', 'traces', hex('8a 80 80'), /the field number is cut/],
  ['a tag of six bytes', 'traces', hex('8a 80 80 80 80 00'), /the field number is cut/],
  ['wire type 6', 'traces', hex('7e'), /field 15 at byte 0: type 6 begins no field/],
  ['wire type 7 on a known field', 'traces', hex('0f'), /resource_spans at byte 0: type 7 on the wire/],
  ['the end of a group that never began', 'traces', hex('7c'), /the end of a group begins no field/],
  ['a group that ends as another', 'traces', span('fb 07 08 01 f4 07'), /field 127 at byte \d+: the value is cut/],
  ['a group that never ends', 'traces', span('fb 07 08 01'), /the value is cut/],
  ['a length past the end', 'traces', hex('0a 05 00'), /resource_spans at byte 0: 5 bytes announced, 1 left/],
  [
    'an inner length past the end of its message',
    'traces',
    hex('0a 04 12 05 00 00 12 00'),
    /scope_spans at byte 2: 5 bytes announced, 2 left/,
  ],
  ['a length of 4 GiB', 'traces', hex('0a ff ff ff ff 0f'), /4294967295 bytes announced, 0 left/],
  ['a length of five bytes and a half', 'traces', hex('0a ff ff ff ff 1f'), /the length is cut or larger/],
  ['no length', 'traces', hex('0a'), /the length is cut/],
  ['a varint of eleven bytes', 'traces', span('30 80 80 80 80 80 80 80 80 80 80 00'), /Span.kind at byte \d+: the varint/],
  ['a cut varint', 'traces', span('30 80'), /Span.kind at byte \d+: the varint is cut/],
  ['a cut unknown varint', 'traces', span('f8 07 80'), /Span field 127 at byte \d+: the value is cut/],
  ['a cut fixed64', 'traces', span('39 00 00'), /Span.start_time_unix_nano at byte \d+: the value is cut/],
  ['a cut fixed32 of a two-byte tag', 'traces', span('85 01 00'), /Span.flags at byte \d+: the value is cut/],
  ['a varint for text', 'traces', span('28 01'), /Span.name at byte \d+: a varint on the wire, the schema has string/],
  [
    'bytes for a number',
    'traces',
    span('3a 08 00 00 00 00 00 00 00 00'),
    /Span.start_time_unix_nano.*a length and bytes on the wire, the schema has fixed64/,
  ],
  ['4 bytes for 8', 'traces', span('3d 00 00 00 00'), /4 bytes on the wire, the schema has fixed64/],
  ['a group for a message', 'traces', span('7b 7c'), /Span.status at byte \d+: the start of a group on the wire/],
  [
    'a packed list that is no multiple of 8',
    'metrics',
    nest([1, 2, 2, 9, 1], hex('32 07 00000000000000')),
    /bucket_counts.*7 bytes long, not a multiple of 8/,
  ],
  [
    'a packed list that is cut',
    'metrics',
    histogramPoint('42 05 08 02 12 01 80'),
    /Buckets.bucket_counts at byte \d+: the packed list is cut/,
  ],
  [
    'a fixed32 in a list of varints',
    'metrics',
    histogramPoint('42 05 15 00 00 00 00'),
    /4 bytes on the wire, the schema has a list of uint64/,
  ],
  ['text that is not UTF-8', 'traces', span('2a 02 c3 28'), /Span.name at byte \d+: not UTF-8/],
  ['long text that is not UTF-8', 'traces', span(`2a 64 ${'61'.repeat(99)}ff`), /Span.name at byte \d+: not UTF-8/],
  ['a span without a trace id', 'traces', nest([1, 2, 2], hex('1208 2222222222222222')), /Span at byte \d+: trace_id missing/],
  ['a span without ids', 'traces', nest([1, 2, 2], hex('2a 01 61')), /Span at byte \d+: trace_id and span_id missing/],
  ['a span with an empty id', 'traces', nest([1, 2, 2], hex(`${TRACE_ID}1200`)), /Span.span_id at byte \d+: 0 bytes long, not 8/],
  ['a trace id of 24 bytes', 'traces', nest([1, 2, 2], hex(`0a18${'11'.repeat(24)}`)), /Span.trace_id at byte \d+: 24 bytes long, not 16/],
  ['a parent of 7 bytes', 'traces', span('22 07 00000000000000'), /Span.parent_span_id at byte \d+: 7 bytes long, not 8/],
  ['a link with a short id', 'traces', span('6a 03 12 01 00'), /Link.span_id at byte \d+: 1 bytes long/],
  ['a log record with a short id', 'logs', logRecord('4a 01 00'), /LogRecord.trace_id at byte \d+: 1 bytes long, not 16/],
  ['an exemplar with a short id', 'metrics', nest([1, 2, 2, 5, 1], hex('2a 03 22 01 00')), /Exemplar.span_id at byte \d+: 1 bytes long/],
];

for (const [what, signal, body, why] of ILLEGAL)
  test(`not taken: ${what}`, () => {
    assert.match(fault(signal, body), why);
  });

/** An AnyValue in so many arrays. */
const nested = (levels: number): Buffer =>
  nest([1, 2, 2, 5, ...new Array<number>(levels * 2).fill(0).map((_, level) => (level % 2 === 0 ? 5 : 1))], hex('10 01'));

test('nesting ends at 100 messages, as in protobuf itself, and costs no stack', () => {
  assert.deepEqual(walk('logs', nested(48)), { items: 1 });
  assert.match(fault('logs', nested(49)), /nested deeper than 100 messages/);
  assert.match(fault('logs', nested(20_000)), /nested deeper than 100 messages/);
  assert.match(fault('traces', span(`${'fb07'.repeat(50_000)}`)), /nested too deep/);
});

test('cut anywhere, a request is refused or shorter, never misread', () => {
  for (const signal of SIGNALS) {
    const body = one(signal);
    for (let length = 1; length < body.length; length++)
      assert.ok('fault' in walk(signal, body.subarray(0, length)), `${signal} cut to ${length}`);
  }
});

type Mutation = { at: number; remove: number; insert: Uint8Array };
const mutations = fc.array(fc.record({ at: fc.nat(), remove: fc.nat({ max: 3 }), insert: fc.uint8Array({ maxLength: 4 }) }), {
  minLength: 1,
  maxLength: 4,
});
const mutated = (body: Buffer, changes: readonly Mutation[]): Buffer =>
  changes.reduce((bytes, { at, remove, insert }) => {
    const place = at % (bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, place), insert, bytes.subarray(place + remove)]);
  }, body);

/**
 * The walk is stricter than protobufjs, which takes a foreign wire type for an unknown field, reads tags and lengths of more bytes than they need,
 * and knows nothing of ids. It is never laxer.
 */
test('property: what the walk takes, protobufjs decodes, with the same number of items', () => {
  const bases = SIGNALS.flatMap((signal) =>
    [1, 2, 3].map((seed) => ({ signal, body: seed === 3 ? one(signal) : fullRequest(signal, seed) })),
  );
  let taken = 0;
  fc.assert(
    fc.property(fc.constantFrom(...bases), mutations, ({ signal, body }, changes) => {
      const bytes = mutated(body, changes);
      const judged = walk(signal, bytes);
      if ('fault' in judged) return;
      taken++;
      requestType(signal).decode(bytes);
    }),
    { numRuns: 3000 },
  );
  assert.ok(taken > 50, `only ${taken} of 3000 were taken: the property says too little`);
});

test('property: what protobufjs encodes with right ids, the walk takes', () => {
  fc.assert(
    fc.property(fc.constantFrom(...SIGNALS), fc.nat(), (signal, seed) => {
      const judged = walk(signal, encoded(signal, filled(requestType(signal), 0, picker(seed))));
      assert.ok('items' in judged, JSON.stringify(judged));
    }),
    { numRuns: 60 },
  );
});

test('the samples hold what the tests say', () =>
  assert.deepEqual(
    SIGNALS.map((signal) => walk(signal, encoded(signal, ONE[signal]))),
    [{ items: 1 }, { items: 1 }, { items: 1 }],
  ));

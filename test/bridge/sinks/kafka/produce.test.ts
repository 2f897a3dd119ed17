import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import fc from 'fast-check';
import { crc32C } from '../../../../bridge/sinks/kafka/crc32c.ts';
import { createFrames } from '../../../../bridge/sinks/kafka/frames.ts';
import { produceFrame as framed, type ProduceOrder } from '../../../../bridge/sinks/kafka/produce.ts';

const require = createRequire(import.meta.url);
type Encoded = { encode(): Promise<{ buffer: Buffer }> };
/** kafkajs as it is, never mended in this process: what its own encoder makes is the measure. */
const library = {
  produce: require('kafkajs/src/protocol/requests/produce/index.js') as {
    protocol: (of: { version: number }) => (order: object) => { request: Encoded };
  },
  frame: require('kafkajs/src/protocol/request.js') as (sent: object) => Promise<{ buffer: Buffer }>,
  codec: require('kafkajs/src/protocol/message/compression/index.js') as {
    lookupCodec: (codec: number) => { compress(encoder: { buffer: Buffer }): Promise<Buffer> };
  },
};
const GZIP = 1;
const tools = {
  crc32C: crc32C(),
  frame: createFrames(),
  compress: (codec: number, buffer: Buffer) => library.codec.lookupCodec(codec).compress({ buffer }),
};

/** Each frame is given back at once: the next one is written over what it leaves. */
const produceFrame = async (...of: Parameters<typeof framed>): Promise<Buffer> => {
  const { buffer, free } = await framed(...of);
  free();
  return buffer;
};

const part = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ maxLength: 80, unit: 'binary' }),
);
const message = fc.record({
  key: fc.option(part),
  value: part,
  // Of thirteen digits, as for the next two centuries: the library compares them as text.
  timestamp: fc.integer({ min: 1_700_000_000_000, max: 1_700_900_000_000 }).map(String),
  headers: fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), part, { maxKeys: 3 }),
});
const order = fc.record({
  acks: fc.constantFrom(-1, 1),
  timeout: fc.nat(),
  compression: fc.constantFrom(0, GZIP),
  topicData: fc.array(
    fc.record({
      topic: fc.string({ minLength: 1, maxLength: 249 }),
      partitions: fc.array(fc.record({ partition: fc.nat(1000), messages: fc.array(message, { minLength: 1, maxLength: 12 }) }), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
    { minLength: 1, maxLength: 2 },
  ),
});

const libraryFrame = async (from: ProduceOrder, apiVersion: number, correlationId: number, clientId: string) =>
  (await library.frame({ correlationId, clientId, request: library.produce.protocol({ version: apiVersion })(from).request })).buffer;

for (const apiVersion of [3, 5, 7])
  test(`a request to produce, version ${apiVersion}, is byte for byte the library's`, async () => {
    await fc.assert(
      fc.asyncProperty(order, fc.nat(), fc.string({ maxLength: 30 }), async (one, correlationId, clientId) => {
        const ours = await produceFrame(one, { apiVersion, correlationId, clientId }, tools);
        assert.deepEqual(ours, await libraryFrame(one, apiVersion, correlationId, clientId));
      }),
      { numRuns: 60 },
    );
  });

test('values of every length of varint, and more records than a byte counts', async () => {
  const value = (bytes: number) => ({ value: Buffer.alloc(bytes, 'v'), key: null, timestamp: '1700000000000' });
  const messages = [0, 63, 64, 8191, 8192, 1_048_576].map(value);
  const many = Array.from({ length: 300 }, (_, at) => ({ ...value(at), timestamp: String(1_700_000_000_000 + at * 100_000_000) }));
  for (const all of [messages, many]) {
    const one = { acks: -1, timeout: 1, topicData: [{ topic: 't', partitions: [{ partition: 0, messages: all }] }] };
    const head = { apiVersion: 7, correlationId: 1, clientId: 'c' };
    assert.ok((await produceFrame(one, head, tools)).equals(await libraryFrame(one, 7, 1, 'c')));
  }
});

test('timestamps that grow a digit are in order, as the library has them not', async () => {
  const messages = ['999999999999', '1000000000000'].map((timestamp) => ({ value: 'v', timestamp }));
  const one = { acks: -1, timeout: 1, topicData: [{ topic: 't', partitions: [{ partition: 0, messages }] }] };
  const frame = await produceFrame(one, { apiVersion: 7, correlationId: 1, clientId: 'c' }, tools);
  const batch = frame.subarray(frame.length - frame.readInt32BE(frame.indexOf(Buffer.from([0, 1, 't'.charCodeAt(0)])) + 11));
  assert.deepEqual([batch.readBigInt64BE(27), batch.readBigInt64BE(35)], [999_999_999_999n, 1_000_000_000_000n]);
});

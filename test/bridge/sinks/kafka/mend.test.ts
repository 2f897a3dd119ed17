import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { kafkajs } from '../../../../bridge/sinks/kafka/library.ts';
import { mendKafkajs, mendProduce, VERSION } from '../../../../bridge/sinks/kafka/mend.ts';

const require = createRequire(import.meta.url);
type Require = Parameters<typeof mendKafkajs>[0];

const NO_TOOLS = {
  crc32C: () => 0,
  compress: (_codec: number, bytes: Buffer) => Promise.resolve(bytes),
  frame: (size: number) => ({ buffer: Buffer.alloc(size), free: () => {} }),
};
const response = { decode: () => Promise.resolve({}) };
const request = { apiKey: 0, apiVersion: 7 };

describe('another kafkajs than the one that is mended is refused in one sentence', () => {
  /** A kafkajs of which some files are otherwise. */
  const altered = (files: Record<string, unknown>): Require =>
    Object.assign((name: string) => files[name] ?? (require(name) as unknown), { cache: {}, resolve: (name: string) => name }) as Require;

  test('another release', () => {
    assert.throws(() => mendKafkajs(altered({ 'kafkajs/package.json': { version: '2.3.0' } })), {
      message: `kafkajs is not as bridge/sinks/kafka/mend.ts expects: it is 2.3.0. Install kafkajs ${VERSION}, as package-lock.json has it, or look at the new one first`,
    });
  });

  test('a request queue of another kind', () => {
    const files = { 'kafkajs/src/network/requestQueue/index.js': { prototype: {} } };
    assert.throws(() => mendKafkajs(altered(files)), /its request queue has no maybeThrottle and scheduleCheckPendingRequests/);
  });

  test('a newer Produce', () => {
    const protocol = () => () => ({ request, response });
    assert.throws(() => mendProduce({ versions: ['3', '9'], protocol }, NO_TOOLS), /its newest version of Produce is 9 and not 7/);
  });

  test('one that is in use already', () => {
    const cache = { 'kafkajs/src/network/connection.js': {} };
    assert.throws(() => mendKafkajs(Object.assign(altered({}), { cache }) as Require), /its connection is loaded before it is mended/);
  });
});

test('requests of versions before record batches, and of producers with an id, stay the library’s own', () => {
  const produce = { versions: ['0', '2', '3', '7'], protocol: () => () => ({ request, response }) };
  mendProduce(produce, NO_TOOLS);
  const order = { acks: -1, timeout: 1, topicData: [] };
  const frameOf = (version: number, more: object) =>
    (produce.protocol as unknown as (of: object) => (order: object) => { request: { frame?: unknown } })({ version })({ ...order, ...more })
      .request.frame;
  assert.equal(typeof frameOf(7, {}), 'function');
  assert.equal(frameOf(2, {}), undefined);
  assert.equal(frameOf(7, { transactionalId: 'one' }), undefined);
  assert.equal(frameOf(7, { producerId: 12n }), undefined);
});

test('a frame is given back when its answer comes, and not before', async () => {
  let freed = 0;
  const protocol = () => () => ({ request, response: { decode: (bytes: Buffer) => Promise.resolve({ bytes }) } });
  const produce = { versions: ['3', '7'], protocol };
  mendProduce(produce, { ...NO_TOOLS, frame: (size) => ({ buffer: Buffer.alloc(size), free: () => void freed++ }) });
  const made = (
    produce.protocol as unknown as (of: object) => (order: object) => {
      request: { frame: (id: number, client: string) => Promise<Buffer> };
      response: { decode: (bytes: Buffer) => Promise<unknown> };
    }
  )({ version: 7 })({ acks: -1, timeout: 1, topicData: [] });
  await made.request.frame(1, 'c');
  assert.equal(freed, 0);
  const answer = Buffer.from('answer');
  assert.deepEqual(await made.response.decode(answer), { bytes: answer });
  assert.equal(freed, 1);
});

test('what a connection of the mended library sends is one buffer, and other requests are as they were', async () => {
  const { CompressionTypes } = kafkajs();
  const frameOf = require('kafkajs/src/protocol/request.js') as (sent: object) => Promise<{ buffer: Buffer }>;
  const { requests } = require('kafkajs/src/protocol/requests/index.js') as {
    requests: Record<'Produce' | 'Metadata', { protocol: (of: { version: number }) => (order: object) => { request: object } }>;
  };
  const messages = [{ key: null, value: Buffer.alloc(5000, 'x'), timestamp: '1700000000000' }];
  for (const compression of [CompressionTypes.None, CompressionTypes.GZIP, CompressionTypes.ZSTD]) {
    const order = { acks: -1, timeout: 1, compression, topicData: [{ topic: 't', partitions: [{ partition: 0, messages }] }] };
    const made = requests.Produce.protocol({ version: 7 })(order);
    const { buffer } = await frameOf({ correlationId: 5, clientId: 'c', request: made.request });
    assert.equal(buffer.readInt32BE(0), buffer.length - 4);
    assert.ok(compression === CompressionTypes.None ? buffer.length > 5000 : buffer.length < 300, `${buffer.length} bytes`);
  }
  const metadata = requests.Metadata.protocol({ version: 6 })({ topics: ['t'] });
  const { buffer } = await frameOf({ correlationId: 6, clientId: 'c', request: metadata.request });
  assert.deepEqual([buffer.readInt16BE(4), buffer.readInt16BE(6), buffer.readInt32BE(8)], [3, 6, 6]);
});

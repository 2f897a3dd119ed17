import type { Crc32C } from './crc32c.ts';
import type { Frame } from './frames.ts';

/** A record as kafkajs's producer takes it. */
export type ProduceMessage = {
  key?: Buffer | string | null;
  value: Buffer | string | null;
  /** milliseconds since the epoch */
  timestamp?: string;
  headers?: Readonly<Record<string, Buffer | string>>;
};

/** What kafkajs asks of a broker, as far as it is for producers that are neither idempotent nor in a transaction. */
export type ProduceOrder = {
  acks: number;
  timeout: number;
  /** Kafka's number of the codec, 0 for none */
  compression?: number;
  topicData: readonly { topic: string; partitions: readonly { partition: number; messages: readonly ProduceMessage[] }[] }[];
};

/** What stands before every request. */
export type RequestHead = { apiVersion: number; correlationId: number; clientId: string };

export type Tools = {
  crc32C: Crc32C;
  compress: (codec: number, records: Buffer) => Promise<Buffer>;
  /** a buffer of so many bytes, and the way to give it back */
  frame: (size: number) => Frame;
};

const PRODUCE = 0;
const MAGIC = 2;
/** Bytes of a record batch before its records, and where that begins which the checksum is of. Source: Kafka, "Implementation: Record Batch". */
const BATCH_HEAD = 61;
const CHECKED_FROM = 21;
/** What comes before `batchLength` is over, which counts what comes behind it. */
const BEFORE_LENGTH_ENDS = 12;

const byteLength = (text: Buffer | string): number => (typeof text === 'string' ? Buffer.byteLength(text) : text.length);

/** Bytes of a varint: seven bits each, of the zigzag of a number that is not negative, or of -1. */
const zigzag = (value: number): number => (value < 0 ? 1 : value * 2);
function sizeOfVarint(value: number): number {
  let size = 1;
  for (let rest = zigzag(value); rest > 127; rest = Math.floor(rest / 128)) size++;
  return size;
}
function putVarint(to: Buffer, at: number, value: number): number {
  let rest = zigzag(value);
  for (; rest > 127; rest = Math.floor(rest / 128)) to[at++] = (rest % 128) | 128;
  to[at++] = rest;
  return at;
}

const put = (to: Buffer, at: number, what: Buffer | string): number =>
  at + (typeof what === 'string' ? to.write(what, at, 'utf8') : what.copy(to, at));

const sizeOfPart = (part: Buffer | string | null | undefined): number => {
  const length = part == null ? -1 : byteLength(part);
  return sizeOfVarint(length) + Math.max(0, length);
};
const putPart = (to: Buffer, at: number, part: Buffer | string | null | undefined): number =>
  part == null ? putVarint(to, at, -1) : put(to, putVarint(to, at, byteLength(part)), part);

const encodedHeaders = new WeakMap<object, Buffer>();
const NO_HEADERS = {};
/** Headers as they stand in a record. All records of a kind share theirs. */
function headersOf(headers: ProduceMessage['headers'] = NO_HEADERS): Buffer {
  const known = encodedHeaders.get(headers);
  if (known) return known;
  const all = Object.entries(headers);
  const bytes = Buffer.alloc(all.reduce((sum, [name, value]) => sum + sizeOfPart(name) + sizeOfPart(value), sizeOfVarint(all.length)));
  let at = putVarint(bytes, 0, all.length);
  for (const [name, value] of all) at = putPart(bytes, putPart(bytes, at, name), value);
  encodedHeaders.set(headers, bytes);
  return bytes;
}

/** Records of one batch, measured before a byte is written: they go into place once. */
type Measured = { first: number; last: number; bytes: number; put: (to: Buffer, at: number) => number };

function measure(messages: readonly ProduceMessage[]): Measured {
  const now = Date.now();
  const times = messages.map(({ timestamp }) => (timestamp === undefined ? now : Number(timestamp)));
  const [first, last] = [times.reduce((a, b) => Math.min(a, b), Infinity), times.reduce((a, b) => Math.max(a, b), -Infinity)];
  const sizes = messages.map(
    ({ key, value, headers }, index) =>
      // One byte of attributes, of which there are none.
      1 + sizeOfVarint(times[index]! - first) + sizeOfVarint(index) + sizeOfPart(key) + sizeOfPart(value) + headersOf(headers).length,
  );
  return {
    first,
    last,
    bytes: sizes.reduce((sum, size) => sum + sizeOfVarint(size) + size, 0),
    put(to, start) {
      let at = start;
      for (const [index, { key, value, headers }] of messages.entries()) {
        at = putVarint(to, at, sizes[index]!);
        to[at++] = 0;
        at = putVarint(to, putVarint(to, at, times[index]! - first), index);
        at = putPart(to, putPart(to, at, key), value);
        at = put(to, at, headersOf(headers));
      }
      return at;
    },
  };
}

type Batch = { partition: number; count: number; codec: number; records: Measured };

async function batchOf(partition: number, messages: readonly ProduceMessage[], codec: number, { compress, frame }: Tools): Promise<Batch> {
  const records = measure(messages);
  const count = messages.length;
  if (codec === 0) return { partition, count, codec, records };
  const plain = frame(records.bytes);
  records.put(plain.buffer, 0);
  const compressed = await compress(codec, plain.buffer);
  plain.free();
  return { partition, count, codec, records: { ...records, bytes: compressed.length, put: (to, at) => put(to, at, compressed) } };
}

function putBatch(to: Buffer, start: number, { count, codec, records }: Batch, { crc32C }: Tools): number {
  to.writeBigInt64BE(0n, start);
  to.writeInt32BE(BATCH_HEAD - BEFORE_LENGTH_ENDS + records.bytes, start + 8);
  to.writeInt32BE(0, start + 12);
  to[start + 16] = MAGIC;
  to.writeInt16BE(codec, start + 21);
  to.writeInt32BE(count - 1, start + 23);
  to.writeBigInt64BE(BigInt(records.first), start + 27);
  to.writeBigInt64BE(BigInt(records.last), start + 35);
  // No producer id, hence neither its epoch nor a sequence.
  to.writeBigInt64BE(-1n, start + 43);
  to.writeInt16BE(0, start + 51);
  to.writeInt32BE(0, start + 53);
  to.writeInt32BE(count, start + 57);
  const end = records.put(to, start + BATCH_HEAD);
  to.writeUInt32BE(crc32C(to.subarray(start + CHECKED_FROM, end)), start + 17);
  return end;
}

const putText = (to: Buffer, at: number, text: string): number => put(to, to.writeInt16BE(Buffer.byteLength(text), at), text);

/**
 * A whole Produce request of versions 3 to 7, its length before it, in one buffer. kafkajs copies each record nine times on its way there, into buffers that
 * it makes twice as large again and again and fills with zeros: half of all the time that a bridge takes. Here it is copied once. The buffer may be given
 * back as soon as the broker has answered, and not before.
 * Source: Kafka protocol guide, "Produce API"; byte for byte what kafkajs makes of it.
 */
export async function produceFrame(
  order: ProduceOrder,
  { apiVersion, correlationId, clientId }: RequestHead,
  tools: Tools,
): Promise<Frame> {
  const { acks, timeout, compression = 0, topicData } = order;
  const topics = await Promise.all(
    topicData.map(async ({ topic, partitions }) => ({
      topic,
      batches: await Promise.all(partitions.map(({ partition, messages }) => batchOf(partition, messages, compression, tools))),
    })),
  );
  // length, key, version, correlation id, client id; transactional id, acks, time limit, number of topics
  let size = 4 + 2 + 2 + 4 + 2 + Buffer.byteLength(clientId) + 2 + 2 + 4 + 4;
  for (const { topic, batches } of topics) {
    size += 2 + Buffer.byteLength(topic) + 4;
    for (const { records } of batches) size += 4 + 4 + BATCH_HEAD + records.bytes;
  }

  const made = tools.frame(size);
  const frame = made.buffer;
  frame.writeInt32BE(size - 4, 0);
  frame.writeInt16BE(PRODUCE, 4);
  frame.writeInt16BE(apiVersion, 6);
  frame.writeInt32BE(correlationId, 8);
  let at = putText(frame, 12, clientId);
  at = frame.writeInt16BE(-1, at);
  at = frame.writeInt16BE(acks, at);
  at = frame.writeInt32BE(timeout, at);
  at = frame.writeInt32BE(topics.length, at);
  for (const { topic, batches } of topics) {
    at = frame.writeInt32BE(batches.length, putText(frame, at, topic));
    for (const batch of batches) {
      at = frame.writeInt32BE(batch.partition, at);
      at = frame.writeInt32BE(BATCH_HEAD + batch.records.bytes, at);
      at = putBatch(frame, at, batch, tools);
    }
  }
  return made;
}

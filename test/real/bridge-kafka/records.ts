import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import kafkajs from 'kafkajs';
import type { KafkaConfig, KafkaJSError } from 'kafkajs';
import { until } from '../../doubles/until.ts';
import { withAdmin } from '../stand/kafka-admin.ts';

export type StoredRecord = {
  partition: number;
  offset: number;
  key: string | null;
  headers: Record<string, string>;
  value: Buffer;
  timestamp: string;
};

const READ_MS = 60_000;

// Not the bridge's client, which is another kafkajs than the one that is installed.
const [compress, decompress] = [promisify(zstdCompress), promisify(zstdDecompress)];
kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
  compress: ({ buffer }: { buffer: Buffer }) => compress(buffer),
  decompress,
});

/** Everything that a topic holds now, by partition and offset. `how`: what it takes to be let in. */
export async function readTopic(kafka: string, topic: string, how: Partial<KafkaConfig> = {}): Promise<StoredRecord[]> {
  // A partition that is new has no leader for a moment.
  const ends = await until(
    `the ends of ${topic}`,
    () =>
      withAdmin(kafka, (admin) => admin.fetchTopicOffsets(topic)).catch((error: Partial<KafkaJSError>) =>
        error.retriable === true ? undefined : Promise.reject(error as Error),
      ),
    READ_MS,
  );
  const due = new Map(ends.filter(({ high, low }) => Number(high) > Number(low)).map(({ partition, high }) => [partition, Number(high)]));
  if (due.size === 0) return [];
  const client = new kafkajs.Kafka({ brokers: kafka.split(','), logLevel: kafkajs.logLevel.NOTHING, ...how });
  const consumer = client.consumer({ groupId: `reader-${randomUUID()}`, sessionTimeout: 10_000 });
  const records: StoredRecord[] = [];
  const done = Promise.withResolvers<void>();
  const timer = setTimeout(() => done.reject(new Error(`${topic} could not be read to its end in ${READ_MS / 1000} s`)), READ_MS);
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: ({ partition, message }) => {
        const headers = Object.fromEntries(Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]));
        const offset = Number(message.offset);
        records.push({
          partition,
          offset,
          key: message.key === null ? null : message.key.toString(),
          headers,
          value: message.value!,
          timestamp: message.timestamp,
        });
        if (offset + 1 >= (due.get(partition) ?? 0)) due.delete(partition);
        if (due.size === 0) done.resolve();
        return Promise.resolve();
      },
    });
    await done.promise;
  } finally {
    clearTimeout(timer);
    await consumer.disconnect();
  }
  return records.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
}

const CODEC = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

/** Compression and bytes of each batch of a partition, as it came over the wire: the broker stores batches as they come. Source: Kafka, "Record Batch". */
export function batchesOf(folder: string, topic: string, partition = 0): { codec: string; bytes: number; records: number }[] {
  const place = join(folder, 'kraft', `${topic}-${partition}`);
  const batches: { codec: string; bytes: number; records: number }[] = [];
  for (const name of readdirSync(place).filter((one) => one.endsWith('.log'))) {
    const log = readFileSync(join(place, name));
    for (let at = 0; at + 61 <= log.length;) {
      const bytes = 12 + log.readInt32BE(at + 8);
      if (bytes <= 12) break;
      batches.push({ codec: CODEC[log.readInt16BE(at + 21) & 7]!, bytes, records: log.readInt32BE(at + 57) });
      at += bytes;
    }
  }
  return batches;
}

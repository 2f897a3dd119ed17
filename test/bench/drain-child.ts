import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import type Kafkajs from 'kafkajs';
import { createBudget } from '../../bridge/budget.ts';
import { startPipeline, type PipelineOptions } from '../../bridge/pipeline.ts';
import { readKafkaSettings } from '../../bridge/settings/kafka.ts';
import { SIGNALS } from '../../proto/vocabulary/signals.ts';
import { hundredSpans } from './bridge/request.ts';

/**
 * `node drain-child.ts bridge|bare KAFKA TOPIC none|zstd COUNT`: brings so many requests from memory into Kafka, by the bridge's pipeline and sink or by a
 * bare loop on kafkajs as it is installed, with the same batches. Says in JSON how long that took, and what CPU.
 */
const [who = '', kafka = '', topic = '', codec = 'none', counted = '0'] = process.argv.slice(2);
const count = Number(counted);
/** What the bridge lays in one batch: `bridge.kafka.batch.size`, a record with 200 bytes beside its value; and batches on their way. */
const BATCH_BYTES = 900_000;
const BESIDE = 200;
const IN_FLIGHT = 4;

// Bodies in buffers of their own, as they come from senders.
const bodies = Array.from({ length: 200 }, () => Buffer.from(hundredSpans()));
const bodyAt = (at: number): Buffer => bodies[at % bodies.length]!;

type Drain = () => Promise<void>;

async function bridge(): Promise<Drain> {
  // Not beside the bare loop: it changes kafkajs.
  const { openKafkaSink } = await import('../../bridge/sinks/kafka/sink.ts');
  const given: Readonly<Record<string, string>> = {
    'bootstrap.servers': kafka,
    'client.id': 'drain',
    'compression.type': codec,
    'max.request.size': '1048576',
    'batch.size': String(BATCH_BYTES),
    'max.in.flight.requests.per.connection': String(IN_FLIGHT),
    'request.timeout.ms': '30000',
    'socket.connection.setup.timeout.ms': '5000',
    'metadata.max.age.ms': '30000',
  };
  const sink = openKafkaSink(
    readKafkaSettings((name) => given[name]),
    () => {},
  );
  const to = { topic, format: 'protobuf', creation: null } as const;
  const pipeline = startPipeline({
    capacity: count,
    to: Object.fromEntries(SIGNALS.map((signal) => [signal, to])) as PipelineOptions['to'],
    budget: createBudget(2 ** 40),
    sink,
    drainMaxPerSecond: null,
    log: ({ message }) => void process.stderr.write(`${message}\n`),
    now: Date.now,
    setAside: () => Promise.reject(new Error('a request is set aside')),
  });
  pipeline.pause();
  for (let at = 0; at < count; at++)
    if (pipeline.offer({ signal: 'traces', body: bodyAt(at), encoding: 'protobuf', receivedAt: Date.now() }) !== 'accepted')
      throw new Error('the queue does not take everything');
  return async () => {
    const { delivered } = await pipeline.flush(300_000);
    if (delivered !== count) throw new Error(`${delivered} of ${count} are delivered`);
    await sink.close();
  };
}

async function bare(): Promise<Drain> {
  const { Kafka, CompressionTypes, CompressionCodecs, logLevel } = createRequire(import.meta.url)('kafkajs') as typeof Kafkajs;
  const [compress, decompress] = [promisify(zstdCompress), promisify(zstdDecompress)];
  CompressionCodecs[CompressionTypes.ZSTD] = () => ({ compress: ({ buffer }: { buffer: Buffer }) => compress(buffer), decompress });
  const partitions = 4;
  const producer = new Kafka({ clientId: 'drain', brokers: [kafka], logLevel: logLevel.ERROR }).producer({
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition!,
  });
  await producer.connect();
  const each = Math.floor(BATCH_BYTES / (bodyAt(0).length + BESIDE));
  const headers = { signal: 'traces', 'content-type': 'application/x-protobuf' };
  return async () => {
    let next = 0;
    let turn = 0;
    const lane = async () => {
      while (next < count) {
        const [from, partition] = [next, turn++ % partitions];
        next = Math.min(count, next + each);
        const messages = Array.from({ length: next - from }, (_, at) => ({
          ...{ value: bodyAt(from + at), key: null, timestamp: String(Date.now()), headers, partition },
        }));
        await producer.send({ topic, acks: -1, compression: codec === 'zstd' ? CompressionTypes.ZSTD : CompressionTypes.None, messages });
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
    await producer.disconnect();
  };
}

const drain = await (who === 'bridge' ? bridge() : bare());
const [cpuBefore, began] = [process.cpuUsage(), performance.now()];
await drain();
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
process.stdout.write(JSON.stringify({ perSecond: count / seconds, cpuUs: (user + system) / count }));

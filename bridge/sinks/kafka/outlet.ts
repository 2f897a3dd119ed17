import type { Log } from '../../log.ts';
import type { Message } from '../../message.ts';
import type { KafkaSettings } from '../../settings/kafka.ts';
import type { Destination, Fault, Outlet, Unstorable, Written } from '../sink.ts';
import { createClient, type Client } from './client.ts';
import { cut, largest, type Chunk, type Made } from './chunks.ts';
import type { Entrances } from './entrances.ts';
import { kafkaFault, SPOILS_CLIENT } from './fault.ts';
import type { SayOfLibrary } from './library.ts';
import { createPartitions } from './partitions.ts';
import { FRAME_BYTES, passesOn, recordOf, sizeOf, type KafkaRecord } from './record.ts';
import { watchStrain } from './strain.ts';
import { makeTopic, maxMessageBytes, type CreationError } from './topic.ts';

const BATCH_MESSAGES = 200;
/** A batch shrinks to this at least when Kafka does not take it in time: Java's clients have it as their default. */
const LEAST_BATCH_BYTES = 16_384;
/** Converting goes on for so long before others may go on. */
const TURN_MS = 10;
/** Only a large request is converted before it is accepted, to know whether its record may be stored: its form can be this much larger than it. */
const MAY_GROW = 8;
/** Whoever is alive answers a small question in this time, also over a slow path. */
const ALIVE_MS = 3_000;
const LOGGER = 'otlpctl.bridge.KafkaSink';

/** What a smaller batch may help against. */
const TAKES_TOO_LONG: ReadonlySet<string> = new Set(['unresponsive', 'slow']);

type Result = { left: Message[]; unstorable: Unstorable[]; fault: Fault | null };

/** What all outlets of a sink have in common. */
export type OutletOptions = { settings: KafkaSettings; entrances: Entrances; log: Log; sayOfLibrary: SayOfLibrary };

/** The way into one topic of Kafka. */
export function openKafkaOutlet(to: Destination, { settings, entrances, log, sayOfLibrary }: OutletOptions): Outlet {
  const { topic, format } = to;
  const partitions = createPartitions(topic);
  const strain = watchStrain(settings.clientId, () => isAnswering(), Date.now);
  let client: Client | null = null;
  let isReady = to.creation === null;
  let topicLimit: number | null = null;
  let batchBytes = settings.batchBytes;
  const made = new WeakMap<Message, KafkaRecord>();
  const endedFor = new WeakMap<Client, Fault>();

  const theClient = (): Client =>
    (client ??= createClient({
      topic,
      settings,
      entrances,
      partitions,
      isThrottled: strain.isThrottled,
      throttled: strain.throttled,
      say: sayOfLibrary,
    }));
  /** Ends a client for a reason, which is that of everything it still had on its way. */
  const discard = (which: Client, why: Fault) => {
    if (client === which) client = null;
    endedFor.set(which, why);
    which.close();
  };
  const faultOf = (error: unknown, from: Client): Fault => {
    const found = endedFor.get(from) ?? kafkaFault(error, topic, from.sockets);
    const isSlow = found.reason === 'unresponsive' && strain.isAlive();
    return isSlow ? { reason: 'slow', sentence: `${found.sentence}, though Kafka answers other questions` } : found;
  };

  const say = (message: string) => log({ level: 'INFO', message, logger: LOGGER });
  /** After compression nobody knows before the broker does. */
  const limit = () => Math.min(settings.maxRecordBytes, settings.compression === 'none' && topicLimit !== null ? topicLimit : Infinity);

  const mostBytes = () => Math.min(batchBytes, largest(limit()));

  const isAnswering = () => theClient().withAdmin((admin) => admin.describeCluster().then(() => true), ALIVE_MS);

  /** Best effort: without it, what is too large is found out by sending it. */
  const learnLimit = async (from: Client) => {
    try {
      topicLimit = (await from.withAdmin((admin) => maxMessageBytes(admin, topic))) ?? topicLimit;
    } catch {
      // Not everybody may ask, and Kafka may be away.
    }
  };

  /** Makes the topic if that is ours to do. Throws as Kafka has it. */
  const ready = async (from: Client) => {
    const found = await from.withAdmin((admin) => makeTopic(admin, to));
    if (found === 'made') say(`Topic ${topic} is made with ${to.creation!.partitions} partitions and ${to.creation!.replicas} replicas`);
    isReady = true;
    await learnLimit(from);
  };

  const tooLarge = (bytes: number): Fault => ({
    reason: 'record-too-large',
    sentence: `a record of ${bytes} bytes is larger than ${topic} takes (${limit()} bytes: max.message.bytes of the topic, bridge.kafka.max.request.size)`,
  });

  /** Records of the messages, made once; converting lets others go on in between. */
  const records = async (batch: readonly Message[], result: Result): Promise<Made[]> => {
    const ready: Made[] = [];
    let since = performance.now();
    for (const message of batch) {
      try {
        let record = made.get(message);
        if (!record) made.set(message, (record = recordOf(message, format, settings.recordKey)));
        if (sizeOf(record) > settings.maxRecordBytes) result.unstorable.push({ message, fault: tooLarge(sizeOf(record)) });
        else ready.push({ message, record });
      } catch (error) {
        result.unstorable.push({
          message,
          fault: { reason: 'failed', sentence: `it cannot be converted to ${format}: ${(error as Error).message}` },
        });
      }
      if (performance.now() - since < TURN_MS) continue;
      await new Promise((next) => setImmediate(next));
      since = performance.now();
    }
    return ready;
  };

  /** Sends one chunk; what is too large together goes in halves, what is too large alone never goes. */
  const send = async (chunk: Chunk, result: Result): Promise<void> => {
    if (result.fault !== null) return void result.left.push(...chunk.made.map(({ message }) => message));
    const from = theClient();
    const ended = strain.began();
    try {
      await from.send(
        chunk.made.map(({ record }) => record),
        { partition: chunk.partition },
      );
      ended(true);
      batchBytes = Math.min(settings.batchBytes, Math.ceil(batchBytes * 1.5));
    } catch (error) {
      ended(false);
      const fault = faultOf(error, from);
      if (fault.reason === 'record-too-large') return tooLargeTogether(chunk, from, result);
      if (TAKES_TOO_LONG.has(fault.reason) && !endedFor.has(from)) batchBytes = Math.max(LEAST_BATCH_BYTES, Math.floor(batchBytes / 2));
      if (SPOILS_CLIENT.has(fault.reason)) discard(from, fault);
      result.fault ??= fault;
      result.left.push(...chunk.made.map(({ message }) => message));
    }
  };

  const tooLargeTogether = async (chunk: Chunk, from: Client, result: Result): Promise<void> => {
    const { made: all, partition } = chunk;
    if (all.length === 1) {
      const [{ message, record }] = all as [Made];
      await learnLimit(from);
      result.unstorable.push({ message, fault: tooLarge(sizeOf(record)) });
      return;
    }
    const half = Math.ceil(all.length / 2);
    await send({ made: all.slice(0, half), partition }, result);
    await send({ made: all.slice(half), partition }, result);
  };

  /** A key's partition can be told only once somebody has heard how many there are. */
  const learnPartitions = async (all: Made[], result: Result): Promise<Made[]> => {
    if (settings.recordKey.by === 'none' || partitions.count() > 0 || all.length === 0) return all;
    await send({ made: all.slice(0, 1), partition: null }, result);
    return all.slice(1);
  };

  const write = async (batch: readonly Message[]): Promise<Written> => {
    const result: Result = { left: [], unstorable: [], fault: null };
    const isFirst = client === null;
    if (!isReady) {
      const from = theClient();
      try {
        await ready(from);
      } catch (error) {
        const isCreation = (error as Partial<CreationError>).isCreation === true;
        const fault: Fault = isCreation
          ? { reason: 'topic-create-failed', sentence: `topic ${topic} cannot be made with ${(error as Error).message}` }
          : faultOf(error, from);
        discard(from, fault);
        return { left: batch, fault, unstorable: [] };
      }
    }
    const all = await learnPartitions(await records(batch, result), result);
    const groups = cut(all, mostBytes(), (key) => (key === null ? null : partitions.ofKey(key)));
    await Promise.all(
      groups.map(async (chunks) => {
        for (const chunk of chunks) await send(chunk, result);
      }),
    );
    if (isFirst && result.fault === null && client !== null) void learnLimit(client);
    const left = new Set(result.left);
    // In the order in which they came, whatever group failed first.
    return { ...result, left: result.left.length === 0 ? [] : batch.filter((one) => left.has(one)) };
  };

  const isTooLarge = (message: Message): boolean => {
    const most = limit();
    if (passesOn(message, format)) return sizeOf({ value: message.body, key: null }) > most;
    if (message.body.length * MAY_GROW < most) return false;
    try {
      return sizeOf(recordOf(message, format, settings.recordKey)) > most;
    } catch {
      return false;
    }
  };

  void learnLimit(theClient());
  return {
    parallel: settings.inFlight,
    batch: () => ({ messages: BATCH_MESSAGES, bytes: mostBytes(), beside: FRAME_BYTES }),
    isTooLarge,
    write,
    strain: () => strain.now(),
    close() {
      if (client) discard(client, { reason: 'failed', sentence: 'the way to the topic is closed' });
      return Promise.resolve();
    },
  };
}

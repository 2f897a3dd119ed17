import type { Consumer, Kafka } from 'kafkajs';
import { joinAddress } from '../../checks/address.ts';
import type { Address } from '../../checks/facts/index.ts';
import { kafkaConfigOf, loadKafkajs } from '../../checks/probes/kafka-client.ts';
import { readZstd } from '../../checks/probes/kafka-zstd.ts';
import type { KafkaSecurity } from '../../checks/target.ts';
import { couldNotLook } from '../bad-input.ts';
import { tally, type Finder } from './finder.ts';
import type { Mark } from '../../checks/probes/marked/mark.ts';

export type KafkaPlace = { bootstrap: readonly Address[]; security: KafkaSecurity | undefined; topic: string };

/** Joining waits for group.initial.rebalance.delay.ms, 3 s by default, in one request. */
const DEADLINE_MS = 15_000;
/** Brokers hold a fetch back that long for more to come: it is the resolution of what is seen. */
const FETCH_WAIT_MS = 20;

/** Reads a topic from where it ends now, in a consumer group of its own that commits nothing and is deleted at the end. */
export async function openKafkaFinder({ bootstrap, security, topic }: KafkaPlace, mark: Mark): Promise<Finder> {
  const kafkajs = await loadKafkajs();
  readZstd(kafkajs);
  const { Kafka, logLevel } = kafkajs;
  const where = `topic ${topic} at ${bootstrap.map(joinAddress).join(', ')}`;
  const problems: string[] = [];
  for (const address of bootstrap) {
    const kafka = new Kafka({
      ...kafkaConfigOf({ bootstrap: address, security, deadlineMs: DEADLINE_MS }, { logLevel: logLevel.NOTHING }),
      retry: { retries: 3 },
    });
    try {
      return await readFromEnd(kafka, { topic, where, mark });
    } catch (error) {
      // Where both addresses of a name refuse, the client's words end with a colon.
      problems.push(`${joinAddress(address)}: ${(error as Error).message.replace(/[: ]+$/, '')}`);
    }
  }
  throw couldNotLook(
    `${where} cannot be read, so nothing was sent (${problems.join('; ')})`,
    'see otlpctl check kafka-brokers topic-configuration',
  );
}

async function readFromEnd(kafka: Kafka, { topic, where, mark }: { topic: string; where: string; mark: Mark }): Promise<Finder> {
  const groupId = `otlpctl-send-${mark.run}`;
  const { found, note } = tally();
  let problem: string | undefined;
  const ends = await withAdmin(kafka, (admin) => admin.fetchTopicOffsets(topic));
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: FETCH_WAIT_MS });
  consumer.on(consumer.events.CRASH, ({ payload }) => (problem = payload.error.message));
  const close = () => leave(kafka, consumer, groupId);
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: false });
    await consumer.run({
      autoCommit: false,
      eachBatch: ({ batch }) => {
        note(batch.messages.flatMap(({ value }) => (value === null ? [] : mark.numbersIn(value))));
        return Promise.resolve();
      },
    });
    for (const { partition, high } of ends) consumer.seek({ topic, partition, offset: high });
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
  return { where, found, seen: () => found.size, problem: () => problem, identifies: true, close };
}

async function withAdmin<T>(kafka: Kafka, ask: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await ask(admin);
  } finally {
    await admin.disconnect();
  }
}

/** An empty group would stay in the broker's list until it looks through it. */
async function leave(kafka: Kafka, consumer: Consumer, groupId: string): Promise<void> {
  await consumer.disconnect();
  await withAdmin(kafka, (admin) => admin.deleteGroups([groupId]));
}

import type { Kafka } from 'kafkajs';
import type { Signal } from '../../proto/vocabulary/signals.ts';
import { loadKafkajs, withKafka, type KafkaAccess } from './kafka-client.ts';
import { readZstd } from './kafka-zstd.ts';
import type { FailedOutcome } from './probe.ts';

/** Values of the newest records of a topic. `lost`: why those of some partitions could not be read. */
export type TopicRecords = { name: string; signal: Signal; values: Buffer[]; lost?: string };

/** Of each topic at most this many records are looked at, and of each partition this many bytes fetched. */
const MOST_RECORDS = 60;
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_PARTITIONS = 6;

type Fetched = {
  responses: { partitions: { errorCode: number; messages: { offset: string; value: Buffer | null; isControlRecord?: boolean }[] }[] }[];
};
type Broker = {
  fetch(request: {
    maxWaitTime: number;
    minBytes: number;
    maxBytes: number;
    isolationLevel: number;
    topics: { topic: string; partitions: { partition: number; fetchOffset: string; maxBytes: number }[] }[];
  }): Promise<Fetched>;
};
/** What kafkajs keeps to itself: the requests below its consumer. */
type Cluster = {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  findTopicPartitionMetadata(topic: string): { partitionId: number; leader: number }[];
  findBroker(place: { nodeId: number }): Promise<Broker>;
};

/**
 * kafkajs reads records by its consumer alone, which joins a group: that writes into Kafka, wants a right that a look has no use for, and waits for
 * the group's rebalance. The fetch below it does none of this. Seen in 2.2.4, which is the version that is pinned.
 */
function clusterOf(client: Kafka): Cluster {
  const make = Object.getOwnPropertySymbols(client).find(({ description }) => description === 'private:Kafka:createCluster');
  if (make === undefined) throw new Error('this version of kafkajs has no fetch that can be used without a group');
  const create = (client as unknown as Record<symbol, (options: object) => Cluster>)[make]!;
  return create({ allowAutoTopicCreation: false, metadataMaxAge: 300_000, isolationLevel: 1 });
}

/** The newest records of topics that exist; nothing is committed, joined or written. */
export const readRecords = (
  access: KafkaAccess,
  topics: readonly { name: string; signal: Signal }[],
): Promise<{ value: TopicRecords[] } | FailedOutcome> =>
  withKafka(access, async (admin, client) => {
    readZstd(await loadKafkajs());
    const cluster = clusterOf(client);
    await cluster.connect();
    try {
      await cluster.addMultipleTargetTopics(topics.map(({ name }) => name));
      const read: TopicRecords[] = [];
      for (const topic of topics) read.push(await newest(cluster, topic, await admin.fetchTopicOffsets(topic.name)));
      return read;
    } finally {
      await cluster.disconnect();
    }
  });

type Offsets = { partition: number; low: string; high: string }[];

async function newest(cluster: Cluster, topic: { name: string; signal: Signal }, offsets: Offsets): Promise<TopicRecords> {
  const leaders = new Map(cluster.findTopicPartitionMetadata(topic.name).map(({ partitionId, leader }) => [partitionId, leader]));
  const full = offsets.filter(({ low, high }) => BigInt(high) > BigInt(low)).slice(0, MOST_PARTITIONS);
  const each = Math.ceil(MOST_RECORDS / Math.max(1, full.length));
  const values: Buffer[] = [];
  let lost: string | undefined;
  for (const { partition, low, high } of full) {
    const from = [BigInt(low), BigInt(high) - BigInt(each)].reduce((a, b) => (a > b ? a : b));
    try {
      const broker = await cluster.findBroker({ nodeId: leaders.get(partition) ?? -1 });
      const wanted = [{ partition, fetchOffset: String(from), maxBytes: MOST_BYTES }];
      const fetch = {
        maxWaitTime: 100,
        minBytes: 1,
        maxBytes: MOST_BYTES,
        isolationLevel: 1,
        topics: [{ topic: topic.name, partitions: wanted }],
      };
      const { responses } = await broker.fetch(fetch);
      const messages = responses.flatMap(({ partitions }) => partitions.flatMap((one) => one.messages));
      // A batch comes whole: what stands before the offset that was asked for is older than wanted.
      const mine = messages.filter(({ offset, isControlRecord }) => BigInt(offset) >= from && isControlRecord !== true);
      values.push(...mine.flatMap(({ value }) => (value === null ? [] : [value])));
    } catch (error) {
      lost = error instanceof Error ? error.message.split('\n')[0]! : String(error);
    }
  }
  return { ...topic, values: values.slice(0, MOST_RECORDS), ...(lost === undefined ? {} : { lost }) };
}

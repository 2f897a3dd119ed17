import type { Admin, PartitionMetadata } from 'kafkajs';
import type { KafkaTopic, KafkaTopics, TroubledPartition } from '../facts/index.ts';
import { KAFKA_TOPIC_KEYS } from '../facts/index.ts';
import type { Signal } from '../../proto/vocabulary/signals.ts';
import { kafkaErrorOf, kafkaFailure } from './kafka-failure.ts';

export type TopicName = { name: string; signal: Signal };

/** Source: Kafka protocol, ConfigResource.Type. */
const TOPIC = 2;
const BROKER = 4;
const MOST_TROUBLED = 50;
/** Failures that are Kafka's own answer; after any other the connection is of no use. */
const ANSWERED: readonly string[] = ['denied', 'malformed'];
const AUTO_CREATE = 'auto.create.topics.enable';

/** The topics as Kafka has them. Each is asked alone: kafkajs answers for several with the first one's error. Rejects where no answer came. */
export async function readTopics(admin: Admin, names: readonly TopicName[], broker: number | null): Promise<Omit<KafkaTopics, 'assumed'>> {
  const topics: KafkaTopic[] = [];
  for (const topic of names) topics.push(await readTopic(admin, topic));
  return { topics, autoCreate: await readAutoCreate(admin, broker) };
}

async function readTopic(admin: Admin, { name, signal }: TopicName): Promise<KafkaTopic> {
  const unknown = { name, signal, partitions: 0, replicas: 0, troubled: [], config: null };
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [name] });
    const partitions = topics[0]?.partitions ?? [];
    return {
      name,
      signal,
      exists: true,
      partitions: partitions.length,
      replicas: Math.min(...partitions.map(({ replicas }) => replicas.length)),
      troubled: partitions.map(asTroubled).filter(isTroubled).sort(worstFirst).slice(0, MOST_TROUBLED),
      config: await readConfig(admin, name),
    };
  } catch (error) {
    const said = kafkaErrorOf(error);
    if (said === undefined) throw error;
    if (said === 'UNKNOWN_TOPIC_OR_PARTITION') return { ...unknown, exists: false };
    // Kafka names the partition's error in place of the topic when one of its partitions has no leader.
    if (said === 'LEADER_NOT_AVAILABLE') return { ...unknown, exists: true, error: said, config: await readConfig(admin, name) };
    return { ...unknown, exists: null, error: said };
  }
}

const asTroubled = ({ partitionId, leader, replicas, isr }: PartitionMetadata): TroubledPartition => ({
  id: partitionId,
  leader: leader < 0 ? null : leader,
  replicas: replicas.length,
  inSync: isr.length,
});
const isTroubled = ({ leader, replicas, inSync }: TroubledPartition): boolean => leader === null || inSync < replicas;
const worstFirst = (a: TroubledPartition, b: TroubledPartition): number =>
  (a.leader === null ? 0 : 1) - (b.leader === null ? 0 : 1) || a.inSync - b.inSync || a.id - b.id;

async function readConfig(admin: Admin, name: string): Promise<Record<string, string> | null> {
  const entries = await describe(admin, { type: TOPIC, name, configNames: [...KAFKA_TOPIC_KEYS] });
  return entries === null ? null : Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue]));
}

async function readAutoCreate(admin: Admin, broker: number | null): Promise<boolean | null> {
  if (broker === null) return null;
  const entries = await describe(admin, { type: BROKER, name: String(broker), configNames: [AUTO_CREATE] });
  const value = entries?.find(({ configName }) => configName === AUTO_CREATE)?.configValue;
  return value === undefined ? null : value === 'true';
}

/** Null where Kafka answers that it may not be read, or cannot be. */
async function describe(admin: Admin, resource: { type: number; name: string; configNames: string[] }) {
  try {
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] });
    return resources[0]?.configEntries ?? null;
  } catch (error) {
    if (!ANSWERED.includes(kafkaFailure(error, 0).failure)) throw error;
    return null;
  }
}

/** End offsets, summed over the partitions: what was ever written, as far as it can be counted. */
export async function endOffset(admin: Admin, name: string): Promise<number> {
  const offsets = await admin.fetchTopicOffsets(name);
  return offsets.reduce((sum, { high }) => sum + Number(high), 0);
}

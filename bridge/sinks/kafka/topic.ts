import type { Admin } from 'kafkajs';
import { kafkajs } from './library.ts';
import type { Destination } from '../sink.ts';

/** Kafka's number of a topic among the things that have a configuration. */
const TOPIC_RESOURCE = 2;

/** Whether a topic is there. Rejects for any other reason than its absence. */
async function exists(admin: Admin, topic: string): Promise<boolean> {
  try {
    await admin.fetchTopicMetadata({ topics: [topic] });
    return true;
  } catch (error) {
    if ((error as { type?: string }).type === 'UNKNOWN_TOPIC_OR_PARTITION' || /UNKNOWN_TOPIC|does not host this topic/.test(String(error)))
      return false;
    throw error;
  }
}

/** The topic could not be made as it should be: Kafka's own words for it. */
export type CreationError = Error & { isCreation: true };

/** Makes the topic where it is missing and the destination says how. A topic that is there is left as it is. */
export async function makeTopic(admin: Admin, { topic, creation }: Destination): Promise<'there' | 'made' | 'missing'> {
  if (await exists(admin, topic)) return 'there';
  if (creation === null) return 'missing';
  try {
    await admin.createTopics({
      topics: [{ topic, numPartitions: creation.partitions, replicationFactor: creation.replicas }],
      waitForLeaders: true,
    });
    return 'made';
  } catch (error) {
    const inner = (error as { errors?: Error[] }).errors?.[0] ?? (error as Error);
    if ((inner as { type?: string }).type === 'TOPIC_ALREADY_EXISTS') return 'there';
    throw Object.assign(new Error(`${creation.partitions} partitions with ${creation.replicas} replicas: ${inner.message}`), {
      isCreation: true as const,
    });
  }
}

/** Largest batch that the topic takes, in bytes; null where it may not be asked. */
export async function maxMessageBytes(admin: Admin, topic: string): Promise<number | null> {
  const resource = { type: kafkajs().ConfigResourceTypes.TOPIC ?? TOPIC_RESOURCE, name: topic, configNames: ['max.message.bytes'] };
  const { resources } = await admin.describeConfigs({ resources: [resource], includeSynonyms: false });
  const value = Number(resources[0]?.configEntries.find(({ configName }) => configName === 'max.message.bytes')?.configValue);
  return Number.isSafeInteger(value) && value > 0 ? value : null;
}

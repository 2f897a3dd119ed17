import type { Facts, KafkaTopic, KafkaTopics } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Evidence } from '../report.ts';
import { configValue, connectorView, isRunning } from './connector.ts';
import { quote } from './evidence.ts';
import { acknowledged, producerOf } from './jmx.ts';
import { clusterMismatch } from './kafka.ts';
import { backlogOf } from './queue.ts';
import { flowOf } from './series.ts';
import { bytes, count } from './words.ts';

/** The connector's topics as Kafka has them, and what is wrong with them for this connector. */

/** A bridge may write elsewhere; it says where. */
const writesToKafka = (facts: Facts): boolean =>
  seen(facts, 'target')?.kind !== 'bridge' || seen(facts, 'metrics')?.sink?.place.startsWith('kafka ') === true;

/** Nothing where they were not read, where their names are a guess, where it is another cluster, or where nothing is written to Kafka at all. */
export function topicsLook(facts: Facts): KafkaTopics | undefined {
  const topics = seen(facts, 'kafka.topics');
  const isOthers = topics?.assumed === true || clusterMismatch(facts) !== undefined || !writesToKafka(facts);
  return isOthers ? undefined : topics;
}

/** Connect itself creates topics for a connector that says how. Source: KIP-158, topic.creation.* */
const connectCreates = (facts: Facts): boolean =>
  Object.keys(connectorView(facts).config ?? {}).some((key) => key.startsWith('topic.creation.'));

/** `never`: nobody creates the topic · `first-record`: brokers or Connect do · `unknown`: the brokers' setting may not be read */
export function creationOf(facts: Facts): 'never' | 'first-record' | 'unknown' {
  const { autoCreate } = topicsLook(facts) ?? { autoCreate: null };
  if (autoCreate === true || connectCreates(facts)) return 'first-record';
  return autoCreate === false ? 'never' : 'unknown';
}

/** Replicas that have to be in sync for a write with acks=all; Kafka takes no more than there are. Source: recorded on 3.9.1 and 4.1.0 (min-isr-above-replicas). */
const neededInSync = ({ config, replicas }: KafkaTopic): number => Math.min(Number(config?.['min.insync.replicas'] ?? 1), replicas);

/** Connect's producers ask for acks=all unless the connector says otherwise; then the number of replicas in sync does not matter. */
const asksForAll = (facts: Facts): boolean => ['all', '-1'].includes(connectorView(facts).config?.['producer.override.acks'] ?? 'all');

/** Partitions that take no record now, and why. */
export function unwritable(facts: Facts, topic: KafkaTopic): string | undefined {
  const leaderless = topic.troubled.filter(({ leader }) => leader === null);
  if (topic.error === 'LEADER_NOT_AVAILABLE' || leaderless.length > 0) return 'a partition has no leader';
  const short = asksForAll(facts) ? topic.troubled.filter(({ inSync }) => inSync < neededInSync(topic)) : [];
  const [worst] = short;
  if (worst === undefined) return undefined;
  const where = topic.partitions === 1 ? '' : ` in ${count(short.length)} of ${count(topic.partitions)} partitions`;
  return `${count(neededInSync(topic))} replicas have to be in sync (min.insync.replicas) and ${count(worst.inSync)} ${worst.inSync === 1 ? 'is' : 'are'}${where}`;
}

/** Source: Kafka, producer configuration max.request.size. */
const MOST_REQUEST_BYTES = 1_048_576;
/** Records vary: with an average above half the limit some are beyond it. */
const HALF = 0.5;

/** What a topic's settings do to this connector's records: keys are never set, sizes are as the producer says. */
export function misconfigured(facts: Facts, { config }: KafkaTopic): string | undefined {
  if ((config?.['cleanup.policy'] ?? '').includes('compact'))
    return 'it is compacted and takes no record without a key, and the connector sends none: the first record ends the task';
  const limit = Number(config?.['max.message.bytes'] ?? Infinity);
  const largest = Number(configValue(facts, 'producer.override.max.request.size') ?? MOST_REQUEST_BYTES);
  const usual = producerOf(facts)?.recordBytes ?? 0;
  if (limit < largest && usual > limit * HALF)
    return `it takes records up to ${bytes(limit)} (max.message.bytes), and those sent have ${bytes(usual)} on average: a larger one ends the task`;
  return undefined;
}

/** Output that stands still: what makes a topic's trouble the cause of a loss that is under way. */
export function isStalled(facts: Facts): boolean {
  const flow = flowOf(seen(facts, 'metrics'));
  const written = acknowledged(facts);
  return (written === null ? flow?.produced === 0 : written === 0) && ((flow?.offered ?? 0) > 0 || (backlogOf(facts)?.messages ?? 0) > 0);
}

export type TopicTrouble = { kind: 'missing' | 'not-writable' | 'misconfigured'; topic: KafkaTopic; why: string; evidence: Evidence };

/** Everything that is wrong with the topics, the worst kind first. */
export function topicTroubles(facts: Facts): TopicTrouble[] {
  const look = topicsLook(facts);
  if (look === undefined) return [];
  const creation = creationOf(facts);
  const found = look.topics.flatMap((topic, i): TopicTrouble[] => {
    const at = (path: string): Evidence => quote(facts, 'kafka.topics', `topics.${i}.${path}`);
    if (topic.exists === false)
      return creation === 'never'
        ? [{ kind: 'missing', topic, why: 'it does not exist and nothing creates it', evidence: at('exists') }]
        : [];
    if (topic.exists === null) return [];
    const [shut, wrong] = [unwritable(facts, topic), misconfigured(facts, topic)];
    return [
      ...(shut === undefined
        ? []
        : [{ kind: 'not-writable' as const, topic, why: shut, evidence: at(topic.error === undefined ? 'troubled' : 'error') }]),
      ...(wrong === undefined ? [] : [{ kind: 'misconfigured' as const, topic, why: wrong, evidence: at('config') }]),
    ];
  });
  return found.sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
}

const KINDS: readonly TopicTrouble['kind'][] = ['missing', 'not-writable', 'misconfigured'];

/** The trouble bites now: the task runs, and nothing leaves it or records of that very signal come in. Before that it is a warning. */
export function isPressing(facts: Facts, troubles: readonly TopicTrouble[]): boolean {
  const flow = flowOf(seen(facts, 'metrics'));
  if (!isRunning(connectorView(facts))) return false;
  return isStalled(facts) || troubles.some(({ topic }) => (flow?.signals[topic.signal].received ?? 0) > 0);
}

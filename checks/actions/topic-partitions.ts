import { kafkaTool } from '../derive/kafka.ts';
import { connectorView } from '../derive/connector.ts';
import { list } from '../derive/words.ts';
import type { Facts, KafkaTopic } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { defineAction } from './action.ts';
import { refuse, type PartitionsStep } from './plan.ts';

/** Who writes keys, as far as it can be seen: the connector sets none, the bridge what its configuration says. */
function keysOf(facts: Facts): string {
  const key = connectorView(facts).config?.['bridge.kafka.record.key'] ?? 'none';
  if (seen(facts, 'target')?.kind === 'bridge' && key !== 'none') return `This bridge writes with a key (${key}).`;
  return 'The connector sets no key; others who write there may.';
}

const withError = ({ name, error }: KafkaTopic): string => `${name} (${error ?? 'no reason given'})`;

/** Runbook "Issue 4": more partitions. */
export const topicPartitions = defineAction<{ partitions: number }>({
  id: 'topic partitions',
  plan({ facts, input: { partitions }, waitMs }) {
    const topics = seen(facts, 'kafka.topics')?.topics;
    if (topics === undefined)
      return refuse('the topics could not be read, so nobody knows how many partitions they have', 'give --kafka HOST:PORT');
    const there = topics.filter(({ exists }) => exists === true);
    const fewer = there.filter((topic) => topic.partitions < partitions);
    const more = there.filter((topic) => topic.partitions > partitions);
    const unread = topics.filter(({ exists }) => exists === null);
    if (there.length === 0 && unread.length > 0)
      return refuse(`${list(unread.map(withError))} could not be read, so nobody knows how many partitions there are`);
    if (there.length === 0) return refuse(`none of ${list(topics.map(({ name }) => name))} exists`);
    if (fewer.length === 0 && more.length > 0)
      return refuse(
        `${list(more.map((topic) => `${topic.name} has ${topic.partitions}`))}: Kafka never takes partitions away, only more than that is possible`,
      );
    return {
      action: this.id,
      title: `Give ${list(fewer.map(({ name }) => name)) || 'the topics'} ${partitions} partitions`,
      costs: [
        ...fewer.map((topic) => `${topic.name} ${topic.partitions} -> ${partitions}. It cannot be undone: Kafka takes no partition away.`),
        `Keys map to other partitions from then on, so records of one key stand in two and lose their order. ${keysOf(facts)}`,
        'Consumers rebalance; those that begin at the latest offset miss what comes before they see the new partitions.',
        ...more.map((topic) => `${topic.name} has ${topic.partitions} already and keeps them.`),
        ...topics.filter(({ exists }) => exists === false).map(({ name }) => `${name} does not exist and stays so.`),
        ...unread.map((topic) => `${withError(topic)} could not be read and is left as it is.`),
      ],
      risk: 'none',
      steps: fewer.map(({ name: topic }): PartitionsStep => ({
        kind: 'partitions',
        topic,
        partitions,
        deadlineMs: waitMs,
        does: `gives ${topic} ${partitions} partitions (CreatePartitions)`,
      })),
      instead: fewer.map(({ name }) => ({
        sentence: "the same with Kafka's own tool",
        command: kafkaTool(facts, 'kafka-topics', '--alter', '--topic', name, '--partitions', String(partitions)),
      })),
      consent: { by: 'yes' },
      assumes: null,
      ...(fewer.length === 0 ? { already: `${list(there.map(({ name }) => name))} have ${partitions} partitions` } : {}),
    };
  },
});

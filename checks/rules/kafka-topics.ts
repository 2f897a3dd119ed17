import type { Rule } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { configValue } from '../derive/connector.ts';
import { quote } from '../derive/evidence.ts';
import { acknowledged } from '../derive/jmx.ts';
import { recentMark } from '../derive/log.ts';
import { backlogOf } from '../derive/queue.ts';
import { remedy } from '../derive/remedy.ts';
import { flowOf } from '../derive/series.ts';
import { count } from '../derive/words.ts';
import { SIGNAL, SIGNALS } from '../../proto/vocabulary/signals.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Remedy } from '../report.ts';
import { STALL_ECHOES } from './echoes.ts';

/** Output that stands still: what makes a topic's error lines more than a hiccup at its creation. */
function isStalled(facts: Facts): boolean {
  const flow = flowOf(seen(facts, 'metrics'));
  const written = acknowledged(facts);
  return (written === null ? flow?.produced === 0 : written === 0) && ((flow?.offered ?? 0) > 0 || (backlogOf(facts)?.messages ?? 0) > 0);
}

const topicRule = (row: {
  id: string;
  mark: string;
  meaning: string;
  topic: RegExp;
  sentence: (topic: string) => string;
  remedies: (topic: string) => Remedy[];
}): Rule => {
  const topicOf = (facts: Facts, text: string): string =>
    row.topic.exec(text)?.[1] ?? SIGNALS.map((s) => configValue(facts, SIGNAL[s].topicKey) ?? SIGNAL[s].topic).join(' or ');
  return defineRule({
    id: row.id,
    layer: 'kafka',
    scope: 'target',
    status: 'critical',
    explains: [...STALL_ECHOES, 'kafka-slow', 'poll-ceiling'],
    heading: 'Issue 4: Processing Lag Building Up',
    meaning: row.meaning,
    when({ facts, thresholds }) {
      const said = recentMark(facts, row.mark);
      if (said === undefined || said.count < thresholds.topicErrorLines || !isStalled(facts)) return undefined;
      const lost = flowOf(seen(facts, 'metrics'))?.lost ?? 0;
      return {
        sentence: `${row.sentence(topicOf(facts, said.text))}${lost > 0 ? `; ${count(lost)} messages were lost while we looked` : ''}.`,
        evidence: [
          quote(facts, 'log', `marks.${row.mark}.text`),
          quote(facts, 'log', `marks.${row.mark}.count`),
          quote(facts, 'metrics', 'samples'),
        ],
        loss: lost,
      };
    },
    remedies: ({ facts }) => row.remedies(topicOf(facts, recentMark(facts, row.mark)?.text ?? '').split(' ')[0] ?? 'otlp-traces'),
  });
};

export const topicMissing = topicRule({
  id: 'topic-missing',
  mark: 'unknown-topic',
  meaning:
    'A topic does not exist and is not created. The task waits for it with all three signals; their queues fill behind it, and the received counters freeze when they are full.',
  topic: /\{([^=},]+)=UNKNOWN_TOPIC/,
  sentence: (topic) => `Topic ${topic} does not exist and is not created: the task waits for it, and all three signals stand still`,
  remedies: (topic) => [
    remedy(
      'Create it; the task goes on by itself, and a restart would discard what is queued.',
      `kafka-topics --bootstrap-server localhost:9092 --create --topic ${topic}`,
    ),
  ],
});

export const topicNotWritable = topicRule({
  id: 'topic-not-writable',
  mark: 'not-enough-replicas',
  meaning:
    'Kafka refuses every batch of a topic because too few of its replicas are in sync, or it has no leader. Nothing is written until that is so again; weaker acknowledgement would only hide the loss.',
  topic: /(?:partition|topic-partition) ([\w.-]+?)-\d+/,
  sentence: (topic) => `Kafka refuses every batch for ${topic}: too few replicas are in sync`,
  remedies: (topic) => [
    remedy(
      'See its replicas and min.insync.replicas, and bring a replica back.',
      `kafka-topics --bootstrap-server localhost:9092 --describe --topic ${topic}`,
    ),
  ],
});

export const KAFKA_TOPIC_RULES: readonly Rule[] = [topicMissing, topicNotWritable];

import type { Finding, Rule } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { configValue } from '../derive/connector.ts';
import { evidenceOf, quote } from '../derive/evidence.ts';
import { kafkaTool } from '../derive/kafka.ts';
import { recentMark } from '../derive/log.ts';
import { remedy } from '../derive/remedy.ts';
import { flowOf } from '../derive/series.ts';
import { isPressing, isStalled, topicTroubles } from '../derive/topics.ts';
import type { TopicTrouble } from '../derive/topics.ts';
import { count, list } from '../derive/words.ts';
import { SIGNAL, SIGNALS } from '../../proto/vocabulary/signals.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Remedy } from '../report.ts';
import { STALL_ECHOES } from './echoes.ts';

const ofKind = (facts: Facts, kind: TopicTrouble['kind']): TopicTrouble[] =>
  topicTroubles(facts).filter((trouble) => trouble.kind === kind);

const namesOf = (troubles: readonly TopicTrouble[]): string[] => [...new Set(troubles.map(({ topic }) => topic.name))];
const topicsNamed = (troubles: readonly TopicTrouble[]): string =>
  `${namesOf(troubles).length === 1 ? 'Topic' : 'Topics'} ${list(namesOf(troubles))}`;

const lossText = (lost: number): string => (lost > 0 ? `; ${count(lost)} messages were lost while we looked` : '');

const topicRule = (row: {
  id: string;
  mark: string;
  /** as Kafka itself shows it, where it was asked */
  own: { kind: TopicTrouble['kind']; sentence: (troubles: readonly TopicTrouble[]) => string; now: string; later: string };
  meaning: string;
  topic: RegExp;
  sentence: (topic: string) => string;
  remedies: (facts: Facts, topics: readonly string[]) => Remedy[];
}): Rule => {
  const ownFinding = (facts: Facts, troubles: readonly TopicTrouble[]): Finding => {
    const lost = flowOf(seen(facts, 'metrics'))?.lost ?? 0;
    const pressing = isPressing(facts, troubles);
    return {
      sentence: `${row.own.sentence(troubles)}: ${pressing ? row.own.now : row.own.later}${pressing ? lossText(lost) : ''}.`,
      evidence: evidenceOf(
        ...troubles.map(({ evidence }) => evidence),
        pressing && quote(facts, 'metrics', 'samples'),
        recentMark(facts, row.mark) !== undefined && quote(facts, 'log', `marks.${row.mark}.text`),
      ),
      status: pressing ? 'critical' : 'warning',
      ...(pressing ? { loss: lost } : {}),
    };
  };
  const topicOf = (facts: Facts, text: string): string =>
    row.topic.exec(text)?.[1] ?? SIGNALS.map((s) => configValue(facts, SIGNAL[s].topicKey) ?? SIGNAL[s].topic).join(' or ');
  return defineRule({
    id: row.id,
    layer: 'kafka',
    scope: 'target',
    status: 'critical',
    explains: [...STALL_ECHOES, 'topic-configuration', 'kafka-slow', 'poll-ceiling'],
    heading: 'Issue 4: Processing Lag Building Up',
    meaning: row.meaning,
    when({ facts, thresholds }) {
      const troubles = ofKind(facts, row.own.kind);
      if (troubles.length > 0) return ownFinding(facts, troubles);
      const said = recentMark(facts, row.mark);
      if (said === undefined || said.count < thresholds.topicErrorLines || !isStalled(facts)) return undefined;
      const lost = flowOf(seen(facts, 'metrics'))?.lost ?? 0;
      return {
        sentence: `${row.sentence(topicOf(facts, said.text))}${lossText(lost)}.`,
        evidence: [
          quote(facts, 'log', `marks.${row.mark}.text`),
          quote(facts, 'log', `marks.${row.mark}.count`),
          quote(facts, 'metrics', 'samples'),
        ],
        loss: lost,
      };
    },
    remedies({ facts }) {
      const own = namesOf(ofKind(facts, row.own.kind));
      const said = topicOf(facts, recentMark(facts, row.mark)?.text ?? '').split(' ')[0] ?? 'otlp-traces';
      return row.remedies(facts, own.length > 0 ? own : [said]);
    },
  });
};

export const topicMissing = topicRule({
  id: 'topic-missing',
  mark: 'unknown-topic',
  meaning:
    'A topic does not exist and is not created. The task waits for it with all three signals; their queues fill behind it, and the received counters freeze when they are full.',
  own: {
    kind: 'missing',
    sentence: (troubles) =>
      `${topicsNamed(troubles)} ${namesOf(troubles).length === 1 ? 'does' : 'do'} not exist and nobody creates ${namesOf(troubles).length === 1 ? 'it' : 'them'} (auto.create.topics.enable=false)`,
    now: 'the task waits for it, and all three signals stand still',
    later: 'the first record for it will hold up the task, and with it all three signals',
  },
  topic: /\{([^=},]+)=UNKNOWN_TOPIC/,
  sentence: (topic) => `Topic ${topic} does not exist and is not created: the task waits for it, and all three signals stand still`,
  remedies: (facts, topics) =>
    topics.map((topic) =>
      remedy(
        'Create it; the task goes on by itself, and a restart would discard what is queued.',
        kafkaTool(facts, 'kafka-topics', '--create', '--topic', topic),
      ),
    ),
});

export const topicNotWritable = topicRule({
  id: 'topic-not-writable',
  mark: 'not-enough-replicas',
  meaning:
    'Kafka refuses every batch of a topic because too few of its replicas are in sync, or it has no leader. Nothing is written until that is so again; weaker acknowledgement would only hide the loss.',
  own: {
    kind: 'not-writable',
    sentence: (troubles) => `Kafka takes no record for ${list(troubles.map(({ topic, why }) => `${topic.name} (${why})`))}`,
    now: 'what the task sends there waits, and the queues fill behind it',
    later: 'the first record for it will wait, and the queues fill behind it',
  },
  topic: /(?:partition|topic-partition) ([\w.-]+?)-\d+/,
  sentence: (topic) => `Kafka refuses every batch for ${topic}: too few replicas are in sync`,
  remedies: (facts, topics) =>
    topics.map((topic) =>
      remedy(
        'See its replicas and min.insync.replicas, and bring a replica back.',
        kafkaTool(facts, 'kafka-topics', '--describe', '--topic', topic),
      ),
    ),
});

export const topicMisconfigured = defineRule({
  id: 'topic-misconfigured',
  layer: 'kafka',
  scope: 'target',
  status: 'warning',
  explains: ['topic-configuration'],
  heading: 'Issue 4: Processing Lag Building Up',
  meaning:
    'A topic exists and has settings that do not go with what the connector sends: compaction, which takes no record without a key, or a limit that its usual records come near to. Kafka refuses such a record for good, and that ends the task for all three signals.',
  when({ facts }) {
    const troubles = ofKind(facts, 'misconfigured');
    if (troubles.length === 0) return undefined;
    return {
      sentence: `${troubles.map(({ topic, why }) => `Topic ${topic.name}: ${why}`).join('; ')}.`,
      evidence: troubles.map(({ evidence }) => evidence),
    };
  },
  remedies: ({ facts }) =>
    ofKind(facts, 'misconfigured').map(({ topic }) => {
      const isCompacted = (topic.config?.['cleanup.policy'] ?? '').includes('compact');
      const setting = isCompacted ? 'cleanup.policy=delete' : `max.message.bytes=${MOST_RECORD_BYTES}`;
      return remedy(
        isCompacted
          ? 'Let it delete old records in place of compacting them, unless its consumers need it so: then send to another topic.'
          : 'Raise its limit to what the producer may send.',
        kafkaTool(facts, 'kafka-configs', '--alter', '--entity-type', 'topics', '--entity-name', topic.name, '--add-config', setting),
      );
    }),
});

/** Kafka's default of max.message.bytes: one record of the producer's largest request, and its frame. */
const MOST_RECORD_BYTES = 1_048_588;

export const KAFKA_TOPIC_RULES: readonly Rule[] = [topicMissing, topicNotWritable, topicMisconfigured];

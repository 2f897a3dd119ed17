import { defineCheck } from '../check.ts';
import { clusterMismatch, kafkaTool } from '../derive/kafka.ts';
import { quote } from '../derive/evidence.ts';
import { creationOf, isPressing, topicTroubles } from '../derive/topics.ts';
import { bytes, count, span } from '../derive/words.ts';
import { cannot, fail, pass, skip, warn, without } from '../derive/verdict.ts';
import type { Facts, KafkaTopic } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Verdict } from '../report.ts';

export const topicConfiguration = defineCheck({
  id: 'topic-configuration',
  heading: 'Issue 4: Processing Lag Building Up',
  question: 'Do the topics exist, and do they take what the connector sends?',
  why: 'One topic that is missing and that nobody creates blocks the task, and with it all three signals; so does one that Kafka does not let be written to.',
  needs: ['kafka.topics', 'target'],
  commands: ['kafka-topics --bootstrap-server localhost:9092 --describe --topic otlp-traces'],
  evaluate: (facts) => judge(facts),
});

function judge(facts: Facts): Verdict {
  const look = seen(facts, 'kafka.topics');
  if (look === undefined) return without(facts, 'kafka.topics', 'The topics');
  if (clusterMismatch(facts) !== undefined) return skip('The topics: not judged, they are those of another cluster.');
  const said = look.topics.map((topic) => describe(facts, topic)).join('; ');
  if (look.assumed === true)
    return skip(`The connector's topics are not known, as Connect could not be read. By their default names: ${said}.`);
  const troubles = topicTroubles(facts);
  const [first] = troubles;
  if (first !== undefined) {
    const fault = {
      sentence: `${[...new Set(troubles.map(({ topic, why }) => `${topic.name}: ${why}`))].join('; ')}.`,
      expected: 'three topics that exist, or are created, and take records',
      byHand: kafkaTool(facts, 'kafka-topics', '--describe', '--topic', first.topic.name),
      evidence: troubles.map(({ evidence }) => evidence),
    };
    return first.kind !== 'misconfigured' && isPressing(facts, troubles) ? fail(fault) : warn(fault);
  }
  const evidence = look.topics.map(({ name }, i) => quote(facts, 'kafka.topics', `topics.${i}.exists`, seenAs(look.topics[i]!, name)));
  const open = look.topics.some(({ exists }) => exists === null || (exists === false && creationOf(facts) === 'unknown'));
  return open ? cannot(`Not all is known of the topics: ${said}.`, ...evidence) : pass(`The topics take records: ${said}.`, ...evidence);
}

const seenAs = ({ exists }: KafkaTopic, name: string): string =>
  `${name} ${exists === null ? 'not known' : exists ? 'exists' : 'does not exist'}`;

function describe(facts: Facts, { name, exists, error, partitions, replicas, config }: KafkaTopic): string {
  if (exists === null) return `${name} may not be read (${error ?? 'no reason given'})`;
  if (!exists) {
    const when = {
      never: '',
      'first-record': ' yet; its first record creates it',
      unknown: '; whether the brokers create it may not be read',
    };
    return `${name} does not exist${when[creationOf(facts)]}`;
  }
  const size = Number(config?.['max.message.bytes'] ?? NaN);
  const kept = Number(config?.['retention.ms'] ?? NaN);
  return [
    `${name} has ${count(partitions)} ${partitions === 1 ? 'partition' : 'partitions'} of ${count(replicas)} ${replicas === 1 ? 'replica' : 'replicas'}`,
    ...(Number.isNaN(size) ? [] : [`takes up to ${bytes(size)}`]),
    ...(Number.isNaN(kept) ? [] : [kept < 0 ? 'keeps records for ever' : `keeps records for ${span(kept)}`]),
  ].join(', ');
}

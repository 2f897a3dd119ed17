import type { SinkTrouble } from '../../proto/vocabulary/sink-troubles.ts';
import { evidenceOf, quote } from '../derive/evidence.ts';
import { kafkaTool } from '../derive/kafka.ts';
import { backlogOf } from '../derive/queue.ts';
import { lookAgain, remedy } from '../derive/remedy.ts';
import { flowOf, increase } from '../derive/series.ts';
import { count, list, span } from '../derive/words.ts';
import type { Facts, SinkSaid } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Remedy } from '../report.ts';
import type { Finding, Rule } from '../rule.ts';
import { STALL_ECHOES } from './echoes.ts';

/** What a bridge says itself of the Kafka that it writes to: the same causes as behind a connector, seen from nearer. */

type Trouble = SinkSaid['troubles'][number];

/** A cause as the bridge tells it. */
type Told = {
  reasons: readonly SinkTrouble[];
  sentence: (topics: string, first: Trouble) => string;
  remedies: (facts: Facts, troubles: readonly Trouble[]) => Remedy[];
  /** a warning as long as nothing is lost */
  isStrain?: true;
};

const troublesOf = (facts: Facts, { reasons }: Told): Trouble[] =>
  (seen(facts, 'metrics')?.sink?.troubles ?? []).filter(({ reason }) => reasons.includes(reason));

const topicsIn = (troubles: readonly Trouble[]): string[] => [...new Set(troubles.map(({ topic }) => topic))];

/** What becomes of messages behind it: the bridge loses none, and tells senders when it can take no more. */
function consequence(facts: Facts): { text: string; lost: number } {
  const flow = flowOf(seen(facts, 'metrics'));
  const lost = flow?.lost ?? 0;
  const waiting = backlogOf(facts)?.messages ?? 0;
  if (flow !== undefined && lost > 0)
    return { text: `; ${count(lost)} of ${count(flow.offered ?? 0)} offered messages were refused over ${span(flow.spanMs)}`, lost };
  return { text: waiting > 0 ? `; ${count(waiting)} messages wait, and none is lost while the queues hold them` : '', lost };
}

function toldFinding(facts: Facts, told: Told): Finding | undefined {
  const troubles = troublesOf(facts, told);
  const [first] = troubles;
  if (first === undefined) return undefined;
  const all = seen(facts, 'metrics')?.sink?.troubles ?? [];
  const { text, lost } = consequence(facts);
  const signals = new Set(troubles.map(({ signal }) => signal));
  return {
    sentence: `${told.sentence(list(topicsIn(troubles)), first)}${text}.`,
    evidence: evidenceOf(
      ...troubles.map((trouble) => quote(facts, 'metrics', `sink.troubles.${all.indexOf(trouble)}.sentence`)),
      quote(facts, 'metrics', 'samples'),
    ),
    status: told.isStrain === true && lost === 0 ? 'warning' : 'critical',
    ...(signals.size === 1 ? { signal: first.signal } : {}),
    loss: lost,
  };
}

/** Requests whose record may never be stored: the bridge counts them, and goes on. */
function tooLarge(facts: Facts): Finding | undefined {
  const metrics = seen(facts, 'metrics');
  const flow = flowOf(metrics);
  const large = increase(metrics?.samples ?? [], ({ values }) => values['RecordsTooLarge']) ?? 0;
  if (flow === undefined || large === 0) return undefined;
  return {
    sentence: `${count(large)} of ${count(flow.offered ?? 0)} requests over ${span(flow.spanMs)} would be records larger than their topic or the bridge takes: they are refused for good, or set aside where it was found out too late.`,
    evidence: [quote(facts, 'metrics', 'samples', `RecordsTooLarge +${large}`)],
    loss: large,
  };
}

const goesOn = (facts: Facts): Remedy => lookAgain(facts, 'The bridge goes on by itself once it can. Then look again.');
const apiVersions = (facts: Facts, sentence: string): Remedy[] => [
  remedy(sentence, kafkaTool(facts, 'kafka-broker-api-versions')),
  goesOn(facts),
];

/** By the id of the rule that has the cause behind a connector. */
const TOLD: Readonly<Record<string, Told>> = {
  'kafka-unreachable': {
    reasons: ['unreachable', 'certificate'],
    sentence: (_, { sentence, reason }) =>
      reason === 'certificate'
        ? `The bridge reaches Kafka, and TLS with it fails (${sentence})`
        : `The bridge cannot reach Kafka (${sentence}); its ports stay open`,
    remedies: (facts) => apiVersions(facts, 'Start the broker, and see that it answers.'),
  },
  'kafka-unresponsive': {
    reasons: ['unresponsive'],
    sentence: (_, { sentence }) => `Kafka takes the bridge's connections and does not answer (${sentence}); its ports stay open`,
    remedies: (facts) => apiVersions(facts, 'Resume or restart the broker; an open port is no proof that it answers.'),
  },
  'kafka-advertised-unreachable': {
    reasons: ['advertised-unreachable'],
    sentence: (_, { sentence }) => sentence.replace(/\.$/, ''),
    remedies: (facts) =>
      apiVersions(facts, "Give the broker's advertised.listeners an address that the bridge reaches, and restart the broker."),
  },
  'kafka-throttled': {
    reasons: ['throttled'],
    sentence: (_, { sentence }) => `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`,
    remedies: (facts) => [
      remedy('See the quota, then raise it or take it away.', kafkaTool(facts, 'kafka-configs', '--describe', '--entity-type', 'clients')),
    ],
    isStrain: true,
  },
  'kafka-slow': {
    reasons: ['slow'],
    sentence: (topics, { sentence }) => `Kafka is slow for the bridge's records to ${topics} (${sentence})`,
    remedies: (facts) => [
      remedy(
        'Look whether the path or the broker is slow: compare with a client beside the broker.',
        kafkaTool(facts, 'kafka-broker-api-versions'),
      ),
    ],
    isStrain: true,
  },
  'topic-missing': {
    reasons: ['topic-missing'],
    sentence: (topics) => `Topic ${topics} does not exist and nobody creates it`,
    remedies: (facts, troubles) => [
      ...topicsIn(troubles).map((topic) => remedy('Create it.', kafkaTool(facts, 'kafka-topics', '--create', '--topic', topic))),
      goesOn(facts),
    ],
  },
  'topic-not-writable': {
    reasons: ['not-writable'],
    sentence: (topics, { sentence }) => `Kafka takes no record for ${topics} (${sentence})`,
    remedies: (facts, troubles) =>
      topicsIn(troubles).map((topic) =>
        remedy(
          'See its replicas and min.insync.replicas, and bring a replica back.',
          kafkaTool(facts, 'kafka-topics', '--describe', '--topic', topic),
        ),
      ),
  },
  'kafka-authorization-denied': {
    reasons: ['unauthorized', 'unauthenticated'],
    sentence: (topics, { sentence, reason }) =>
      reason === 'unauthorized'
        ? `Kafka does not let the bridge write ${topics} (${sentence})`
        : `Kafka does not accept the bridge's credentials (${sentence})`,
    remedies: (facts, troubles) => [
      ...topicsIn(troubles).map((topic) =>
        remedy(
          'Grant Write and Describe on the topic to the principal of the bridge.',
          kafkaTool(facts, 'kafka-acls', '--list', '--topic', topic),
        ),
      ),
      goesOn(facts),
    ],
  },
  'topic-create-failed': {
    reasons: ['topic-create-failed'],
    sentence: (_, { sentence }) => `The bridge could not create a topic: ${sentence.replace(/\.$/, '')}`,
    remedies: (facts, troubles) =>
      topicsIn(troubles).map((topic) =>
        remedy(
          'Ask for no more replicas than there are brokers (topic.creation.default.replication.factor), or create it.',
          kafkaTool(facts, 'kafka-topics', '--create', '--topic', topic),
        ),
      ),
  },
  'record-too-large': {
    reasons: ['record-too-large'],
    sentence: (topics, { sentence }) => `A record for ${topics} is too large (${sentence})`,
    remedies: (facts) => [
      remedy(
        "Have senders make smaller batches, or raise the topic's max.message.bytes and bridge.kafka.max.request.size with it.",
        kafkaTool(facts, 'kafka-configs', '--describe', '--entity-type', 'topics'),
      ),
    ],
  },
};

/** The rule with the bridge's own word before what it sees otherwise. */
export function orAsTheBridgeSays(rule: Rule): Rule {
  const told = TOLD[rule.id];
  if (told === undefined) return rule;
  const saying = (facts: Facts): Finding | undefined =>
    toldFinding(facts, told) ?? (rule.id === 'record-too-large' ? tooLarge(facts) : undefined);
  return {
    ...rule,
    explains: [...new Set([...rule.explains, ...STALL_ECHOES, 'sink-stalled'])],
    when: (view) => saying(view.facts) ?? rule.when(view),
    remedies: (view, finding) =>
      saying(view.facts) === undefined ? rule.remedies(view, finding) : told.remedies(view.facts, troublesOf(view.facts, told)),
  };
}

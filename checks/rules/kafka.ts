import type { Rule } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { connectorView } from '../derive/connector.ts';
import { quote } from '../derive/evidence.ts';
import { acknowledged, producerIsFree, producerOf } from '../derive/jmx.ts';
import { kafkaTool, ownLook } from '../derive/kafka.ts';
import type { OwnLook } from '../derive/kafka.ts';
import { gaveUpAtStart, workerMissesKafka } from '../derive/kafka-loss.ts';
import { mark } from '../derive/log.ts';
import { lookAgain, remedy } from '../derive/remedy.ts';
import { flowOf } from '../derive/series.ts';
import { stallOf } from '../derive/stall.ts';
import { topicTroubles } from '../derive/topics.ts';
import { isWorkerDown, kafkaGone } from '../derive/worker.ts';
import type { KafkaGone } from '../derive/worker.ts';
import { joinAddress } from '../address.ts';
import { count, list, span } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Finding } from '../rule.ts';
import type { Remedy } from '../report.ts';
import { KAFKA_STEPS, METRIC_IDS, METRIC_STEPS, RECEIVER_IDS, RECEIVER_STEPS, STALL_ECHOES, STATE_STEPS } from './echoes.ts';

/** Kafka as it shows through Connect, the producer's metrics and the log, and as it answers itself where its address was given. */

const GONE_ECHOES = [
  ...KAFKA_STEPS,
  ...STATE_STEPS,
  'worker-health',
  ...RECEIVER_STEPS,
  ...METRIC_STEPS,
  ...RECEIVER_IDS,
  ...METRIC_IDS,
  ...STALL_ECHOES,
  'worker-down',
  'metrics-unavailable',
  'worker-lost',
  'task-unassigned',
  'connect-unresponsive',
] as const;

function goneFinding(facts: Facts, gone: KafkaGone, what: string): Finding {
  const flow = flowOf(seen(facts, 'metrics'));
  const accepting = !gone.portsShut && (flow?.offered ?? 0) > 0;
  const fate = gone.portsShut
    ? 'both ports are closed and what was queued is discarded'
    : accepting
      ? 'what is still accepted is not written and will be discarded'
      : 'nothing is written';
  const view = connectorView(facts);
  return {
    sentence: `${what}. The worker has stopped its tasks: ${fate}. The ${view.state ?? ''} that it shows for ${view.name ?? 'the connector'} is stale.`,
    evidence: [...(ownLook(facts)?.evidence ?? []), ...gone.evidence],
  };
}

/** What becomes of the target behind a Kafka that we found gone ourselves, where Connect does not show it yet, or nothing any more. */
function consequence(facts: Facts): string {
  const stall = stallOf(facts);
  if (isWorkerDown(facts)) return 'the worker is down too: without Kafka it ends, and does not start';
  if (stall === undefined) return 'the worker gives no sign of health';
  return `nothing was written over ${span(stall.spanMs)}, and ${count(stall.stuck)} messages wait that are lost if the worker gives Kafka up`;
}

const ownFinding = (facts: Facts, own: OwnLook, what: string): Finding => ({
  sentence: `${what}; ${consequence(facts)}.`,
  evidence: [...own.evidence, quote(facts, 'rest.health'), ...(stallOf(facts) === undefined ? [] : [quote(facts, 'metrics', 'samples')])],
});

/** Of a Kafka that is gone, our own look knows better than the log whether it refuses or hangs. */
const howGone = (own: OwnLook | undefined, gone: KafkaGone): KafkaGone['how'] =>
  own?.state === 'silent' ? 'unresponsive' : own?.state === 'gone' ? 'unreachable' : gone.how;

const atOwn = (own: OwnLook | undefined): string => (own === undefined || own.how === '' ? '' : ` at ${own.at} (${own.how})`);

/** Kafka is there for us and not for the worker: the path between them, or the worker has not noticed yet that it is back. */
const hereAndNotThere = (own: OwnLook): string =>
  `Kafka answers here at ${own.at}, and the worker does not reach it: it has not noticed yet that Kafka is back, or cannot go where it advertises itself`;

/** Marks of the log and numbers of the producer that name a closer reason why records do not leave. */
const CLOSER_MARKS = ['unknown-topic', 'not-enough-replicas', 'no-leader', 'authorization-failed'] as const;
const isHeldUp = (facts: Facts): boolean =>
  CLOSER_MARKS.some((key) => mark(facts, key) !== undefined) ||
  topicTroubles(facts).some(({ kind }) => kind !== 'misconfigured') ||
  !producerIsFree(producerOf(facts));

/** The first seconds without Kafka: Connect has noticed nothing yet, the state is RUNNING and true, and nothing is acknowledged. */
function stalledFinding(facts: Facts): Finding | undefined {
  const [stall, flow, view] = [stallOf(facts), flowOf(seen(facts, 'metrics')), connectorView(facts)];
  const runs = view.state === 'RUNNING' && view.tasks.some((task) => task.state === 'RUNNING');
  if (stall === undefined || flow === undefined || !runs || seen(facts, 'target')?.kind !== 'connector' || isHeldUp(facts))
    return undefined;
  const own = ownLook(facts);
  const waits = `${count(stall.stuck)} ${WAITING[stall.where]}`;
  const here = own?.state === 'answers' ? `, though it answers here at ${own.at}` : '';
  return {
    sentence: `Kafka acknowledges nothing${here}: ${count(flow.offered ?? 0)} messages came in over ${span(stall.spanMs)} and none was written; ${waits}, and are lost if the worker gives Kafka up.`,
    evidence: [
      ...(own?.evidence ?? []),
      quote(facts, 'metrics', 'samples', `accepted +${flow.received ?? 'unknown'}, produced +${flow.produced ?? 'unknown'}`),
      quote(facts, 'jmx.task', 'samples', `source-record-write-total +${acknowledged(facts) ?? 'unknown'}`),
    ],
  };
}

const WAITING = {
  queued: 'wait in the queues',
  unacknowledged: 'are polled and not acknowledged',
  undelivered: 'were produced and arrived on no topic',
} as const;

const startKafka = (facts: Facts, sentence: string): Remedy[] => [
  remedy(sentence, kafkaTool(facts, 'kafka-broker-api-versions')),
  lookAgain(
    facts,
    'Leave Connect as it is: it goes on by itself once Kafka is back, and a restart of it does not help before. Then look again.',
  ),
];

export const kafkaUnreachable = defineRule({
  id: 'kafka-unreachable',
  layer: 'kafka',
  scope: 'target',
  status: 'critical',
  explains: GONE_ECHOES,
  heading: 'Issue 4: Processing Lag Building Up',
  meaning:
    'The worker has lost Kafka: it revokes its own assignment and stops its tasks, and cannot write that down. Connect goes on showing RUNNING; ports close, or stay open over a queue that nobody reads and that is thrown away in the end.',
  when({ facts }) {
    if (gaveUpAtStart(facts))
      return {
        sentence: 'The worker ended at its start because Kafka could not be reached.',
        evidence: [
          quote(facts, 'log', 'marks.worker-cannot-reach-kafka.text'),
          quote(facts, 'rest.list'),
          ...(ownLook(facts)?.evidence ?? []),
        ],
      };
    const [gone, own] = [kafkaGone(facts), ownLook(facts)];
    if (own?.state === 'advertised') return undefined;
    if (gone !== undefined && howGone(own, gone) === 'unreachable')
      return goneFinding(facts, gone, own?.state === 'answers' ? hereAndNotThere(own) : `Kafka cannot be reached${atOwn(own)}`);
    const alone = gone === undefined && own?.state === 'gone' && workerMissesKafka(facts);
    return alone ? ownFinding(facts, own, `Kafka cannot be reached${atOwn(own)}`) : undefined;
  },
  remedies: ({ facts }) =>
    gaveUpAtStart(facts)
      ? [remedy('Start Kafka, see that it answers, then start the worker.', kafkaTool(facts, 'kafka-broker-api-versions'))]
      : startKafka(facts, 'Start the broker, and see that it answers.'),
});

export const kafkaUnresponsive = defineRule({
  id: 'kafka-unresponsive',
  layer: 'kafka',
  scope: 'target',
  status: 'critical',
  explains: GONE_ECHOES,
  heading: 'Issue 4: Processing Lag Building Up',
  meaning:
    'A broker takes connections and does not answer: an open port of Kafka is no proof of life. For the worker it is the same as a Kafka that is gone.',
  when({ facts }) {
    const [gone, own] = [kafkaGone(facts), ownLook(facts)];
    if (gaveUpAtStart(facts) || own?.state === 'advertised') return undefined;
    const hangs = `Kafka takes connections${own?.state === 'silent' ? ` at ${own.at}` : ''} and does not answer`;
    if (gone !== undefined)
      return howGone(own, gone) === 'unresponsive'
        ? goneFinding(facts, gone, own?.state === 'answers' ? hereAndNotThere(own) : hangs)
        : undefined;
    if (own?.state === 'silent') return workerMissesKafka(facts) ? ownFinding(facts, own, hangs) : undefined;
    return own?.state === 'gone' ? undefined : stalledFinding(facts);
  },
  remedies: ({ facts }) => startKafka(facts, 'Resume or restart the broker; an open port is no proof that it answers.'),
});

export const kafkaAdvertisedUnreachable = defineRule({
  id: 'kafka-advertised-unreachable',
  layer: 'kafka',
  scope: 'target',
  status: 'critical',
  explains: GONE_ECHOES,
  heading: 'Issue 4: Processing Lag Building Up',
  meaning:
    'Kafka answers at its bootstrap address and names another address for its brokers (advertised.listeners), which is not reached. The bootstrap address alone looks well; nothing can be written.',
  when({ facts }) {
    const own = ownLook(facts);
    if (own?.state !== 'advertised' || !workerMissesKafka(facts)) return undefined;
    const names = own.unreached.map((look) => `${joinAddress(look.address)} (${'detail' in look ? look.detail : ''})`);
    const what = `Kafka answers at ${own.at} but advertises ${list(names)}, where no broker answers`;
    const gone = kafkaGone(facts);
    return gone === undefined ? ownFinding(facts, own, what) : goneFinding(facts, gone, what);
  },
  remedies: ({ facts }) => [
    remedy(
      "Give the broker's advertised.listeners an address that the worker reaches, and restart the broker.",
      kafkaTool(facts, 'kafka-broker-api-versions'),
      'outage',
    ),
    lookAgain(facts, 'Connect goes on by itself once the brokers are reached. Then look again.'),
  ],
});

export const KAFKA_RULES: readonly Rule[] = [kafkaUnreachable, kafkaUnresponsive, kafkaAdvertisedUnreachable];

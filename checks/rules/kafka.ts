import type { Rule } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { connectorView } from '../derive/connector.ts';
import { evidenceOf, quote } from '../derive/evidence.ts';
import { acknowledged, inFlight, producerIsFree, producerOf } from '../derive/jmx.ts';
import { mark } from '../derive/log.ts';
import { backlogOf } from '../derive/queue.ts';
import { lookAgain, remedy } from '../derive/remedy.ts';
import { flowOf, perSecond } from '../derive/series.ts';
import { stallOf } from '../derive/stall.ts';
import { isWorkerDown, kafkaGone } from '../derive/worker.ts';
import type { KafkaGone } from '../derive/worker.ts';
import { count, percent, rate, span } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Finding } from '../rule.ts';
import type { Remedy } from '../report.ts';
import { METRIC_IDS, METRIC_STEPS, RECEIVER_IDS, RECEIVER_STEPS, STALL_ECHOES, STATE_STEPS } from './echoes.ts';

/** Kafka as it shows through Connect, the producer's metrics and the log. Kafka's own look, when there is one, adds its facts to the same rules. */

const GONE_ECHOES = [
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

/** The worker gave up at its start, and said so as one of its last lines. */
function gaveUpAtStart(facts: Facts): boolean {
  const said = mark(facts, 'worker-cannot-reach-kafka');
  const end = seen(facts, 'log')?.lastAt ?? null;
  return isWorkerDown(facts) && said !== undefined && (said.lastAt === null || end === null || end - said.lastAt <= 60_000);
}

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
    evidence: gone.evidence,
  };
}

/** Marks of the log and numbers of the producer that name a closer reason why records do not leave. */
const CLOSER_MARKS = ['unknown-topic', 'not-enough-replicas', 'no-leader', 'authorization-failed'] as const;
const isHeldUp = (facts: Facts): boolean =>
  CLOSER_MARKS.some((key) => mark(facts, key) !== undefined) || !producerIsFree(producerOf(facts));

/** The first seconds without Kafka: Connect has noticed nothing yet, the state is RUNNING and true, and nothing is acknowledged. */
function stalledFinding(facts: Facts): Finding | undefined {
  const [stall, flow, view] = [stallOf(facts), flowOf(seen(facts, 'metrics')), connectorView(facts)];
  const runs = view.state === 'RUNNING' && view.tasks.some((task) => task.state === 'RUNNING');
  if (stall === undefined || flow === undefined || !runs || seen(facts, 'target')?.kind !== 'connector' || isHeldUp(facts))
    return undefined;
  const waits =
    stall.where === 'queued' ? `${count(stall.stuck)} wait in the queues` : `${count(stall.stuck)} are polled and not acknowledged`;
  return {
    sentence: `Kafka acknowledges nothing: ${count(flow.offered ?? 0)} messages came in over ${span(stall.spanMs)} and none was written; ${waits}, and are lost if the worker gives Kafka up.`,
    evidence: [
      quote(facts, 'metrics', 'samples', `accepted +${flow.received ?? 'unknown'}, produced +${flow.produced ?? 'unknown'}`),
      quote(facts, 'jmx.task', 'samples', `source-record-write-total +${acknowledged(facts) ?? 'unknown'}`),
    ],
  };
}

const startKafka = (facts: Facts, sentence: string): Remedy[] => [
  remedy(sentence, `kafka-broker-api-versions --bootstrap-server ${brokerIn(facts)}`),
  lookAgain(
    facts,
    'Leave Connect as it is: it goes on by itself once Kafka is back, and a restart of it does not help before. Then look again.',
  ),
];

/** The broker's address, where a log line names it. */
const brokerIn = (facts: Facts): string => {
  const line = (seen(facts, 'log')?.troubles ?? [])
    .map((trouble) => /Connection to node [^(]*\([^/)]*\/([^)]+)\)/.exec(trouble.message)?.[1])
    .find((address) => address !== undefined);
  return line !== undefined && /^[\w.:[\]-]+:\d+$/.test(line) ? line : 'localhost:9092';
};

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
        evidence: [quote(facts, 'log', 'marks.worker-cannot-reach-kafka.text'), quote(facts, 'rest.list')],
      };
    const gone = kafkaGone(facts);
    return gone === undefined || gone.how !== 'unreachable' ? undefined : goneFinding(facts, gone, 'Kafka cannot be reached');
  },
  remedies: ({ facts }) =>
    gaveUpAtStart(facts)
      ? [
          remedy(
            'Start Kafka, see that it answers, then start the worker.',
            `kafka-broker-api-versions --bootstrap-server ${brokerIn(facts)}`,
          ),
        ]
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
    const gone = kafkaGone(facts);
    if (gone === undefined) return stalledFinding(facts);
    return gone.how === 'unresponsive' ? goneFinding(facts, gone, 'Kafka takes connections and does not answer') : undefined;
  },
  remedies: ({ facts }) => startKafka(facts, 'Resume or restart the broker; an open port is no proof that it answers.'),
});

/** What is at stake behind a Kafka that holds the task up. */
function pressure(facts: Facts): { text: string; lost: number; serious: boolean } {
  const [flow, backlog] = [flowOf(seen(facts, 'metrics')), backlogOf(facts)];
  const lost = flow?.lost ?? 0;
  if (flow !== undefined && lost > 0)
    return {
      text: `; ${count(lost)} of ${count(flow.offered ?? 0)} offered messages were lost over ${span(flow.spanMs)} behind it`,
      lost,
      serious: true,
    };
  const soon = backlog?.secondsUntilDrops ?? null;
  if (backlog === undefined || backlog.messages === 0) return { text: '', lost, serious: false };
  return {
    text: `; ${count(backlog.messages)} messages wait behind it${soon === null ? '' : `, and drops begin in ${span(soon * 1000)}`}`,
    lost,
    serious: false,
  };
}

const client = (facts: Facts): string => `connector-producer-${connectorView(facts).name ?? 'otlp-source'}-0`;

export const kafkaThrottled = defineRule({
  id: 'kafka-throttled',
  layer: 'kafka',
  scope: 'target',
  status: 'critical',
  explains: [...STALL_ECHOES, 'poll-ceiling', 'kafka-slow'],
  heading: 'Issue 3: High Message Drop Rate',
  meaning:
    "A quota on the broker makes the task's producer wait. Behind it the producer's buffer fills, then the queues, then messages are lost; neither a larger queue nor other producer settings change that.",
  when({ facts, thresholds }) {
    const producer = producerOf(facts);
    if (producer?.throttleMs === undefined || producer.throttleMs <= 0) return undefined;
    const { text, lost, serious } = pressure(facts);
    const full = (producer.bufferFreePercent ?? 100) < thresholds.producerBufferLowPercent;
    return {
      sentence: `Kafka throttles the producer ${client(facts)} by a quota (${count(Math.round(producer.throttleMs))} ms a request on average${producer.bufferFreePercent === undefined ? '' : `, buffer ${percent(producer.bufferFreePercent)} free`})${text}.`,
      evidence: evidenceOf(
        quote(facts, 'jmx.producer', 'samples.0.values.produce-throttle-time-avg'),
        quote(facts, 'jmx.producer', 'samples.0.values.buffer-available-bytes'),
      ),
      status: serious || full ? 'critical' : 'warning',
      loss: lost,
    };
  },
  remedies: ({ facts }) => [
    remedy(
      'See the quota.',
      `kafka-configs --bootstrap-server localhost:9092 --describe --entity-type clients --entity-name ${client(facts)}`,
    ),
    remedy(
      'Raise it, or take it away.',
      `kafka-configs --bootstrap-server localhost:9092 --alter --entity-type clients --entity-name ${client(facts)} --delete-config producer_byte_rate`,
    ),
  ],
});

export const kafkaSlow = defineRule({
  id: 'kafka-slow',
  layer: 'kafka',
  scope: 'target',
  status: 'warning',
  explains: STALL_ECHOES,
  heading: 'Issue 4: Processing Lag Building Up',
  meaning:
    'Kafka takes records more slowly than they come, without a quota: a slow path to it, or a broker that is busy. The queues take up the difference until they are full.',
  when({ facts, thresholds }) {
    const producer = producerOf(facts);
    if (producer === undefined || (producer.throttleMs ?? 0) > 0) return undefined;
    const slow = (producer.latencyMs ?? 0) >= thresholds.kafkaSlowMs;
    const full = (producer.bufferFreePercent ?? 100) < thresholds.producerBufferLowPercent || (producer.waitingThreads ?? 0) > 0;
    const backlog = backlogOf(facts)?.messages ?? 0;
    if (!(full || (slow && (backlog > 0 || (inFlight(facts) ?? 0) > 0)))) return undefined;
    const { text, lost } = pressure(facts);
    const flow = flowOf(seen(facts, 'metrics'));
    const written = acknowledged(facts);
    const speed = flow === undefined || written === null ? '' : `, ${rate(perSecond(written, flow))} records/s acknowledged`;
    return {
      sentence: `Kafka is slow for the task's producer (${producer.latencyMs === undefined ? 'answers not timed' : `${rate(producer.latencyMs)} ms an answer`}${producer.bufferFreePercent === undefined ? '' : `, buffer ${percent(producer.bufferFreePercent)} free`}${speed})${text}.`,
      evidence: [
        quote(facts, 'jmx.producer', 'samples.0.values.request-latency-avg'),
        quote(facts, 'jmx.producer', 'samples.0.values.buffer-available-bytes'),
      ],
      status: lost > 0 ? 'critical' : 'warning',
      loss: lost,
    };
  },
  remedies: () => [
    remedy(
      'Look whether the path or the broker is slow: compare with a client beside the broker.',
      'kafka-broker-api-versions --bootstrap-server localhost:9092',
    ),
  ],
});

export const KAFKA_RULES: readonly Rule[] = [kafkaUnreachable, kafkaUnresponsive, kafkaThrottled, kafkaSlow];

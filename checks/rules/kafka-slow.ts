import type { Rule } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { connectorView } from '../derive/connector.ts';
import { evidenceOf, quote } from '../derive/evidence.ts';
import { acknowledged, inFlight, producerOf } from '../derive/jmx.ts';
import { kafkaTool } from '../derive/kafka.ts';
import { backlogOf } from '../derive/queue.ts';
import { remedy } from '../derive/remedy.ts';
import { flowOf, perSecond } from '../derive/series.ts';
import { count, percent, rate, span } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { STALL_ECHOES } from './echoes.ts';

/** Kafka takes records, and not as fast as they come: what the task's producer shows of it. */

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
    remedy('See the quota.', kafkaTool(facts, 'kafka-configs', '--describe', '--entity-type', 'clients', '--entity-name', client(facts))),
    remedy(
      'Raise it, or take it away.',
      kafkaTool(
        facts,
        'kafka-configs',
        '--alter',
        '--entity-type',
        'clients',
        '--entity-name',
        client(facts),
        '--delete-config',
        'producer_byte_rate',
      ),
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
  remedies: ({ facts }) => [
    remedy(
      'Look whether the path or the broker is slow: compare with a client beside the broker.',
      kafkaTool(facts, 'kafka-broker-api-versions'),
    ),
  ],
});

export const KAFKA_SLOW_RULES: readonly Rule[] = [kafkaThrottled, kafkaSlow];

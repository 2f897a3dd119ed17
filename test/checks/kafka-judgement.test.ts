import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { diagnose } from '../../checks/diagnose.ts';
import type { BrokerLook, KafkaBrokers, KafkaTopic } from '../../checks/facts/index.ts';
import { kafkaBrokers } from '../../checks/steps/kafka-brokers.ts';
import type { Report } from '../../checks/report.ts';
import { changed, healthy, metrics, skipped, withValue, NOW } from '../facts.ts';
import type { Changes } from '../facts.ts';
import { factsOfRecording, loadRecording } from '../recorded.ts';

/** Kafka's own look laid over what Connect shows. */

const AT = { host: '127.0.0.1', port: 9092 };
const CLUSTER = 'o2bAO8LpS2uFErsomyLdAQ';
const answering: BrokerLook = { address: AT, ms: 4 };
const refusing: BrokerLook = { address: AT, failure: 'refused', detail: 'connect ECONNREFUSED 127.0.0.1:9092', stage: 'connect' };
const hanging: BrokerLook = { address: AT, failure: 'timeout', detail: 'connected, no answer in 3.0 s', stage: 'answer' };
const elsewhere: BrokerLook = {
  address: { host: '127.0.0.9', port: 19092 },
  failure: 'timeout',
  detail: 'no connection in 3.0 s',
  stage: 'connect',
};

const own = (look: BrokerLook, advertised: BrokerLook = look, id = CLUSTER): Changes => ({
  'kafka.brokers': {
    value: {
      bootstrap: [look],
      cluster: 'ms' in look ? { id, controller: 1 } : null,
      brokers: 'ms' in look ? [{ id: 1, ...advertised }] : [],
    } satisfies KafkaBrokers,
  },
});

const ruleChanges = (id: string): Changes =>
  (JSON.parse(readFileSync(new URL(`../../fixtures/facts/rules/${id}.json`, import.meta.url), 'utf8')) as { changes: Changes }).changes;

const roots = (report: Report): string[] =>
  report.diagnoses.filter(({ status, because }) => status !== 'ok' && because === null).map(({ id, status }) => `${id} ${status}`);
const first = (changes: Changes): NonNullable<Report['diagnoses'][0]> => {
  const [found] = diagnose(healthy(changes)).diagnoses;
  assert.ok(found);
  return found;
};

/** Kafka gone as Connect shows it: the fixture of kafka-unreachable. */
const GONE = ruleChanges('kafka-unreachable');

test('the own look decides whether a Kafka that is gone refuses or hangs, and the remedy names the address given', () => {
  const refused = first({ ...GONE, ...own(refusing) });
  assert.equal(refused.id, 'kafka-unreachable');
  assert.match(
    refused.sentence,
    /^Kafka cannot be reached at 127\.0\.0\.1:9092 \(connect ECONNREFUSED 127\.0\.0\.1:9092\)\. The worker has stopped/,
  );
  assert.equal(refused.remedies[0]?.command, 'kafka-broker-api-versions --bootstrap-server 127.0.0.1:9092');
  const hung = first({ ...GONE, ...own(hanging) });
  assert.equal(hung.id, 'kafka-unresponsive');
  assert.match(hung.sentence, /^Kafka takes connections at 127\.0\.0\.1:9092 and does not answer\. The worker has stopped/);
  assert.deepEqual(hung.evidence[0], {
    fact: 'kafka.brokers',
    path: 'bootstrap.0.detail',
    value: 'connected, no answer in 3.0 s',
    source: 'Kafka',
    at: new Date(hung.evidence[0]?.at ?? 0).toISOString(),
  });
});

test('recordings of a broker that hangs and one that is down come to the same causes with the own look', () => {
  for (const [name, look, id] of [
    ['broker-hung-with-traffic', hanging, 'kafka-unresponsive'],
    ['broker-down', refusing, 'kafka-unreachable'],
  ] as const) {
    const report = diagnose(changed(factsOfRecording(loadRecording(name)), own(look)));
    assert.deepEqual(roots(report), [`${id} critical`]);
  }
});

test('advertised addresses that are not reached are the one cause when the worker misses Kafka, and unknown when it does not', () => {
  const lost = diagnose(healthy({ ...GONE, ...own(answering, elsewhere) }));
  assert.deepEqual(roots(lost), ['kafka-advertised-unreachable critical']);
  assert.match(
    lost.summary,
    /^Kafka answers at 127\.0\.0\.1:9092 but advertises 127\.0\.0\.9:19092 \(no connection in 3\.0 s\), where no broker answers\./,
  );
  const well = diagnose(healthy(own(answering, elsewhere)));
  assert.deepEqual(roots(well), ['kafka-unavailable unknown']);
});

test('Kafka that answers here while the worker is without it is said so', () => {
  const { id, sentence } = first({ ...GONE, ...own(answering) });
  assert.equal(id, 'kafka-unreachable');
  assert.match(sentence, /^Kafka answers here at 127\.0\.0\.1:9092, and the worker does not reach it: /);
});

test('a worker that is down with its Kafka is the echo of it', () => {
  const report = diagnose(healthy({ ...ruleChanges('worker-down'), ...own(refusing) }));
  assert.deepEqual(roots(report), ['kafka-unreachable critical']);
  assert.equal(report.diagnoses.find(({ id }) => id === 'worker-down')?.because, 'kafka-unreachable');
});

test('a Kafka that cannot be asked from here is unknown while the worker writes to it', () => {
  for (const look of [refusing, hanging]) assert.deepEqual(roots(diagnose(healthy(own(look)))), ['kafka-unavailable unknown']);
  assert.match(diagnose(healthy(own(refusing))).summary, /the worker shows no want of its Kafka/);
  const alone = skipped('Connect is left out (--connect-url none)');
  const unseen: Changes = {
    'rest.root': alone,
    'rest.health': alone,
    'rest.list': alone,
    'rest.status': alone,
    metrics: alone,
    'jmx.task': alone,
  };
  assert.match(diagnose(healthy({ ...unseen, ...own(refusing) })).summary, /whether the worker reaches it is not known/);
});

test('the first seconds of a hang: nothing is acknowledged and the broker is silent', () => {
  const changes = ruleChanges('kafka-unresponsive');
  const report = diagnose(healthy({ ...changes, ...own(hanging) }));
  assert.deepEqual(roots(report), ['kafka-unresponsive critical']);
  const gone = diagnose(healthy({ ...changes, ...own(refusing) }));
  assert.deepEqual(roots(gone), ['kafka-unreachable critical']);
});

test('of another cluster nothing counts, and the bridge has none', () => {
  const other = own(answering, answering, 'another');
  assert.deepEqual(roots(diagnose(healthy({ ...GONE, ...other }))), ['kafka-unreachable critical', 'wrong-cluster unknown']);
  const bridge = withValue(healthy(other), 'target', { kind: 'bridge' });
  assert.ok(!roots(diagnose(bridge)).includes('wrong-cluster unknown'));
});

const topic = (name: string, signal: KafkaTopic['signal'], change: Partial<KafkaTopic> = {}): KafkaTopic => ({
  name,
  signal,
  exists: true,
  partitions: 1,
  replicas: 1,
  troubled: [],
  config: { 'min.insync.replicas': '1', 'max.message.bytes': '1048588', 'cleanup.policy': 'delete' },
  ...change,
});
const topics = (changes: Partial<Record<KafkaTopic['signal'], Partial<KafkaTopic>>>, autoCreate: boolean | null = false): Changes => ({
  ...own(answering),
  'kafka.topics': {
    value: {
      topics: (['traces', 'metrics', 'logs'] as const).map((signal) => topic(`otlp-${signal}`, signal, changes[signal])),
      autoCreate,
    },
  },
});
const GONE_TOPIC = { exists: false, partitions: 0, replicas: 0, config: null } as const;
const STALLED: Changes = {
  metrics: {
    value: metrics({ TracesReceived: 178, RecordsProduced: 176 }, { TracesReceived: 278, TracesDropped: 40, RecordsProduced: 176 }),
  },
  'jmx.task': {
    value: {
      samples: [
        { at: NOW - 5000, values: { 'source-record-poll-total': 176, 'source-record-write-total': 176 } },
        { at: NOW, values: { 'source-record-poll-total': 176, 'source-record-write-total': 176 } },
      ],
      absent: [],
    },
  },
};

test('a topic that is missing holds the task up: it is the cause of the stall and of the loss, without a line of log', () => {
  const report = diagnose(healthy({ ...STALLED, ...topics({ logs: GONE_TOPIC }) }));
  assert.deepEqual(roots(report), ['topic-missing critical']);
  assert.equal(
    report.summary,
    'Topic otlp-logs does not exist and nobody creates it (auto.create.topics.enable=false): the task waits for it, and all three signals stand still; 40 messages were lost while we looked.',
  );
  assert.equal(report.diagnoses[0]?.remedies[0]?.command, 'kafka-topics --bootstrap-server 127.0.0.1:9092 --create --topic otlp-logs');
});

test('a missing topic of an unused signal is a warning, one that is created by itself or may be is none', () => {
  assert.deepEqual(roots(diagnose(healthy(topics({ logs: GONE_TOPIC })))), ['topic-missing warning']);
  assert.deepEqual(roots(diagnose(healthy(topics({ logs: GONE_TOPIC }, true)))), []);
  assert.deepEqual(roots(diagnose(healthy(topics({ logs: GONE_TOPIC }, null)))), []);
  const creates = withValue(healthy(topics({ logs: GONE_TOPIC })), 'target', {
    config: { name: 'otlp-source', 'topic.creation.default.partitions': '1', 'topic.creation.default.replication.factor': '1' },
  });
  assert.deepEqual(roots(diagnose(creates)), []);
});

test('paused, and a topic is missing: the pause first, the topic as what comes next', () => {
  const report = diagnose(healthy({ ...ruleChanges('connector-paused'), ...topics({ logs: GONE_TOPIC }) }));
  assert.deepEqual(roots(report), ['connector-paused critical', 'topic-missing warning']);
});

const SHORT = { replicas: 2, troubled: [{ id: 0, leader: 1, replicas: 2, inSync: 1 }] };

test('too few replicas in sync: critical where records come in, nothing where the producer does not ask for them', () => {
  const config = { 'min.insync.replicas': '2', 'cleanup.policy': 'delete' };
  const report = diagnose(healthy(topics({ traces: { ...SHORT, config } })));
  assert.deepEqual(roots(report), ['topic-not-writable critical']);
  assert.equal(
    report.summary,
    'Kafka takes no record for otlp-traces (2 replicas have to be in sync (min.insync.replicas) and 1 is): what the task sends there waits, and the queues fill behind it.',
  );
  assert.deepEqual(roots(diagnose(healthy(topics({ traces: { ...SHORT, config: { 'min.insync.replicas': '1' } } })))), []);
  const acks = withValue(healthy(topics({ traces: { ...SHORT, config } })), 'target', {
    config: { name: 'otlp-source', 'producer.override.acks': '1' },
  });
  assert.deepEqual(roots(diagnose(acks)), []);
});

test('Kafka caps min.insync.replicas at the replicas there are: the recording of it stays ok with the own look', () => {
  const facts = factsOfRecording(loadRecording('min-isr-above-replicas'));
  const id = (facts['rest.root'] as { value: { kafka_cluster_id: string } }).value.kafka_cluster_id;
  const capped = topics({ traces: { config: { 'min.insync.replicas': '2' } } });
  const report = diagnose(changed(facts, { ...capped, ...own(answering, answering, id) }));
  assert.equal(report.status, 'ok');
  assert.equal(report.steps.find((step) => step.id === 'topic-configuration')?.status, 'ok');
});

test('records that were produced and arrived on no topic are a stall, though no series of Connect shows it', () => {
  const changes = JSON.parse(
    readFileSync(new URL('../../fixtures/facts/steps/delivery/produced-and-nowhere.critical.json', import.meta.url), 'utf8'),
  ) as Changes;
  const report = diagnose(healthy(changes));
  assert.deepEqual(roots(report), ['kafka-unresponsive critical']);
  assert.match(
    report.summary,
    /^Kafka acknowledges nothing, though it answers here at 127\.0\.0\.1:9092: .* 60 were produced and arrived on no topic/,
  );
});

test('which versions of requests the brokers take is said, and where they differ both', () => {
  const broker = (id: number, produce: [number, number]) => ({
    id,
    address: { host: 'b', port: 9090 + id },
    ms: 2,
    versions: { produce, fetch: [4, 17] as [number, number] },
  });
  const said = (...brokers: ReturnType<typeof broker>[]) =>
    kafkaBrokers.evaluate(
      healthy({ 'kafka.brokers': { value: { bootstrap: [brokers[0]!], cluster: { id: CLUSTER, controller: 1 }, brokers } } }),
    ).sentence;
  assert.match(said(broker(1, [3, 11])), /, with requests of version produce 3 to 11 and fetch 4 to 17\.$/);
  assert.match(said(broker(1, [0, 11]), broker(2, [3, 12])), /version produce 0 to 11 or 3 to 12 and fetch 4 to 17\.$/);
});

/** Kafka, broken under a bridge that writes to it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { splitAddress } from '../../../checks/address.ts';
import { helloKafka } from '../../../checks/probes/kafka-hello.ts';
import { fullBacklog } from '../../doubles/full-backlog.ts';
import { until } from '../../doubles/until.ts';
import { extraBroker } from '../stand/extra-broker.ts';
import { denyWrite, kafkaConfigs, makeTopics } from '../stand/kafka-admin.ts';
import type { LoneBroker } from '../stand/lone-broker.ts';
import { behindProxy } from './behind-proxy.ts';
import type { BridgeScene, Counters } from './bridge-scene.ts';
import type { BridgeCell } from './fault.ts';
import { L2, L6 } from './loads.ts';
import type { Stream } from './loads.ts';

const LOST_MS = 120_000;
const refusals = ({ TotalMessagesRefused = 0 }: Counters): boolean => TotalMessagesRefused > 0;

export const kafkaOf = ({ stand }: BridgeScene): LoneBroker => {
  if (stand === undefined) throw new Error('the cell of this fault has no broker');
  return stand;
};

const flowing = async (scene: BridgeScene, streams: readonly Stream[] = L2): Promise<void> => {
  scene.load(streams);
  await scene.beanWhen('messages to be stored', ({ RecordsProduced = 0 }) => RecordsProduced > 0, 30_000);
};

const waitForKafka = async (scene: BridgeScene): Promise<void> => {
  const address = splitAddress(kafkaOf(scene).kafka)!;
  const { signal } = new AbortController();
  await until('Kafka to answer again', async () => 'ms' in (await helloKafka(address, { deadlineMs: 1000, signal })) || undefined, 60_000);
};

const down: BridgeCell = {
  kafka: 'shared',
  inject: async (scene) => {
    const { broker } = kafkaOf(scene);
    await flowing(scene);
    scene.after(async () => {
      await broker.start();
      await waitForKafka(scene);
    });
    await broker.kill();
    await scene.troubled('unreachable');
  },
};

const frozen: BridgeCell = {
  kafka: 'shared',
  inject: async (scene) => {
    const { broker } = kafkaOf(scene);
    await flowing(scene);
    scene.after(() => broker.signal('SIGCONT'));
    broker.signal('SIGSTOP');
    await scene.troubled('unresponsive');
  },
};

const downAtStart: BridgeCell = {
  kafka: 'shared',
  started: false,
  inject: async (scene) => {
    const { broker } = kafkaOf(scene);
    scene.after(async () => {
      await broker.start();
      await waitForKafka(scene);
    });
    await broker.kill();
    await scene.bridge.start();
    await scene.settled('RUNNING', 'RUNNING');
    scene.load(L2);
    await scene.troubled('unreachable');
  },
};

/** The broker comes back saying that it is to be found at an address where connects vanish. */
const advertisedWrong: BridgeCell = {
  kafka: () => Promise.resolve({}),
  inject: async (scene) => {
    const nowhere = await fullBacklog();
    scene.after(() => nowhere.close());
    const { broker, folder } = kafkaOf(scene);
    const file = join(folder, 'server.properties');
    await flowing(scene);
    await broker.kill();
    const said = readFileSync(file, 'utf8').replace(
      /^advertised\.listeners=.*$/m,
      `advertised.listeners=PLAINTEXT://127.0.0.1:${nowhere.port}`,
    );
    writeFileSync(file, said);
    await broker.start();
    await waitForKafka(scene);
    await scene.troubled('advertised-unreachable');
  },
};

const WHO = 'throttled-bridge';
export const throttled = (streams: readonly Stream[]): BridgeCell => ({
  kafka: 'shared',
  set: { 'otlp.message.queue.size': '100', 'bridge.kafka.client.id': WHO },
  inject: async (scene) => {
    const who = ['--entity-type', 'clients', '--entity-name', WHO];
    scene.after(() => kafkaConfigs(kafkaOf(scene), ['--alter', '--delete-config', 'producer_byte_rate', ...who]));
    await kafkaConfigs(kafkaOf(scene), ['--alter', '--add-config', 'producer_byte_rate=10000', ...who]);
    scene.load(streams);
    await scene.troubled('throttled');
    await scene.beanWhen('refusals', refusals, LOST_MS);
  },
});

/** A broker that says it is behind a proxy of 20 kB/s; the operator asks it directly. */
const slowPath: BridgeCell = {
  kafka: async (owner) => {
    const { stand, address } = await behindProxy(owner, { mode: 'slow', bytesPerSecond: 20_000 });
    const { broker, kafkaPort } = stand;
    return {
      broker: { ...(kafkaPort !== undefined && { kafkaPort }), ...(broker !== undefined && { broker }) },
      set: { 'bridge.kafka.bootstrap.servers': address },
    };
  },
  inject: async (scene) => {
    scene.load((['traces', 'metrics', 'logs'] as const).map((signal) => ({ over: 'grpc' as const, signal, perSecond: 100, bytes: 500 })));
    await scene.troubled('slow');
    await scene.beanWhen('a lag of 3,000', ({ TotalLagCount = 0 }) => TotalLagCount > 3000, LOST_MS);
    await scene.troubled('slow');
  },
};

const MISSING = 'otlp-logs-missing';
const topicMissing: BridgeCell = {
  kafka: 'shared',
  set: { 'kafka.topic.logs': MISSING },
  inject: async (scene) => {
    scene.load(L6);
    await scene.troubled('topic-missing');
  },
};

const TWO_REPLICAS = 'otlp-two-replicas';
const belowMinimum: BridgeCell = {
  kafka: () => Promise.resolve({}),
  started: false,
  set: { 'kafka.topic.traces': TWO_REPLICAS },
  inject: async (scene) => {
    const kafka = kafkaOf(scene);
    const follower = await extraBroker(kafka);
    const replicaAssignment = [{ partition: 0, replicas: [1, 2] }];
    const configEntries = [{ name: 'min.insync.replicas', value: '2' }];
    await makeTopics(kafka.kafka, [{ topic: TWO_REPLICAS, replicaAssignment, configEntries }]);
    await scene.bridge.start();
    await scene.settled('RUNNING', 'RUNNING');
    await flowing(scene);
    await follower.kill();
    await scene.troubled('not-writable');
  },
};

/** Large requests amid the usual load. */
const tooLarge = (bytes: number): readonly Stream[] => [...L2, { over: 'http', signal: 'traces', perSecond: 4, bytes }];
const counted = (scene: BridgeScene) =>
  scene.beanWhen('requests that are too large', ({ RecordsTooLarge = 0 }) => RecordsTooLarge > 3, LOST_MS);

const SMALL_RECORDS = 'otlp-small-records';
const overTopicLimit: BridgeCell = {
  kafka: 'shared',
  started: false,
  set: { 'kafka.topic.traces': SMALL_RECORDS },
  inject: async (scene) => {
    const configEntries = [{ name: 'max.message.bytes', value: '2000' }];
    await makeTopics(kafkaOf(scene).kafka, [{ topic: SMALL_RECORDS, numPartitions: 1, configEntries }]);
    await scene.bridge.start();
    await scene.settled('RUNNING', 'RUNNING');
    scene.load(tooLarge(5000));
    await counted(scene);
  },
};

const overOwnLimit: BridgeCell = {
  kafka: 'shared',
  inject: async (scene) => {
    scene.load(tooLarge(1_200_000));
    await counted(scene);
  },
};

const denied: BridgeCell = {
  kafka: 'shared',
  inject: async (scene) => {
    await denyWrite(scene, kafkaOf(scene).kafka, 'otlp-logs');
    scene.load(L6);
    await scene.troubled('unauthorized');
  },
};

const creationFails: BridgeCell = {
  kafka: 'shared',
  set: {
    'topic.creation.default.replication.factor': '3',
    'topic.creation.default.partitions': '1',
    'kafka.topic.traces': 'otlp-new-traces',
  },
  inject: async (scene) => {
    scene.load(L2);
    await scene.troubled('topic-create-failed');
  },
};

/** By the id of the row. */
export const ON_BRIDGE = {
  'broker-down': down,
  'broker-frozen': frozen,
  'broker-down-at-start': downAtStart,
  'advertised-wrong': advertisedWrong,
  'producer-quota': throttled([{ over: 'grpc', signal: 'traces', perSecond: 200, bytes: 1000 }]),
  'kafka-path-slow': slowPath,
  'topic-missing-one-signal': topicMissing,
  'min-isr-unmet': belowMinimum,
  'record-over-broker-limit': overTopicLimit,
  'record-over-client-limit': overOwnLimit,
  'acl-denied': denied,
  'topic-create-fails': creationFails,
} as const satisfies Readonly<Record<string, BridgeCell>>;

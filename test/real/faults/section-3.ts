/** Kafka. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { splitAddress } from '../../../checks/address.ts';
import { helloKafka } from '../../../checks/probes/kafka-hello.ts';
import { fullBacklog } from '../../doubles/full-backlog.ts';
import { until } from '../../doubles/until.ts';
import { extraBroker } from '../stand/extra-broker.ts';
import { denyWrite, kafkaConfigs, makeTopics } from '../stand/kafka-admin.ts';
import { behindProxy } from './behind-proxy.ts';
import { drilled, expected } from './fault.ts';
import type { Fault } from './fault.ts';
import { bodyOf, callGrpc, grpcClient, L2, L6 } from './loads.ts';
import type { Stream } from './loads.ts';
import type { RealScene, StandPlan } from './real-scene.ts';
import { ON_BRIDGE } from './section-3-bridge.ts';
import { nobodyOn } from './squatter.ts';

/** A queue and a producer's buffer so small that blocking shows in seconds and not after 32 MiB. */
export const SMALL = { 'otlp.message.queue.size': '100', 'producer.override.buffer.memory': '2097152' };

const REVOKED = 'Broker coordinator was unreachable';
const LOST_MS = 60_000;

const lost = (values: Record<string, number>): boolean => (values.TotalMessagesDropped ?? 0) > 0;

/** Waits until the worker has noticed that its coordinator is gone and has given up its tasks. */
const revoked = (scene: RealScene): Promise<void> => scene.logged(REVOKED, LOST_MS);

const brokerDown = async (scene: RealScene): Promise<void> => {
  scene.load(L2);
  scene.after(() => scene.stand.broker.start());
  await scene.stand.broker.kill();
  await revoked(scene);
};

const brokerFrozen = async (scene: RealScene): Promise<void> => {
  scene.load(L2);
  scene.after(() => scene.stand.broker.signal('SIGCONT'));
  scene.stand.broker.signal('SIGSTOP');
  await revoked(scene);
};

/** The broker's session of the worker: 10 s; frozen for longer than that it forgets the member when it goes on. */
const FROZEN_MS = 30_000;
const TRIES = 3;

/**
 * Away for longer than the group's session, back, and the worker waits before it starts what it calls lost tasks. A heartbeat that waits in the
 * broker's socket may be read before the broker counts the time: then the member is not forgotten, and it is done once more.
 */
const backButDelayed = async (scene: RealScene): Promise<void> => {
  const { broker } = scene.stand;
  scene.load(L2);
  scene.after(() => broker.signal('SIGCONT'));
  const delays = (): string[] => scene.log().flatMap((line) => /with rebalance delay: (\d+)/.exec(line)?.[1] ?? []);
  for (let left = TRIES; ; left--) {
    const before = delays().length;
    broker.signal('SIGSTOP');
    await pause(FROZEN_MS);
    broker.signal('SIGCONT');
    await until('an assignment', () => delays().length > before || undefined, LOST_MS);
    if (delays().at(-1) !== '0') break;
    if (left === 1) throw new Error('the broker remembered the worker each time');
  }
  await until(
    'the connector to be unassigned',
    async () => ((await scene.status())?.connector.state === 'UNASSIGNED' ? true : undefined),
    LOST_MS,
  );
  await nobodyOn(scene.http, LOST_MS);
};

const downAtStart = async (scene: RealScene): Promise<void> => {
  const [worker] = scene.stand.workers;
  await worker!.kill();
  await scene.stand.broker.kill();
  scene.after(async () => {
    await scene.stand.broker.start();
    await worker!.start();
  });
  await worker!.start().then(
    () => Promise.reject(new Error('the worker started without Kafka')),
    () => undefined,
  );
};

/** The broker comes back saying that it is to be found at an address where connects vanish. */
const advertisedWrong = async (scene: RealScene): Promise<void> => {
  const nowhere = await fullBacklog();
  scene.after(() => nowhere.close());
  const file = join(scene.folder, 'server.properties');
  const before = readFileSync(file, 'utf8');
  const { broker } = scene.stand;
  scene.load(L2);
  await broker.kill();
  scene.after(async () => {
    await broker.kill();
    writeFileSync(file, before);
    await broker.start();
  });
  writeFileSync(file, before.replace(/^advertised\.listeners=.*$/m, `advertised.listeners=PLAINTEXT://127.0.0.1:${nowhere.port}`));
  await broker.start();
  // An admin client would go on to the address that is advertised.
  const address = splitAddress(scene.stand.kafka)!;
  const { signal } = new AbortController();
  await until('Kafka to answer again', async () => 'ms' in (await helloKafka(address, { deadlineMs: 1000, signal })) || undefined, LOST_MS);
  await revoked(scene);
};

export const throttled = (streams: readonly Stream[]) => async (scene: RealScene) => {
  const who = ['--entity-type', 'clients', '--entity-name', `connector-producer-${scene.name}-0`];
  scene.after(() => kafkaConfigs(scene.stand, ['--alter', '--delete-config', 'producer_byte_rate', ...who]));
  await kafkaConfigs(scene.stand, ['--alter', '--add-config', 'producer_byte_rate=10000', ...who]);
  scene.load(streams);
  await scene.beanWhen('losses', lost, 120_000);
};

/** A broker that says it is behind a proxy of 20 kB/s; the operator asks it directly. */
const behindSlowPath: StandPlan = async (owner) => {
  const { stand, address } = await behindProxy(owner, { mode: 'slow', bytesPerSecond: 20_000 });
  return { ...stand, worker: { 'producer.bootstrap.servers': address } };
};

const slowPath = async (scene: RealScene): Promise<void> => {
  scene.load((['traces', 'metrics', 'logs'] as const).map((signal) => ({ over: 'grpc' as const, signal, perSecond: 200, bytes: 500 })));
  await scene.beanWhen('a lag of 12,000', ({ TotalLagCount = 0 }) => TotalLagCount > 12_000, 240_000);
};

const MISSING = 'otlp-logs-missing';
export const topicMissing = {
  connector: { 'kafka.topic.logs': MISSING },
  inject: async (scene: RealScene) => {
    scene.load(L6);
    await scene.logged('UNKNOWN_TOPIC_OR_PARTITION');
    await scene.beanWhen('losses', lost, LOST_MS);
  },
};

const belowMinimum = async (scene: RealScene): Promise<void> => {
  const follower = await extraBroker({ ...scene.stand, controllerPort: scene.stand.record().controllerPort });
  const topic = 'otlp-two-replicas';
  const replicaAssignment = [{ partition: 0, replicas: [1, 2] }];
  await makeTopics(scene.stand.kafka, [{ topic, replicaAssignment, configEntries: [{ name: 'min.insync.replicas', value: '2' }] }]);
  await scene.ask('PATCH', '/config', { 'kafka.topic.traces': topic });
  await scene.beanWhen('a restarted connector', ({ TotalMessagesReceived }) => TotalMessagesReceived === 0);
  await follower.kill();
  scene.load([{ over: 'grpc', signal: 'traces', perSecond: 100, bytes: 2000 }]);
  await scene.logged('NOT_ENOUGH_REPLICAS', LOST_MS);
  await scene.beanWhen('losses', lost, 120_000);
};

const taskFails = (scene: RealScene): Promise<unknown> => scene.settled('RUNNING', 'FAILED');

/** One request over gRPC, until the task has failed on it. */
const sendOne = async (scene: RealScene, bytes: number): Promise<void> => {
  const client = grpcClient(scene.grpc);
  await callGrpc(client, 'traces', bodyOf('traces', bytes));
  client.close();
  await taskFails(scene);
};

const SMALL_RECORDS = 'otlp-small-records';

const denied = async (scene: RealScene): Promise<void> => {
  await denyWrite(scene, scene.stand.kafka, 'otlp-logs');
  scene.load(L6);
  await taskFails(scene);
};

const fails = (
  id: keyof typeof ON_BRIDGE,
  first: string,
  inject: (scene: RealScene) => Promise<void>,
  connector: Record<string, string> = {},
): Fault => ({ id, expect: expected(2, first), real: { connector, inject }, bridge: ON_BRIDGE[id] });

export const SECTION_3: readonly Fault[] = [
  fails('broker-down', 'kafka-unreachable', brokerDown),
  fails('broker-frozen', 'kafka-unresponsive', brokerFrozen),
  {
    id: 'kafka-back-task-delayed',
    expect: expected(2, 'task-unassigned'),
    real: { stand: () => Promise.resolve({ worker: { 'scheduled.rebalance.max.delay.ms': 300_000 } }), inject: backButDelayed },
    bridge: drilled(['state:UNASSIGNED/RUNNING', 'recv:closed']),
  },
  fails('broker-down-at-start', 'kafka-unreachable', downAtStart),
  fails('advertised-wrong', 'kafka-advertised-unreachable', advertisedWrong),
  fails('producer-quota', 'kafka-throttled', throttled([{ over: 'grpc', signal: 'traces', perSecond: 200, bytes: 1000 }]), SMALL),
  {
    id: 'kafka-path-slow',
    expect: expected(1, 'kafka-slow'),
    real: { stand: behindSlowPath, connector: { 'producer.override.buffer.memory': '2097152' }, inject: slowPath },
    bridge: ON_BRIDGE['kafka-path-slow'],
  },
  fails('topic-missing-one-signal', 'topic-missing', topicMissing.inject, { ...SMALL, ...topicMissing.connector }),
  {
    id: 'min-isr-unmet',
    expect: expected(2, 'topic-not-writable'),
    real: { stand: () => Promise.resolve({}), connector: SMALL, inject: belowMinimum },
    bridge: ON_BRIDGE['min-isr-unmet'],
  },
  fails('record-over-broker-limit', 'record-too-large', async (scene) => {
    const small = { topic: SMALL_RECORDS, numPartitions: 1, configEntries: [{ name: 'max.message.bytes', value: '2000' }] };
    await makeTopics(scene.stand.kafka, [small]);
    await scene.ask('PATCH', '/config', { 'kafka.topic.traces': SMALL_RECORDS });
    await until(
      'the connector to have the topic',
      async () => JSON.stringify((await scene.ask('GET', '/tasks')).body).includes(SMALL_RECORDS) || undefined,
    );
    await scene.beanWhen('a restarted connector', ({ TotalMessagesReceived }) => TotalMessagesReceived === 0);
    scene.load([{ over: 'grpc', signal: 'traces', perSecond: 2, bytes: 5000 }]);
    await taskFails(scene);
  }),
  fails('record-over-client-limit', 'record-too-large', (scene) => sendOne(scene, 900_000)),
  fails('acl-denied', 'kafka-authorization-denied', denied),
  fails('topic-create-fails', 'topic-create-failed', (scene) => sendOne(scene, 10), {
    'topic.creation.default.replication.factor': '3',
    'topic.creation.default.partitions': '1',
    'kafka.topic.traces': 'otlp-new-traces',
  }),
  {
    id: 'converter-mismatch',
    expect: expected(2, 'converter-mismatch'),
    real: {
      connector: { 'value.converter': 'org.apache.kafka.connect.converters.ByteArrayConverter' },
      inject: (scene) => sendOne(scene, 10),
    },
    bridge: drilled(['state:RUNNING/FAILED,trace=converter-mismatch']),
  },
];

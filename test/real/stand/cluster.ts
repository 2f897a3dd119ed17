import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PartitionMetadata } from 'kafkajs';
import { until } from '../../doubles/until.ts';
import { TOOLS } from '../tools.ts';
import { withAdmin } from './kafka-admin.ts';
import { discard, keep } from './keeper.ts';
import { part, type Part } from './part.ts';
import { freePorts } from './ports.ts';
import { brokerProperties, LOGGING, propertiesText, type KafkaVersion } from './settings.ts';
import { CLUSTER_ID } from './stand.ts';

const NODES = [1, 2, 3] as const;
/** Java's classes and 256 MB of heap: three of them fit beside everything else on a small machine. */
const SMALL_JVM = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];
const SETTLED_MS = 90_000;

/** Three nodes, each a broker and a controller: one may be away. */
export type Cluster = {
  /** addresses of all of them, by commas */
  kafka: string;
  /** of what is made here: so many replicas, of which two must have a record before it counts */
  replicas: number;
  nodes: readonly Part[];
  /** the node that leads most partitions, when it is killed; `start` brings that one back */
  broker: Pick<Part, 'kill' | 'start' | 'signal'>;
  /** all of them at once */
  all: Pick<Part, 'kill' | 'start'>;
  /** Each leader of these topics gives its partitions to others. Resolves when they lead, and all replicas are in sync. */
  moveLeaders(topics: readonly string[]): Promise<void>;
  stop(): Promise<void>;
};

type Led = { topic: string; partitions: PartitionMetadata[] };

const metadata = (kafka: string, topics?: readonly string[]): Promise<Led[]> =>
  withAdmin(kafka, async (admin) => {
    const { topics: all } = await admin.fetchTopicMetadata(topics ? { topics: [...topics] } : undefined);
    return all.map(({ name, partitions }) => ({ topic: name, partitions })).filter(({ topic }) => !topic.startsWith('__'));
  });

const every = (all: readonly Led[], holds: (one: PartitionMetadata, topic: string) => boolean): boolean =>
  all.every(({ topic, partitions }) => partitions.every((one) => holds(one, topic)));

/** Gives each partition the replicas that `of` names. */
const assign = (kafka: string, all: readonly Led[], of: (one: PartitionMetadata) => number[]): Promise<void> =>
  withAdmin(kafka, (admin) =>
    admin.alterPartitionReassignments({
      topics: all.map(({ topic, partitions }) => ({
        topic,
        partitionAssignment: partitions.map((one) => ({ partition: one.partitionId, replicas: of(one) })),
      })),
    }),
  );

async function moveLeaders(kafka: string, topics: readonly string[]): Promise<void> {
  const before = await metadata(kafka, topics);
  const old = new Map(before.flatMap(({ topic, partitions }) => partitions.map((one) => [`${topic} ${one.partitionId}`, one.leader])));
  await assign(kafka, before, ({ leader, replicas }) => replicas.filter((node) => node !== leader));
  const moved = await until(
    'other leaders',
    async () => {
      const now = await metadata(kafka, topics);
      return every(now, ({ leader, partitionId }, topic) => leader >= 0 && leader !== old.get(`${topic} ${partitionId}`)) ? now : undefined;
    },
    SETTLED_MS,
  );
  await assign(kafka, moved, ({ leader }) => [leader, ...NODES.filter((node) => node !== leader)]);
  await until(
    'all replicas in sync',
    async () => every(await metadata(kafka, topics), ({ isr }) => isr.length === NODES.length) || undefined,
    SETTLED_MS,
  );
}

/** Starts three nodes and waits until all of them are in the cluster. They end with this process, however it ends. */
export async function startCluster(version: KafkaVersion): Promise<Cluster> {
  const ports = await freePorts(2 * NODES.length);
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-cluster-'));
  const { adopt } = keep(folder, process.pid);
  const logging = LOGGING[version];
  writeFileSync(join(folder, logging.file), logging.text);
  const java = [...SMALL_JVM, logging.option(join(folder, logging.file)), '-cp', `${TOOLS}/kafka-${version}/*`];
  const voters = NODES.map((node, at) => `${node}@127.0.0.1:${ports[NODES.length + at]}`).join(',');
  const nodes = NODES.map((node, at) => {
    const file = join(folder, `server-${node}.properties`);
    const place = { folder: join(folder, `node-${node}`), port: ports[at]!, controllerPort: ports[NODES.length + at]! };
    const settings = {
      ...brokerProperties(place),
      'node.id': node,
      'controller.quorum.voters': voters,
      'default.replication.factor': NODES.length,
      'min.insync.replicas': 2,
      'offsets.topic.replication.factor': NODES.length,
      // A node that is killed is noticed in seconds.
      'broker.session.timeout.ms': 3000,
      'broker.heartbeat.interval.ms': 500,
      'replica.lag.time.max.ms': 5000,
    };
    writeFileSync(file, propertiesText(settings));
    const plan = { name: `node ${node}`, logFile: join(folder, `node-${node}.log`), ready: () => Promise.resolve(true) };
    return { file, part: part({ ...plan, command: ['java', ...java, 'kafka.Kafka', file] }, adopt) };
  });
  const parts = nodes.map((one) => one.part);
  const kafka = NODES.map((_, at) => `127.0.0.1:${ports[at]}`).join(',');
  const settled = () =>
    until(
      'three nodes, and a leader of every partition',
      async () => {
        const brokers = await withAdmin(kafka, (admin) => admin.describeCluster().then((one) => one.brokers)).catch(() => []);
        if (brokers.length < NODES.length) return undefined;
        return every(await metadata(kafka).catch(() => []), ({ leader }) => leader >= 0) || undefined;
      },
      SETTLED_MS,
    );
  const all = {
    kill: async () => void (await Promise.all(parts.map((one) => one.kill()))),
    start: async () => {
      await Promise.all(parts.map((one) => one.start()));
      await settled();
    },
  };
  const leading = async (): Promise<Part> => {
    const leaders = (await metadata(kafka)).flatMap(({ partitions }) => partitions.map(({ leader }) => leader));
    const led = (node: number) => leaders.filter((leader) => leader === node).length;
    return parts[NODES.indexOf([...NODES].sort((a, b) => led(b) - led(a))[0]!)]!;
  };
  let chosen = parts[0]!;
  const stop = async (): Promise<void> => {
    await all.kill();
    discard(folder);
  };
  try {
    const format = (file: string) =>
      promisify(execFile)('java', [...java, 'kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', file]);
    await Promise.all(nodes.map(({ file }) => format(file)));
    await all.start();
  } catch (failure) {
    await stop();
    throw failure;
  }
  return {
    kafka,
    replicas: NODES.length,
    nodes: parts,
    broker: {
      kill: async () => {
        chosen = await leading();
        await chosen.kill();
      },
      start: async () => {
        await chosen.start();
        await settled();
      },
      signal: (name) => chosen.signal(name),
    },
    all,
    moveLeaders: (topics) => moveLeaders(kafka, topics),
    stop,
  };
}

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CONNECTOR_PLUGIN, TOOLS } from '../tools.ts';
import { askPatiently, CONNECTOR_CLASS, settled } from './connect-rest.ts';
import type { ConnectorStatus } from './connect-rest.ts';
import { discard, keep } from './keeper.ts';
import { part } from './part.ts';
import type { Part, PartPlan } from './part.ts';
import { freePorts } from './ports.ts';
import { brokerProperties, LOGGING, propertiesText, workerProperties } from './settings.ts';
import type { KafkaVersion, Properties } from './settings.ts';

export type StandOptions = {
  kafka: KafkaVersion;
  /** Connect workers, all of one group; 1 when left out */
  workers?: number;
  /** added to, or in place of, the stand's own settings */
  broker?: Properties | ((controllerPort: number) => Properties);
  /** for all workers, or for each by its number and the port of its REST */
  worker?: Properties | ((number: number, restPort: number) => Properties);
  /** the broker's port; a free one when left out */
  kafkaPort?: number;
  /** of the first worker; free ones when left out */
  ports?: Partial<WorkerPorts>;
  /** most heap of a worker, as -Xmx has it; 384m when left out */
  heap?: string;
  /** more options for the broker's JVM */
  brokerJvm?: readonly string[];
  /** the process whose end ends the stand; this one when left out */
  life?: number;
  /** an empty folder for state and logs; a new one when left out */
  folder?: string;
};

export type Worker = Part & { connectUrl: string; jolokiaUrl: string; /** of JMX over RMI */ jmxUrl: string };
type WorkerPorts = { rest: number; jolokia: number; jmx: number };
/** Enough to take a running stand over from another process. */
export type StandRecord = {
  kafka: KafkaVersion;
  folder: string;
  kafkaPort: number;
  controllerPort: number;
  heap: string;
  brokerJvm?: readonly string[];
  workers: WorkerPorts[];
  pids: number[];
};

/** One broker and its Connect workers, on free loopback ports, with the stand-in connector installed. */
export type Stand = {
  version: KafkaVersion;
  /** holds state, logs and `plugins/otel`, one link per jar of the stand-in */
  folder: string;
  /** host:port of the broker */
  kafka: string;
  broker: Part;
  workers: Worker[];
  /** the first worker's */
  connectUrl: string;
  jolokiaUrl: string;
  logFile: string;
  record(): StandRecord;
  /** Ends this process group with the stand, however that ends. */
  adopt(group: number): void;
  /** Posts a connector of the stand-in's class on 127.0.0.1 and waits until it and its task run. */
  createConnector(name: string, config: Record<string, string>): Promise<ConnectorStatus>;
  /** Ends every process and removes the folder. */
  stop(): Promise<void>;
};

const SMALL_JVM = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];

/** What starts a program that may not open ports below 1024, as in production, also where the tests run as root. */
export const unprivileged = (program: string): readonly [string, ...string[]] =>
  process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-net_bind_service', '--', program] : [program];
const WORKER_JAVA = unprivileged('java');

/** Starts the stand and waits until every worker answers /health with 200. Its processes end with the process `life`, however that ends. */
export async function startStand(options: StandOptions): Promise<Stand> {
  const count = options.workers ?? 1;
  const [freePort, controllerPort, ...ports] = (await freePorts(2 + 3 * count)) as [number, number, ...number[]];
  const kafkaPort = options.kafkaPort ?? freePort;
  const workers = Array.from({ length: count }, (_, i) => {
    const [rest, jolokia, jmx] = ports.slice(3 * i) as [number, number, number];
    return { rest, jolokia, jmx, ...(i === 0 ? options.ports : {}) };
  });
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'otlpctl-stand-'));
  const { adopt } = keep(folder, options.life ?? process.pid);
  const stand = standOf(
    {
      ...{ kafka: options.kafka, folder, kafkaPort, controllerPort, heap: options.heap ?? '384m', workers, pids: [] },
      ...(options.brokerJvm && { brokerJvm: options.brokerJvm }),
    },
    adopt,
  );
  try {
    await prepare(stand.record(), options);
    // One after the other: the first to join leads the group.
    const [first, ...others] = stand.workers;
    await Promise.all([stand.broker.start(), first?.start()]);
    for (const one of others) await one.start();
  } catch (failure) {
    await stand.stop();
    throw failure;
  }
  return stand;
}

/** A stand as its record has it: what it takes to use one that another process of this run started. */
export function standOf(given: StandRecord, adopt: (group: number) => void): Stand {
  const { folder } = given;
  const logging = LOGGING[given.kafka];
  const common = [...SMALL_JVM, logging.option(join(folder, logging.file)), '-cp', `${TOOLS}/kafka-${given.kafka}/*`];
  const kafka = `127.0.0.1:${given.kafkaPort}`;
  const made = (plan: PartPlan, i: number): Part => part(plan, adopt, given.pids[i]);
  const broker = made(
    {
      name: 'broker',
      logFile: join(folder, 'broker.log'),
      command: ['java', '-Xmx256m', ...(given.brokerJvm ?? []), ...common, 'kafka.Kafka', join(folder, 'server.properties')],
      // The workers cannot become healthy before it.
      ready: () => Promise.resolve(true),
    },
    0,
  );
  const workers = given.workers.map((ports, i): Worker => {
    const connectUrl = `http://127.0.0.1:${ports.rest}`;
    const plan: PartPlan = {
      name: `worker-${i}`,
      logFile: join(folder, `connect-${i}.log`),
      command: [
        ...WORKER_JAVA,
        `-Xmx${given.heap}`,
        ...jmxOptions(ports.jmx),
        `-javaagent:${TOOLS}/agents/jolokia-agent-jvm-2.6.0-javaagent.jar=port=${ports.jolokia},host=127.0.0.1`,
        ...common,
        'org.apache.kafka.connect.cli.ConnectDistributed',
        join(folder, `connect-${i}.properties`),
      ],
      ready: () => isHealthy(connectUrl),
    };
    const jmxUrl = `service:jmx:rmi:///jndi/rmi://127.0.0.1:${ports.jmx}/jmxrmi`;
    return { ...made(plan, i + 1), connectUrl, jolokiaUrl: `http://127.0.0.1:${ports.jolokia}/jolokia/`, jmxUrl };
  });
  const first = workers[0]!;
  return {
    version: given.kafka,
    folder,
    kafka,
    broker,
    workers,
    connectUrl: first.connectUrl,
    jolokiaUrl: first.jolokiaUrl,
    logFile: first.logFile,
    adopt,
    record: () => ({ ...given, pids: [broker, ...workers].flatMap((one) => one.pid() ?? []) }),
    createConnector: async (name, config) => {
      const asked = { 'connector.class': CONNECTOR_CLASS, 'tasks.max': '1', 'otlp.bind.address': '127.0.0.1', ...config };
      const { status, body } = await askPatiently(first.connectUrl, 'POST', '/connectors', { name, config: asked });
      if (status !== 201) throw new Error(`POST /connectors answered ${status}: ${JSON.stringify(body)}`);
      return settled(first.connectUrl, name, 'RUNNING', ['RUNNING']);
    },
    stop: async () => {
      await Promise.all([broker, ...workers].map((one) => one.kill()));
      discard(folder);
    },
  };
}

export const jmxOptions = (port: number): string[] =>
  ['', '.host=127.0.0.1', `.port=${port}`, `.rmi.port=${port}`, '.authenticate=false', '.ssl=false']
    .map((option) => `-Dcom.sun.management.jmxremote${option}`)
    .concat('-Djava.rmi.server.hostname=127.0.0.1');

async function isHealthy(connectUrl: string): Promise<boolean> {
  try {
    return (await fetch(`${connectUrl}/health`, { signal: AbortSignal.timeout(2000) })).status === 200;
  } catch {
    return false;
  }
}

/** Writes the settings, links the connector's jars and formats the broker's storage. */
async function prepare(record: StandRecord, options: StandOptions): Promise<void> {
  const { folder, kafkaPort, controllerPort } = record;
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const plugins = join(folder, 'plugins');
  const plugin = join(plugins, 'otel');
  mkdirSync(plugin, { recursive: true });
  for (const jar of readdirSync(CONNECTOR_PLUGIN)) symlinkSync(join(CONNECTOR_PLUGIN, jar), join(plugin, jar));
  const logging = LOGGING[record.kafka];
  write(logging.file, logging.text);
  const { broker = {} } = options;
  const brokers = typeof broker === 'function' ? broker(controllerPort) : broker;
  write('server.properties', propertiesText({ ...brokerProperties({ folder, port: kafkaPort, controllerPort }), ...brokers }));
  record.workers.forEach(({ rest }, i) =>
    write(
      `connect-${i}.properties`,
      propertiesText({ ...workerProperties({ plugins, restPort: rest, kafka: `127.0.0.1:${kafkaPort}` }), ...ofWorker(options, i, rest) }),
    ),
  );
  await format(record);
}

const ofWorker = ({ worker = {} }: StandOptions, number: number, restPort: number): Properties =>
  typeof worker === 'function' ? worker(number, restPort) : worker;

/** Any 16 bytes in base64url name a cluster. */
export const CLUSTER_ID = 'b3RscGN0bC1zdGFuZC0xMA';

async function format({ folder, kafka }: StandRecord): Promise<void> {
  const tool = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', join(folder, 'server.properties')];
  await promisify(execFile)('java', [...SMALL_JVM, '-cp', `${TOOLS}/kafka-${kafka}/*`, ...tool]);
}

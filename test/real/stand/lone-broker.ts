import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../../doubles/until.ts';
import { TOOLS } from '../tools.ts';
import { withAdmin } from './kafka-admin.ts';
import { discard, keep } from './keeper.ts';
import { part } from './part.ts';
import { freePorts } from './ports.ts';
import { brokerProperties, LOGGING, propertiesText } from './settings.ts';
import type { KafkaVersion, Properties } from './settings.ts';
import { CLUSTER_ID } from './stand.ts';
import type { Stand } from './stand.ts';

/** A broker without Connect: what the bridge needs of a stand. */
export type LoneBroker = Pick<Stand, 'version' | 'folder' | 'kafka' | 'broker' | 'adopt' | 'stop'> & { controllerPort: number };

export type LoneBrokerOptions = {
  kafka: KafkaVersion;
  /** added to, or in place of, the stand's own settings */
  broker?: Properties | ((controllerPort: number, folder: string) => Properties);
  /** the port of the plain listener; a free one when left out */
  kafkaPort?: number;
  /** `SCRAM-SHA-256=[name=u,password=p]`: users that are there from the start */
  scram?: readonly string[];
  life?: number;
};

const SMALL_JVM = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];

/** Starts it and waits until it answers. It ends with the process `life`, however that ends. */
export async function loneBroker(options: LoneBrokerOptions): Promise<LoneBroker> {
  const { kafka: version, scram = [] } = options;
  const [free, controllerPort] = (await freePorts(2)) as [number, number];
  const port = options.kafkaPort ?? free;
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-broker-'));
  const { adopt } = keep(folder, options.life ?? process.pid);
  const logging = LOGGING[version];
  const common = [...SMALL_JVM, logging.option(join(folder, logging.file)), '-cp', `${TOOLS}/kafka-${version}/*`];
  const own = typeof options.broker === 'function' ? options.broker(controllerPort, folder) : options.broker;
  const file = join(folder, 'server.properties');
  writeFileSync(join(folder, logging.file), logging.text);
  writeFileSync(file, propertiesText({ ...brokerProperties({ folder, port, controllerPort }), ...own }));
  const users = scram.flatMap((user) => ['--add-scram', user]);
  await promisify(execFile)('java', [...common, 'kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', file, ...users]);
  const kafka = `127.0.0.1:${port}`;
  const broker = part(
    {
      name: 'broker',
      logFile: join(folder, 'broker.log'),
      command: ['java', '-Xmx384m', ...common, 'kafka.Kafka', file],
      ready: () => Promise.resolve(true),
    },
    adopt,
  );
  const stop = async (): Promise<void> => {
    await broker.kill();
    discard(folder);
  };
  try {
    await broker.start();
    await until('the broker to answer', () => answers(kafka), 60_000);
  } catch (failure) {
    await stop();
    throw failure;
  }
  return { version, folder, kafka, broker, adopt, stop, controllerPort };
}

const answers = (kafka: string): Promise<true | undefined> =>
  withAdmin(kafka, (admin) => admin.listTopics()).then(
    () => true as const,
    () => undefined,
  );

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TOOLS } from '../tools.ts';
import { until } from '../../doubles/until.ts';
import { part } from './part.ts';
import type { Part } from './part.ts';
import { freePorts } from './ports.ts';
import { LOGGING, brokerProperties, propertiesText } from './settings.ts';
import { CLUSTER_ID } from './stand.ts';
import type { Stand } from './stand.ts';
import { withAdmin } from './kafka-admin.ts';

/** A second broker, number 2, that joins the stand's cluster and ends with the stand. Not a controller: it may be killed. */
export async function extraBroker(
  stand: Pick<Stand, 'folder' | 'version' | 'kafka' | 'adopt'> & { controllerPort: number },
): Promise<Part> {
  const { controllerPort } = stand;
  const [port] = (await freePorts(1)) as [number];
  const file = join(stand.folder, 'server-2.properties');
  const settings = {
    ...brokerProperties({ folder: join(stand.folder, 'broker-2'), port, controllerPort }),
    'process.roles': 'broker',
    'node.id': 2,
    listeners: `PLAINTEXT://127.0.0.1:${port}`,
  };
  writeFileSync(file, propertiesText(settings));
  const jars = `${TOOLS}/kafka-${stand.version}/*`;
  await promisify(execFile)('java', ['-cp', jars, 'kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', file]);
  const logging = LOGGING[stand.version];
  const broker = part(
    {
      name: 'broker-2',
      logFile: join(stand.folder, 'broker-2.log'),
      command: ['java', '-Xmx256m', logging.option(join(stand.folder, logging.file)), '-cp', jars, 'kafka.Kafka', file],
      ready: () => Promise.resolve(true),
    },
    (group) => stand.adopt(group),
  );
  await broker.start();
  await until(
    'broker 2 to be in the cluster',
    () =>
      withAdmin(stand.kafka, async (admin) => {
        const { brokers } = await admin.describeCluster();
        return brokers.length === 2 || undefined;
      }),
    60_000,
  );
  return broker;
}

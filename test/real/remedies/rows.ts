import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../../doubles/until.ts';
import { cleanUps } from '../faults/clean-ups.ts';
import { startBursts } from '../faults/loads.ts';
import { nobodyOn } from '../faults/squatter.ts';
import { CONNECTOR_CLASS } from '../stand/connect-rest.ts';
import { connectorOn, type ConnectorOn } from '../stand/connector-on.ts';
import { denyWrite, makeTopics } from '../stand/kafka-admin.ts';
import { diesOf, fails, heldPort, isFailed, runs, runsWith, send, serves } from './deeds.ts';
import type { Made, Row, Scene } from './scene.ts';

/** Ends a socket that listens, from outside, as nobody should; the worker goes on. Only some kernels do it, and for root alone. */
const shutFromOutside = async (scene: Scene): Promise<Made> => {
  const end = promisify(execFile)('ss', ['-K', '-tln', `sport = :${scene.grpc}`]);
  const why = await end.then(
    () => '',
    (error: Error) => `: ${error.message}`,
  );
  const isShut = await nobodyOn(scene.grpc, 3000).catch(() => false);
  return isShut ? undefined : { unable: `no socket can be ended from outside here (ss -K${why})` };
};

/** A port below 1024, which the stand's worker may not open. */
const LOW = '318';
const SMALL_QUEUE = 100;

const withLowPort = async (scene: Scene): Promise<void> => {
  await scene.ask('PATCH', '/config', { 'otlp.http.port': LOW });
  await fails(scene);
};

/** Another connector with the same ports: the one that came second has failed. */
const twin = async (scene: Scene): Promise<Made> => {
  const connector = await connectorOn(scene, scene.stand, {}, { ports: [scene.grpc, scene.http], awaiting: false });
  await fails(connector);
  return { connector };
};

const certificateOf = ({ stand, name }: Scene): string => join(stand.folder, `${name}.pem`);

/** The file that it names is gone when it is started again. */
const tlsFileGone = async (scene: Scene): Promise<void> => {
  const file = certificateOf(scene);
  writeFileSync(file, 'looked for, never read\n');
  scene.after(() => rmSync(file, { force: true }));
  await scene.ask('PATCH', '/config', { 'otlp.tls.cert.path': file });
  await until('the file to be named', async () => {
    const { body } = await scene.ask('GET', '/tasks');
    return JSON.stringify(body).includes(file) || undefined;
  });
  await runs(scene);
  rmSync(file);
  // 409 for as long as Connect is busy with the change.
  await until('a restart to be accepted', async () => (await scene.ask('POST', '/restart?includeTasks=true')).status < 300 || undefined);
  await isFailed(scene);
};

const mayNotWrite = async (scene: Scene): Promise<Made> => {
  const { traces } = scene.topics;
  await makeTopics(scene.stand.kafka, [traces]);
  const grant = cleanUps();
  await denyWrite(grant, scene.stand.kafka, traces);
  scene.after(async () => void (await grant.run()));
  await diesOf()(scene);
  return { first: () => grant.run() };
};

/** Nothing is read from the queues while it is paused, so they fill. */
const nearlyFull = async (scene: Scene): Promise<void> => {
  await scene.ask('PUT', '/pause');
  await scene.settled('PAUSED', 'PAUSED');
  await send(scene, 'traces', { times: 0.9 * SMALL_QUEUE });
};

const bursts = async (scene: Scene): Promise<void> => {
  startBursts(scene, scene.grpc, { signal: 'traces', count: 3 * SMALL_QUEUE, everyMs: 700 });
  await scene.beanWhen('losses', ({ TotalMessagesDropped = 0 }) => TotalMessagesDropped > 0);
};

const hasLargerQueue = async ({ ask }: ConnectorOn): Promise<void> => {
  const config = (await ask('GET', '/config')).body as Record<string, string>;
  assert.ok(Number(config['otlp.message.queue.size']) > SMALL_QUEUE, config['otlp.message.queue.size']);
};

/** Everything that is not in the file of an update is back at its default, the ports among it. */
const reset = async (scene: Scene): Promise<void> => {
  for (const port of [4317, 4318]) await nobodyOn(port, 60_000);
  await scene.ask('PUT', '/config', { 'connector.class': CONNECTOR_CLASS, 'tasks.max': '1', 'otlp.message.queue.size': '5000' });
  await nobodyOn(scene.http);
  await runs(scene);
};

const smallQueue = (): Record<string, string> => ({ 'otlp.message.queue.size': String(SMALL_QUEUE) });
const tooManyReplicas = (n: number): Record<string, string> => ({
  'topic.creation.default.replication.factor': '3',
  'topic.creation.default.partitions': '1',
  'kafka.topic.traces': `otlp-remedy-${process.pid}-${n}`,
});

/** Every remedy that has both ways and can be brought about on one worker. */
export const ROWS: readonly Row[] = [
  {
    kind: 'connector-paused: connector resume',
    make: ({ ask, settled }) => ask('PUT', '/pause').then(() => void settled('PAUSED', 'PAUSED')),
    healed: runs,
  },
  {
    kind: 'connector-stopped: connector resume',
    make: ({ ask, settled }) => ask('PUT', '/stop').then(() => void settled('STOPPED')),
    healed: runs,
  },
  {
    kind: 'connector-not-found: connector deploy',
    // Connect 3.9 goes on showing it for a moment.
    make: async ({ ask }) => {
      await ask('DELETE', '');
      await until('Connect to forget the connector', async () => ((await ask('GET', '/status')).status === 404 ? true : undefined));
    },
    healed: runs,
  },
  {
    kind: 'port-in-use: connector restart-task',
    make: async (scene) => (await heldPort(scene))(),
    healed: runs,
  },
  {
    kind: 'port-in-use: connector config set otlp.TRANSPORT.port',
    make: async (scene) => scene.after(await heldPort(scene)),
    healed: runs,
  },
  { kind: 'port-in-use: connector config set otlp.TRANSPORT.port', make: twin, healed: runs },
  { kind: 'receiver-not-listening: connector restart-task', make: shutFromOutside, healed: serves },
  { kind: 'port-permission-denied: connector config set otlp.TRANSPORT.port', make: withLowPort, healed: runs },
  {
    kind: 'configuration-invalid: connector config set otlp.TRANSPORT.enabled',
    config: () => ({ 'otlp.grpc.enabled': 'false', 'otlp.http.enabled': 'false' }),
    runs: false,
    make: async (scene) => void (await isFailed(scene)),
    healed: runsWith({ 'otlp.grpc.enabled': 'true', 'otlp.http.enabled': 'false' }),
  },
  {
    kind: 'configuration-reset: connector config set otlp.TRANSPORT.port',
    alone: true,
    make: reset,
    look: ({ grpc, http }) => ['--otlp-grpc', `127.0.0.1:${grpc}`, '--otlp-http', `http://127.0.0.1:${http}`],
    healed: (connector) => runsWith({ 'otlp.grpc.port': String(connector.grpc), 'otlp.http.port': String(connector.http) })(connector),
  },
  // Connect itself does not look at what a producer takes.
  {
    kind: 'configuration-invalid: connector config set --remove producer.override.compression.type',
    make: async (scene) => {
      await scene.ask('PATCH', '/config', { 'producer.override.compression.type': 'none of them' });
      await isFailed(scene);
    },
    healed: runsWith({ 'producer.override.compression.type': undefined }),
  },
  {
    kind: 'receiver-disabled: connector config set otlp.TRANSPORT.enabled',
    config: () => ({ 'otlp.grpc.enabled': 'false' }),
    make: () => Promise.resolve(),
    look: () => ['--expect', 'grpc'],
    healed: serves,
  },
  {
    kind: 'tls-files-unreadable: connector restart',
    make: async (scene) => {
      await tlsFileGone(scene);
      return { first: async () => writeFileSync(certificateOf(scene), 'it is back\n') };
    },
    healed: runs,
  },
  {
    kind: 'tls-files-unreadable: connector config set --remove otlp.tls.FILE.path',
    make: tlsFileGone,
    healed: runsWith({ 'otlp.tls.cert.path': undefined }),
  },
  // A name that no topic may have: nothing that otlpctl knows.
  { kind: 'task-failed: connector restart-task', config: () => ({ 'kafka.topic.traces': 'no+topic' }), make: diesOf(), healed: runs },
  { kind: 'record-too-large: connector restart-task', make: diesOf(900_000), healed: runs },
  {
    kind: 'record-too-large: connector config set producer.override.max.request.size',
    make: diesOf(900_000),
    healed: runs,
  },
  { kind: 'kafka-authorization-denied: connector restart-task', make: mayNotWrite, healed: runs },
  {
    kind: 'topic-create-failed: connector config set topic.creation.default.replication.factor',
    config: tooManyReplicas,
    make: diesOf(),
    healed: runsWith({ 'topic.creation.default.replication.factor': '1' }),
  },
  { kind: 'topic-create-failed: connector restart-task', config: tooManyReplicas, make: diesOf(), healed: runs },
  {
    kind: 'converter-mismatch: connector config set value.converter',
    config: () => ({ 'value.converter': 'org.apache.kafka.connect.converters.ByteArrayConverter' }),
    make: diesOf(),
    healed: async (connector) => {
      await runs(connector);
      await send(connector, 'traces');
      await connector.beanWhen('a record', ({ RecordsProduced = 0 }) => RecordsProduced > 0);
    },
  },
  {
    kind: 'queue-near-capacity: connector config set otlp.message.queue.size',
    config: smallQueue,
    make: nearlyFull,
    healed: hasLargerQueue,
  },
  {
    kind: 'queue-overflow: connector config set otlp.message.queue.size',
    config: smallQueue,
    make: bursts,
    look: () => ['--window', '3'],
    healed: async (connector) => {
      await runs(connector);
      await hasLargerQueue(connector);
    },
  },
];

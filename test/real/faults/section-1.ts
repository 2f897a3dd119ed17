/** Connector and task state. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../doubles/until.ts';
import { CONNECTOR_CLASS } from '../stand/connect-rest.ts';
import type { BridgeScene } from './bridge-scene.ts';
import { drilled, expected } from './fault.ts';
import type { BridgeCell, Fault } from './fault.ts';
import { L2 } from './loads.ts';
import type { RealScene } from './real-scene.ts';
import { nobodyOn, otlpServer, squatter } from './squatter.ts';

type Scene = RealScene | BridgeScene;

/** Stops the connector, puts something on its ports, and resumes it. */
export const onFreedPorts =
  <S extends Scene>(occupy: (scene: S) => Promise<unknown>) =>
  async (scene: S) => {
    await scene.ask('PUT', '/stop');
    await scene.settled('STOPPED');
    await occupy(scene);
    await scene.ask('PUT', '/resume');
    await scene.settled('RUNNING', 'FAILED');
  };

/** Something is on the ports first, then comes the bridge, which must stay up. */
const beforeTheBridge = (occupy: (scene: BridgeScene) => Promise<unknown>): BridgeCell => ({
  started: false,
  inject: async (scene) => {
    await occupy(scene);
    await scene.bridge.start();
    await scene.settled('RUNNING', 'FAILED');
  },
});

const squatted = (id: string, occupy: (scene: Scene) => Promise<unknown>): Fault => ({
  id,
  expect: expected(2, 'port-in-use'),
  real: { inject: onFreedPorts(occupy) },
  bridge: beforeTheBridge(occupy),
});

const isGone = async (scene: Scene): Promise<void> => {
  await scene.ask('DELETE', '');
  await until('the connector to be gone', async () => ((await scene.ask('GET', '/status')).status === 404 ? true : undefined));
  await nobodyOn(scene.http);
};

/** Deleted, then posted again with these keys; Connect must answer so. */
const postedWith = (config: Record<string, string>, answered: (status: number) => boolean) => async (scene: Scene) => {
  await isGone(scene);
  const usual = { 'connector.class': CONNECTOR_CLASS, 'otlp.grpc.port': String(scene.grpc), 'otlp.http.port': String(scene.http) };
  const { status } = await scene.connect('POST', '/connectors', { name: scene.name, config: { ...usual, ...config } });
  if (!answered(status)) throw new Error(`POST /connectors answered ${status}`);
};

const isRefused = (status: number): boolean => status >= 400;

const receiversOff = async (scene: Scene): Promise<void> => {
  await postedWith({ 'otlp.grpc.enabled': 'false', 'otlp.http.enabled': 'false' }, (status) => status === 201)(scene);
  await until(
    'the connector to fail',
    async () => JSON.stringify((await scene.ask('GET', '/status')).body).includes('FAILED') || undefined,
  );
};

const onPrivilegedPort = async (scene: Scene): Promise<void> => {
  await scene.ask('PATCH', '/config', { 'otlp.http.port': '318' });
  scene.look['otlp-http'] = 'http://127.0.0.1:318';
  await scene.settled('RUNNING', 'FAILED');
};

/** Names a certificate that is there, and answers with what makes it vanish. */
const named = async (scene: Scene): Promise<() => void> => {
  const file = join(scene.folder, 'server.pem');
  writeFileSync(file, 'looked for, never read\n');
  await scene.ask('PATCH', '/config', { 'otlp.tls.cert.path': file });
  await scene.settled('RUNNING', 'RUNNING');
  return () => rmSync(file);
};

const isFailed = (scene: Scene): Promise<true> =>
  until('a failure to show', async () => JSON.stringify((await scene.ask('GET', '/status')).body).includes('FAILED') || undefined, 30_000);

export const paused = async (scene: Scene): Promise<void> => {
  scene.load(L2);
  await scene.beanWhen('messages to flow', ({ RecordsProduced = 0 }) => RecordsProduced > 0);
  await scene.ask('PUT', '/pause');
  await scene.settled('PAUSED', 'PAUSED');
  await scene.beanWhen('a queue', ({ TotalMessagesReceived = 0, RecordsProduced = 0 }) => TotalMessagesReceived - RecordsProduced > 20);
};

const stopped = async (scene: Scene): Promise<void> => {
  await scene.ask('PUT', '/stop');
  await scene.settled('STOPPED');
  await nobodyOn(scene.http);
};

const wrongName = async (scene: Scene): Promise<void> => {
  scene.load(L2);
  scene.look.connector = 'otlp-src';
  await scene.beanWhen('messages to flow', ({ RecordsProduced = 0 }) => RecordsProduced > 0);
};

/** The worker starts without a file or folder below the plugin path. */
const without = (path: string) => async (scene: RealScene) => {
  const [there, away] = [join(scene.folder, 'plugins', path), join(scene.folder, 'away')];
  await scene.restartWorker(
    () => renameSync(there, away),
    () => renameSync(away, there),
  );
  await isFailed(scene);
};

/** otlp-b has the ports; where both live in one worker. */
const secondConnector = async (scene: Scene): Promise<void> => {
  await scene.connect('POST', '/connectors', {
    name: 'otlp-b',
    config: {
      'connector.class': CONNECTOR_CLASS,
      'otlp.bind.address': '127.0.0.1',
      'otlp.grpc.port': String(scene.grpc),
      'otlp.http.port': String(scene.http),
    },
  });
  await until('otlp-b to run', () => isRunning(scene, 'otlp-b'));
};

/** The same fault by the same deed on both stacks. */
const both = (id: string, exit: 2 | 3, first: string, inject: (scene: Scene) => Promise<void>): Fault => ({
  id,
  expect: expected(exit, first),
  real: { inject },
  bridge: { inject },
});

export const SECTION_1: readonly Fault[] = [
  squatted('grpc-port-squatted', (scene) => squatter(scene, scene.grpc, 'page')),
  squatted('http-port-squatted', (scene) => squatter(scene, scene.http, 'silent')),
  squatted('collector-owns-both-ports', (scene) => otlpServer(scene, scene).then(() => scene.load(L2))),
  both('two-connectors-same-ports', 2, 'port-in-use', onFreedPorts(secondConnector)),
  both('privileged-port', 2, 'port-permission-denied', onPrivilegedPort),
  both('config-rejected', 2, 'connector-not-found', postedWith({ 'otlp.grpc.port': '99999' }, isRefused)),
  both('receivers-both-off-new', 2, 'configuration-invalid', receiversOff),
  {
    id: 'tls-file-gone',
    expect: expected(2, 'tls-files-unreadable'),
    real: {
      inject: async (scene) => {
        await scene.restartWorker(await named(scene), () => undefined);
        await isFailed(scene);
      },
    },
    bridge: {
      inject: async (scene) => {
        const vanish = await named(scene);
        await scene.bridge.kill();
        vanish();
        await scene.bridge.start();
        await isFailed(scene);
      },
    },
  },
  {
    id: 'plugin-removed',
    expect: expected(2, 'plugin-missing'),
    real: { inject: without('otel') },
    bridge: drilled(['state:FAILED/FAILED,trace=plugin-removed']),
  },
  both(
    'wrong-class',
    2,
    'connector-not-found',
    postedWith({ 'connector.class': CONNECTOR_CLASS.replace('Connector', 'Conector') }, isRefused),
  ),
  {
    id: 'missing-jar',
    expect: expected(2, 'plugin-missing'),
    real: { inject: without('otel/protobuf-java-util-3.25.3.jar') },
    bridge: drilled(['state:RUNNING/FAILED,trace=missing-jar']),
  },
  both('paused-under-load', 2, 'connector-paused', paused),
  both('stopped', 2, 'connector-stopped', stopped),
  both('deleted', 2, 'connector-not-found', isGone),
  both('wrong-name', 3, 'connector-not-found', wrongName),
];

const isRunning = async (scene: Scene, name: string): Promise<true | undefined> =>
  JSON.stringify((await scene.connect('GET', `/connectors/${name}/status`)).body).split('RUNNING').length === 3 || undefined;

/** The Connect worker and its REST. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { CONNECTOR_CLASS } from '../stand/connect-rest.ts';
import { freePorts } from '../stand/ports.ts';
import type { Proxy, ProxyMode } from '../stand/proxy.ts';
import type { Part } from '../stand/part.ts';
import { behindProxy } from './behind-proxy.ts';
import type { Worker } from '../stand/stand.ts';
import { until } from '../../doubles/until.ts';
import type { BridgeScene } from './bridge-scene.ts';
import { drilled, DRILLS_ON, expected } from './fault.ts';
import type { BridgeCell, Fault, RealCell } from './fault.ts';
import { L2 } from './loads.ts';
import type { RealScene } from './real-scene.ts';
import { onFreedPorts } from './section-1.ts';
import { nobodyOn, squatter } from './squatter.ts';
import { elsewhere, PAIR, withoutSecondWorker } from './two-workers.ts';

type Scene = RealScene | BridgeScene;

export const flowing = async (scene: Scene): Promise<void> => {
  scene.load(L2);
  await scene.beanWhen('messages to flow', ({ RecordsProduced = 0 }) => RecordsProduced > 0);
};

/** Something between the operator and REST, while data flows. */
const rest = (id: string, first: string, mode: ProxyMode): Fault => {
  const inject = async (scene: Scene): Promise<void> => {
    await flowing(scene);
    await scene.proxyRest(mode);
  };
  return { id, expect: expected(3, first), real: { inject }, bridge: { inject } };
};

export const answer = (status: string, type: string, body: string): ProxyMode => ({
  mode: 'answer',
  bytes: `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
});

/** As Connect's BasicAuthSecurityRestExtension answers. */
export const UNAUTHORIZED = answer('401 Unauthorized', 'text/plain', 'User cannot access the resource.');

const refused = async (scene: Scene): Promise<void> => {
  await flowing(scene);
  const [port] = await freePorts(1);
  scene.look['connect-url'] = `http://127.0.0.1:${port}`;
};

const RUNBOOKS_PUT = {
  'connector.class': CONNECTOR_CLASS,
  'tasks.max': '1',
  'otlp.message.queue.size': '50000',
  'otlp.message.format': 'protobuf',
};

/** The configuration that "Update Configuration" prints, put over one with ports of its own. */
export const reset = async (scene: Scene): Promise<void> => {
  scene.load(L2);
  await scene.beanWhen('messages to flow', ({ RecordsProduced = 0 }) => RecordsProduced > 0);
  await scene.ask('PUT', '/config', RUNBOOKS_PUT);
  await nobodyOn(scene.http);
  await scene.settled('RUNNING', 'RUNNING');
};

const openFiles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

/** No descriptor is left for the next connection, and some connections are open. */
const descriptorsGone = (pidOf: (scene: never) => number) => async (scene: Scene) => {
  const pid = pidOf(scene as never);
  const limit = (value: number | string): Promise<unknown> => promisify(execFile)('prlimit', ['--pid', String(pid), `--nofile=${value}:`]);
  const most = openFiles(pid) + 2;
  const sockets = Array.from({ length: 20 }, () => connect(scene.http, '127.0.0.1'));
  scene.after(async () => {
    sockets.forEach((socket) => socket.destroy());
    await limit(4096);
  });
  sockets.forEach((socket) => socket.on('error', () => undefined));
  await limit(most);
  const late = Array.from({ length: 20 }, () => connect(scene.http, '127.0.0.1').on('error', () => undefined));
  sockets.push(...late);
  await Promise.all(late.map((socket) => once(socket, 'connect').catch(() => undefined)));
  await until('every descriptor to be in use', () => openFiles(pid) >= most || undefined);
};

const heapGone = async (scene: RealScene): Promise<void> => {
  scene.load([{ over: 'grpc', signal: 'traces', perSecond: 800, bytes: 20_000 }]);
  await until('OutOfMemoryError', () => scene.log().some((line) => line.includes('OutOfMemoryError')) || undefined, 180_000);
};

/** A bridge whose sink hangs meets the same load with little heap: its queue is bounded in bytes of memory outside it, so it refuses, and goes on afterwards. */
const heapIsEnough: BridgeCell = {
  expect: expected(0, 'none'),
  node: ['--max-old-space-size=64'],
  set: DRILLS_ON,
  inject: async (scene) => {
    await scene.drill('sink:hang');
    const pid = scene.bridge.pid();
    const stop = scene.load([{ over: 'grpc', signal: 'traces', perSecond: 800, bytes: 20_000 }]);
    await scene.beanWhen('refusals', ({ TracesRefused = 0 }) => TracesRefused > 100, 60_000);
    await stop();
    await scene.drill();
    await scene.beanWhen('an empty queue', ({ TracesReceived = 0, RecordsProduced = -1 }) => TracesReceived === RecordsProduced, 60_000);
    if (scene.bridge.pid() !== pid) throw new Error('the bridge is another one');
  },
};

/** A worker whose way to Kafka is so slow from its second start on that it goes on reading its topics while it is looked at. */
function slowToStart(): RealCell {
  let way: Proxy | undefined;
  return {
    stand: async (owner) => {
      const plan = await behindProxy(owner, { mode: 'pass' });
      way = plan.way;
      return { ...plan.stand, worker: { 'bootstrap.servers': plan.address } };
    },
    inject: async ({ stand, after, connect }) => {
      const [worker] = stand.workers as [Worker];
      await worker.kill();
      way?.set({ mode: 'slow', bytesPerSecond: 1000 });
      after(() => worker.kill());
      worker.start().catch(() => undefined);
      await until('REST to answer', async () => (await connect('GET', '/').catch(() => undefined))?.status === 200 || undefined, 60_000);
    },
  };
}

/** The receiver could not start on a port that was taken then and is free now. */
const squattedBefore = async (scene: RealScene): Promise<void> => {
  let guest: Part | undefined;
  await onFreedPorts(async () => (guest = await squatter(scene, scene.http, 'silent')))(scene);
  await guest?.kill();
};

export const SECTION_2: readonly Fault[] = [
  {
    id: 'worker-killed',
    expect: expected(2, 'worker-down'),
    real: {
      inject: async ({ stand, after }) => {
        const [worker] = stand.workers;
        after(() => worker!.start());
        await worker!.kill();
      },
    },
    bridge: { inject: ({ bridge }) => bridge.kill() },
  },
  {
    id: 'worker-frozen',
    expect: expected(2, 'worker-frozen'),
    real: {
      inject: async ({ stand, after }) => {
        const [worker] = stand.workers;
        after(() => worker!.signal('SIGCONT'));
        worker!.signal('SIGSTOP');
      },
    },
    bridge: { inject: async ({ bridge }) => bridge.signal('SIGSTOP') },
  },
  { id: 'rest-refused-data-flows', expect: expected(3, 'connect-unreachable'), real: { inject: refused }, bridge: { inject: refused } },
  rest('rest-hung-data-flows', 'connect-unresponsive', { mode: 'hang' }),
  rest(
    'rest-html-502',
    'connect-not-connect',
    answer('502 Bad Gateway', 'text/html', '<html><head><title>502 Bad Gateway</title></head></html>'),
  ),
  { ...rest('rest-401', 'connect-unauthorized', UNAUTHORIZED), bridge: drilled(['rest:401'], flowing) },
  rest('rest-is-https', 'connect-scheme-mismatch', { mode: 'tls' }),
  rest('rest-cut-json', 'connect-not-connect', { mode: 'cut', bodyBytes: 60 }),
  {
    id: 'restart-409',
    expect: expected(2, 'port-in-use'),
    real: { inject: squattedBefore },
    bridge: {
      started: false,
      set: DRILLS_ON,
      inject: async (scene) => {
        const guest = await squatter(scene, scene.http, 'silent');
        await scene.bridge.start();
        await scene.settled('RUNNING', 'FAILED');
        await guest.kill();
        await scene.drill('rest:409x10');
      },
    },
  },
  {
    id: 'worker-starting',
    expect: expected(2, 'worker-starting'),
    real: slowToStart(),
    bridge: drilled(['rest:starting']),
  },
  {
    id: 'worker-lost-status-stale',
    expect: expected(2, 'worker-lost'),
    real: { stand: PAIR, inject: withoutSecondWorker('SIGKILL') },
    bridge: drilled(['state:RUNNING/RUNNING,worker=127.0.0.2:8084', 'recv:closed']),
  },
  {
    id: 'worker-left-unassigned',
    expect: expected(2, 'task-unassigned'),
    // Connect 3.9.1 and 4.1.0 go on saying RUNNING of the task whose worker said goodbye: then the stale state is the first thing to say.
    real: { stand: PAIR, inject: withoutSecondWorker('SIGTERM'), expect: expected(2, 'worker-lost', 'task-unassigned') },
    bridge: drilled(['state:UNASSIGNED/UNASSIGNED']),
  },
  {
    id: 'task-on-other-worker',
    expect: expected(2, 'task-elsewhere'),
    real: { stand: PAIR, inject: elsewhere },
    bridge: {
      set: { 'bridge.rest.bind.address': '127.0.0.2', 'otlp.bind.address': '127.0.0.2' },
      inject: (scene) => scene.proxyRest({ mode: 'pass' }),
    },
  },
  { id: 'config-update-reset-ports', expect: expected(2, 'configuration-reset'), real: { inject: reset }, bridge: { inject: reset } },
  {
    id: 'heap-exhausted',
    expect: expected(2, 'worker-exhausted'),
    real: {
      stand: () => Promise.resolve({ heap: '256m' }),
      connector: { 'otlp.message.queue.size': '1000000' },
      inject: heapGone,
    },
    bridge: heapIsEnough,
  },
  {
    id: 'fd-exhausted',
    expect: expected(2, 'worker-exhausted'),
    real: { inject: descriptorsGone(({ stand }: RealScene) => stand.workers[0]!.pid()!) },
    bridge: { inject: descriptorsGone(({ bridge }: BridgeScene) => bridge.pid()!) },
  },
];

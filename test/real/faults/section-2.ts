/** The Connect worker and its REST. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { CONNECTOR_CLASS, statusOf } from '../stand/connect-rest.ts';
import { freePorts } from '../stand/ports.ts';
import { proxy } from '../stand/proxy.ts';
import type { ProxyMode } from '../stand/proxy.ts';
import type { Worker } from '../stand/stand.ts';
import { until } from '../../doubles/until.ts';
import type { BridgeScene } from './bridge-scene.ts';
import { expected } from './fault.ts';
import type { Fault } from './fault.ts';
import { L2 } from './loads.ts';
import type { RealScene, StandPlan } from './real-scene.ts';
import { nobodyOn } from './squatter.ts';

type Scene = RealScene | BridgeScene;

const DRILLS = { waiting: 'drills of the bridge' };

const flowing = async (scene: Scene): Promise<void> => {
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

const answer = (status: string, type: string, body: string): ProxyMode => ({
  mode: 'answer',
  bytes: `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
});

const refused = async (scene: Scene): Promise<void> => {
  await flowing(scene);
  const [port] = await freePorts(1);
  scene.look['connect-url'] = `http://127.0.0.1:${port}`;
};

/** Two workers, the second under an address of its own, and Connect's own five minutes before it moves tasks. */
const PAIR: StandPlan = () =>
  Promise.resolve({
    workers: 2,
    broker: { 'group.min.session.timeout.ms': 1000 },
    worker: (number: number) => ({
      'scheduled.rebalance.max.delay.ms': 300_000,
      'session.timeout.ms': 4000,
      'heartbeat.interval.ms': 1000,
      ...(number === 0 ? {} : { 'rest.advertised.host.name': '127.0.0.2' }),
    }),
  });

/** Adds connectors of one port each until the task of otlp-source sits on the second worker, and makes that one not the leader. */
async function onSecondWorker(scene: RealScene): Promise<Worker> {
  const [, second] = scene.stand.workers as [Worker, Worker];
  await until(
    'the task to be on the second worker',
    async () => {
      if ((await scene.status())?.tasks[0]?.worker_id.startsWith('127.0.0.2')) return true;
      await scene.ask('PUT', '/stop');
      await scene.settled('STOPPED');
      const [http] = await freePorts(1);
      const filler = `filler-${http}`;
      const config = { 'connector.class': CONNECTOR_CLASS, 'otlp.grpc.enabled': 'false', 'otlp.http.port': String(http) };
      await scene.connect('POST', '/connectors', { name: filler, config });
      await until(
        'the filler to run',
        async () => (await statusOf(scene.stand.connectUrl, filler))?.tasks[0]?.state === 'RUNNING' || undefined,
      );
      await scene.ask('PUT', '/resume');
      await scene.settled('RUNNING', 'RUNNING');
      return undefined;
    },
    60_000,
  );
  return second;
}

const LEFT_MS = 60_000;

/** The worker with the task ends without a word, or says goodbye; the other waits for it. */
const withoutSecondWorker = (signal: 'SIGKILL' | 'SIGTERM') => async (scene: RealScene) => {
  const second = await onSecondWorker(scene);
  second.signal(signal);
  await scene.logged('with rebalance delay: ', LEFT_MS);
  await nobodyOn(scene.http, LEFT_MS);
};

const elsewhere = async (scene: RealScene): Promise<void> => {
  await scene.ask('PATCH', '/config', { 'otlp.bind.address': '127.0.0.2' });
  await scene.settled('RUNNING', 'RUNNING');
  await onSecondWorker(scene);
};

const RUNBOOKS_PUT = {
  'connector.class': CONNECTOR_CLASS,
  'tasks.max': '1',
  'otlp.message.queue.size': '50000',
  'otlp.message.format': 'protobuf',
};

/** The configuration that "Update Configuration" prints, put over one with ports of its own. */
const reset = async (scene: Scene): Promise<void> => {
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

/** A worker that reads its topics at 1 kB/s. */
const behindCrawl: StandPlan = async (owner) => {
  const [kafkaPort] = (await freePorts(1)) as [number];
  void owner;
  return { kafkaPort };
};

const starting = async (scene: RealScene): Promise<void> => {
  const crawl = await proxy({ port: Number(scene.stand.kafka.split(':')[1]) }, { mode: 'hang' });
  scene.after(() => crawl.close());
};
void behindCrawl;
void starting;

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
  rest('rest-401', 'connect-unauthorized', answer('401 Unauthorized', 'text/plain', 'User cannot access the resource.')),
  rest('rest-is-https', 'connect-scheme-mismatch', { mode: 'tls' }),
  rest('rest-cut-json', 'connect-not-connect', { mode: 'cut', bodyBytes: 60 }),
  {
    id: 'restart-409',
    expect: expected(2, 'port-in-use'),
    real: { waiting: 'the action connector restart-task' },
    bridge: { waiting: 'the action connector restart-task' },
  },
  {
    id: 'worker-starting',
    expect: expected(2, 'worker-starting'),
    real: { waiting: 'a worker slow to start' },
    bridge: DRILLS,
  },
  {
    id: 'worker-lost-status-stale',
    expect: expected(2, 'worker-lost'),
    real: { stand: PAIR, inject: withoutSecondWorker('SIGKILL') },
    bridge: DRILLS,
  },
  {
    id: 'worker-left-unassigned',
    expect: expected(2, 'task-unassigned'),
    real: { stand: PAIR, inject: withoutSecondWorker('SIGTERM') },
    bridge: DRILLS,
  },
  {
    id: 'task-on-other-worker',
    expect: expected(2, 'task-elsewhere'),
    real: { stand: PAIR, inject: elsewhere },
    bridge: { waiting: 'a bridge under a second address' },
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
    bridge: DRILLS,
  },
  {
    id: 'fd-exhausted',
    expect: expected(2, 'worker-exhausted'),
    real: { inject: descriptorsGone(({ stand }: RealScene) => stand.workers[0]!.pid()!) },
    bridge: { inject: descriptorsGone(({ bridge }: BridgeScene) => bridge.pid()!) },
  },
];

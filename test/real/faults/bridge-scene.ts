import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SinkTrouble } from '../../../proto/vocabulary/sink-troubles.ts';
import type { Json } from '../../../checks/facts/index.ts';
import { BIN } from '../../doubles/otlpctl.ts';
import { until } from '../../doubles/until.ts';
import { ask, settled } from '../stand/connect-rest.ts';
import type { ConnectorStatus, Reply } from '../stand/connect-rest.ts';
import { discard, keep } from '../stand/keeper.ts';
import type { LoneBroker } from '../stand/lone-broker.ts';
import { part } from '../stand/part.ts';
import type { Part } from '../stand/part.ts';
import { freePorts } from '../stand/ports.ts';
import { unprivileged } from '../stand/stand.ts';
import { proxy } from '../stand/proxy.ts';
import type { ProxyMode } from '../stand/proxy.ts';
import { cleanUps } from './clean-ups.ts';
import type { CleanUps } from './clean-ups.ts';
import type { Look } from './judge.ts';
import { startLoads } from './loads.ts';
import type { Stream } from './loads.ts';

const NAME = 'otlp-source';

export type Counters = Record<string, number>;

/** A bridge of its own on free ports, and what a fault does to it. */
export type BridgeScene = Pick<CleanUps, 'after'> & {
  name: string;
  grpc: number;
  http: number;
  bridge: Part;
  folder: string;
  adopt(group: number): void;
  /** Kafka, where the bridge writes to it */
  stand: LoneBroker | undefined;
  look: Look;
  /** a path below the connector's */
  ask(method: string, path: string, body?: Json): Promise<Reply>;
  /** any path of REST */
  connect(method: string, path: string, body?: Json): Promise<Reply>;
  settled(state: string, ...taskStates: string[]): Promise<ConnectorStatus>;
  load(streams: readonly Stream[]): () => Promise<void>;
  proxyRest(mode: ProxyMode): Promise<void>;
  /** Puts these drills on and ends all others; none ends all. */
  drill(...drills: string[]): Promise<void>;
  /** Waits until the counters and gauges satisfy the condition. */
  beanWhen(what: string, holds: (values: Counters) => boolean, deadlineMs?: number): Promise<Counters>;
  /** Waits until the bridge says that this keeps it from writing. */
  troubled(reason: SinkTrouble, deadlineMs?: number): Promise<void>;
  /** Ends the bridge and starts it again. */
  restart(): Promise<void>;
};

export async function bridgeScene(
  set: Readonly<Record<string, string>> = {},
  options: { started?: boolean; node?: readonly string[]; stand?: LoneBroker | undefined } = {},
): Promise<BridgeScene & CleanUps> {
  const undo = cleanUps();
  const { stand } = options;
  const host = set['bridge.rest.bind.address'] ?? '127.0.0.1';
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-fault-'));
  undo.after(() => discard(folder));
  const { adopt } = keep(folder, process.pid);
  const [grpc, http, rest, metrics] = (await freePorts(4)) as [number, number, number, number];
  const keys = {
    'otlp.grpc.port': String(grpc),
    'otlp.http.port': String(http),
    'bridge.rest.port': String(rest),
    'bridge.metrics.port': String(metrics),
    'bridge.state.dir': join(folder, 'state'),
    ...(stand && { 'bridge.sink': 'kafka', 'bridge.kafka.bootstrap.servers': stand.kafka }),
    ...set,
  };
  const connectUrl = `http://${host}:${rest}`;
  const bridge = part(
    {
      name: 'bridge',
      logFile: join(folder, 'bridge.log'),
      command: [
        ...unprivileged(process.execPath),
        ...(options.node ?? []),
        BIN,
        'bridge',
        ...Object.entries(keys).flatMap(([key, value]) => ['--set', `${key}=${value}`]),
      ],
      ready: () => answers(`${connectUrl}/connectors`),
    },
    adopt,
  );
  undo.after(() => bridge.kill());
  const path = `/connectors/${NAME}`;
  const metricsUrl = `http://127.0.0.1:${metrics}/metrics.json`;
  const look: Look = {
    'connect-url': connectUrl,
    connector: NAME,
    'metrics-url': metricsUrl,
    'log-file': bridge.logFile,
    'otlp-grpc': `127.0.0.1:${grpc}`,
    'otlp-http': `http://127.0.0.1:${http}`,
    ...(stand && { kafka: stand.kafka }),
  };
  const readCounters = async (): Promise<Counters> => {
    const page = (await (await fetch(metricsUrl)).json()) as Record<'counters' | 'gauges' | 'derived', Counters>;
    return { ...page.counters, ...page.gauges, ...page.derived };
  };
  const scene = {
    ...undo,
    name: NAME,
    grpc,
    http,
    bridge,
    folder,
    adopt,
    stand,
    look,
    ask: (method: string, rest: string, body?: Json) => ask(connectUrl, method, `${path}${rest}`, body),
    connect: (method: string, rest: string, body?: Json) => ask(connectUrl, method, rest, body),
    settled: (state: string, ...taskStates: string[]) => settled(connectUrl, NAME, state, taskStates),
    load: (streams: readonly Stream[]) => startLoads(undo, { grpc, http }, streams),
    proxyRest: async (mode: ProxyMode) => {
      const one = await proxy({ port: rest, host }, mode);
      undo.after(() => one.close());
      look['connect-url'] = `http://127.0.0.1:${one.port}`;
    },
    drill: async (...drills: string[]) => {
      const order = drills.length === 0 ? { method: 'DELETE' } : { method: 'PUT', body: JSON.stringify({ drill: drills }) };
      const reply = await fetch(`http://127.0.0.1:${metrics}/drills`, order);
      if (!reply.ok) throw new Error(`drills ${drills.join(', ')}: ${await reply.text()}`);
    },
    beanWhen: (what: string, holds: (values: Counters) => boolean, deadlineMs?: number) =>
      until(
        what,
        async () => {
          const values = await readCounters();
          return holds(values) ? values : undefined;
        },
        deadlineMs,
      ),
    troubled: async (reason: SinkTrouble, deadlineMs = 60_000) =>
      void (await until(
        `the bridge to say ${reason}`,
        async () => {
          const { sink } = (await (await fetch(metricsUrl)).json()) as { sink: { troubles: { reason: string }[] } };
          return sink.troubles.some((one) => one.reason === reason) || undefined;
        },
        deadlineMs,
      )),
    restart: async () => {
      await bridge.kill();
      await bridge.start();
    },
  };
  try {
    if (options.started !== false) {
      await bridge.start();
      await scene.settled('RUNNING', 'RUNNING');
    }
  } catch (failure) {
    await undo.run();
    throw failure;
  }
  return scene;
}

const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(1000) }).then(
    () => true,
    () => false,
  );

import { until } from '../../doubles/until.ts';
import type { Json } from '../../../checks/facts/index.ts';
import { askPatiently } from '../stand/connect-rest.ts';
import type { Reply } from '../stand/connect-rest.ts';
import { connectorOn } from '../stand/connector-on.ts';
import type { ConnectorOn } from '../stand/connector-on.ts';
import { makeTopics } from '../stand/kafka-admin.ts';
import { loneBroker } from '../stand/lone-broker.ts';
import type { LoneBroker, LoneBrokerOptions } from '../stand/lone-broker.ts';
import { proxy } from '../stand/proxy.ts';
import type { ProxyMode } from '../stand/proxy.ts';
import { startStand } from '../stand/stand.ts';
import type { Stand, StandOptions } from '../stand/stand.ts';
import type { KafkaVersion } from '../stand/settings.ts';
import { cleanUps } from './clean-ups.ts';
import type { CleanUps } from './clean-ups.ts';
import type { Look } from './judge.ts';
import { startLoads } from './loads.ts';
import type { Stream } from './loads.ts';

/** Settings of a stand that a fault needs for itself. May make what the stand needs first, such as a proxy before its broker. */
export type StandPlan = (owner: Pick<CleanUps, 'after'>) => Promise<Partial<StandOptions>>;

/** A healthy connector otlp-source on a stand, and what a fault does to it. */
export type RealScene = Pick<CleanUps, 'after'> &
  ConnectorOn & {
    stand: Stand;
    /** the stand's */
    folder: string;
    adopt(group: number): void;
    /** what the operator gives; a fault changes it where the operator would have something else */
    look: Look;
    /** any path of Connect's REST */
    connect(method: string, path: string, body?: Json): Promise<Reply>;
    load(streams: readonly Stream[]): () => Promise<void>;
    /** Puts a proxy before Connect's REST, for the operator alone. */
    proxyRest(mode: ProxyMode): Promise<void>;
    /** Waits until the worker's log, since the connector was posted, has a line with this. */
    logged(text: string, deadlineMs?: number): Promise<void>;
    /** Kills the worker, changes something and starts it again; at the scene's end the same with `changeBack`. */
    restartWorker(change: () => void, changeBack: () => void): Promise<void>;
  };

const NAME = 'otlp-source';
export const TOPICS = ['otlp-traces', 'otlp-metrics', 'otlp-logs'] as const;

/** Topics are made by the stand, as where creation is not left to brokers; who may write is asked of an authorizer that refuses nobody by itself. */
const BROKER = {
  'auto.create.topics.enable': 'false',
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': 'true',
};

export async function standFor(owner: Pick<CleanUps, 'after'>, kafka: KafkaVersion, plan?: StandPlan): Promise<Stand> {
  const { broker, ...rest } = (await plan?.(owner)) ?? {};
  const stand = await startStand({
    kafka,
    ...rest,
    broker: (controllerPort) => ({ ...BROKER, ...(typeof broker === 'function' ? broker(controllerPort) : broker) }),
  });
  owner.after(() => stand.stop());
  await makeTopics(stand.kafka, TOPICS);
  return stand;
}

/** A broker alone, of the same kind, for the bridge. */
export async function brokerFor(
  owner: Pick<CleanUps, 'after'>,
  kafka: KafkaVersion,
  { broker, ...rest }: Partial<LoneBrokerOptions> = {},
): Promise<LoneBroker> {
  const stand = await loneBroker({
    kafka,
    ...rest,
    broker: (...place) => ({ ...BROKER, ...(typeof broker === 'function' ? broker(...place) : broker) }),
  });
  owner.after(() => stand.stop());
  await makeTopics(stand.kafka, TOPICS);
  return stand;
}

/** Deletes what connectors there are, makes otlp-source on free ports and waits until it serves. */
export async function realScene(stand: Stand, config: Readonly<Record<string, string>> = {}): Promise<RealScene & CleanUps> {
  const undo = cleanUps();
  await clear(stand);
  await makeTopics(stand.kafka, TOPICS);
  const topics = Object.fromEntries(TOPICS.map((topic) => [`kafka.topic.${topic.slice(5)}`, topic]));
  const connector = await connectorOn({ after: () => undefined }, stand, { ...topics, ...config }, { name: NAME });
  await until('the connector to serve', async () => ((await connector.bean()) === undefined ? undefined : true), 30_000);
  const logged = async (text: string, deadlineMs = 60_000): Promise<void> =>
    void (await until(`"${text}" in the log`, () => connector.log().some((line) => line.includes(text)) || undefined, deadlineMs));
  const worker = stand.workers[0]!;
  const look: Look = {
    'connect-url': stand.connectUrl,
    connector: NAME,
    'metrics-url': stand.jolokiaUrl,
    'log-file': stand.logFile,
    'otlp-grpc': `127.0.0.1:${connector.grpc}`,
    'otlp-http': `http://127.0.0.1:${connector.http}`,
    kafka: stand.kafka,
  };
  return {
    ...connector,
    ...undo,
    stand,
    folder: stand.folder,
    adopt: (group) => stand.adopt(group),
    look,
    connect: (method, path, body) => askPatiently(stand.connectUrl, method, path, body),
    load: (streams) => startLoads(undo, connector, streams),
    proxyRest: async (mode) => {
      const one = await proxy({ port: Number(new URL(stand.connectUrl).port) }, mode);
      undo.after(() => one.close());
      look['connect-url'] = `http://127.0.0.1:${one.port}`;
    },
    logged,
    restartWorker: async (change, changeBack) => {
      await worker.kill();
      undo.after(async () => {
        await worker.kill();
        changeBack();
        await worker.start();
      });
      change();
      await worker.start();
    },
  };
}

/** Waits until every worker is healthy, and leaves no connector. */
export async function clear(stand: Stand): Promise<void> {
  await until('every worker to be healthy', () => allHealthy(stand), 60_000);
  const names = (await askPatiently(stand.connectUrl, 'GET', '/connectors')).body as string[];
  for (const name of names) await askPatiently(stand.connectUrl, 'DELETE', `/connectors/${encodeURIComponent(name)}`);
  await until('the connectors to be gone', async () => {
    const { body } = await askPatiently(stand.connectUrl, 'GET', '/connectors?expand=status');
    return Object.keys(body as object).length === 0 || undefined;
  });
}

async function allHealthy(stand: Stand): Promise<true | undefined> {
  const answers = stand.workers.map(({ connectUrl }) =>
    fetch(`${connectUrl}/health`, { signal: AbortSignal.timeout(3000) }).then(
      ({ status }) => status === 200,
      () => false,
    ),
  );
  return (await Promise.all(answers)).every(Boolean) || undefined;
}

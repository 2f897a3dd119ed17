import { until } from '../../doubles/until.ts';
import type { Json } from '../../../checks/facts/index.ts';
import { askPatiently, CONNECTOR_CLASS, settled, statusOf } from './connect-rest.ts';
import type { ConnectorStatus, Reply } from './connect-rest.ts';
import { readBeans } from './jolokia.ts';
import type { Bean } from './jolokia.ts';
import { follow } from './log.ts';
import { freePorts } from './ports.ts';
import type { Stand } from './stand.ts';

/** One connector of the stand-in on a stand, with ports and topics of its own. */
export type ConnectorOn = {
  name: string;
  grpc: number;
  http: number;
  config: Record<string, string>;
  topics: { traces: string; metrics: string; logs: string };
  ask(method: string, path: string, body?: Json): Promise<Reply>;
  status(): Promise<ConnectorStatus | undefined>;
  settled(state: string, ...taskStates: string[]): Promise<ConnectorStatus>;
  /** undefined while it is not registered */
  bean(): Promise<Bean | undefined>;
  /** Waits until the attributes, as numbers, satisfy the condition. */
  beanWhen(what: string, holds: (attributes: Record<string, number>) => boolean, deadlineMs?: number): Promise<Record<string, number>>;
  /** the worker's log since just before the connector was posted */
  log(): string[];
};

/** A test, or whatever else runs clean-ups at its end. */
export type Owner = { after(cleanUp: () => Promise<void>): unknown };

let made = 0;

/** Creates a connector that goes with its owner. `awaiting: false` returns as soon as Connect has answered, whatever it answered. */
export async function connectorOn(
  owner: Owner,
  stand: Stand,
  config: Record<string, string> = {},
  options: { awaiting?: boolean; ports?: readonly [number, number]; name?: string } = {},
): Promise<ConnectorOn & { created: Reply }> {
  const name = options.name ?? `otlp-${process.pid}-${++made}`;
  const [grpc, http] = options.ports ?? ((await freePorts(2)) as [number, number]);
  const topics = { traces: `${name}-traces`, metrics: `${name}-metrics`, logs: `${name}-logs` };
  const log = follow(stand.logFile);
  const full = {
    'connector.class': CONNECTOR_CLASS,
    'tasks.max': '1',
    'otlp.bind.address': '127.0.0.1',
    'otlp.message.format': 'protobuf',
    'otlp.grpc.port': String(grpc),
    'otlp.http.port': String(http),
    ...Object.fromEntries(Object.entries(topics).map(([signal, topic]) => [`kafka.topic.${signal}`, topic])),
    ...config,
  };
  const path = `/connectors/${encodeURIComponent(name)}`;
  owner.after(async () => {
    await askPatiently(stand.connectUrl, 'DELETE', path);
    await until(`${name} to be gone`, async () => ((await statusOf(stand.connectUrl, name)) === undefined ? true : undefined));
  });
  const created = await askPatiently(stand.connectUrl, 'POST', '/connectors', { name, config: full });
  if (options.awaiting !== false) await settled(stand.connectUrl, name, 'RUNNING', ['RUNNING']);
  const bean = async (): Promise<Bean | undefined> =>
    (await readBeans(stand.jolokiaUrl, 'io.conduktor.connect.otel:type=OpenTelemetryConnector,*')).find(
      ({ attributes }) => attributes.ConnectorName === name,
    );
  return {
    name,
    grpc,
    http,
    config: { ...full, name },
    topics,
    created,
    ask: (method, rest, body) => askPatiently(stand.connectUrl, method, `${path}${rest}`, body),
    status: () => statusOf(stand.connectUrl, name),
    settled: (state, ...taskStates) => settled(stand.connectUrl, name, state, taskStates),
    bean,
    beanWhen: (what, holds, deadlineMs) =>
      until(
        what,
        async () => {
          const { attributes } = (await bean()) ?? {};
          if (attributes === undefined) return undefined;
          const numbers = Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, Number(value)]));
          return holds(numbers) ? numbers : undefined;
        },
        deadlineMs,
      ),
    log,
  };
}

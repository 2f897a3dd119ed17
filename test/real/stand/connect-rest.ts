import type { Json } from '../../../checks/facts/index.ts';
import { until } from '../../doubles/until.ts';

export type Reply = { status: number; body: Json };
export type ConnectorStatus = {
  name: string;
  connector: { state: string; worker_id: string; trace?: string };
  tasks: { id: number; state: string; worker_id: string; trace?: string }[];
  type: string;
};

/** The real connector's class name, which the stand-in has too. */
export const CONNECTOR_CLASS = 'io.conduktor.connect.otel.OpenTelemetrySourceConnector';

const SETTLED_MS = 30_000;

/** One request to Connect's REST API. An empty body reads as "". */
export async function ask(connectUrl: string, method: string, path: string, body?: Json): Promise<Reply> {
  const answer = await fetch(`${connectUrl}${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? '' : (JSON.parse(text) as Json) };
}

/** As `ask`, again while a rebalance makes Connect answer 409, as it does for a moment after every change. */
export const askPatiently = (connectUrl: string, method: string, path: string, body?: Json): Promise<Reply> =>
  until(`${method} ${path} to be other than 409`, async () => {
    const reply = await ask(connectUrl, method, path, body);
    return reply.status === 409 && JSON.stringify(reply.body).includes('rebalance') ? undefined : reply;
  });

export async function statusOf(connectUrl: string, connector: string): Promise<ConnectorStatus | undefined> {
  const { status, body } = await ask(connectUrl, 'GET', `/connectors/${encodeURIComponent(connector)}/status`);
  return status === 200 ? (body as unknown as ConnectorStatus) : undefined;
}

/** Waits until the connector and all its tasks are in these states; a connector that has no task yet is not there. */
export async function settled(
  connectUrl: string,
  connector: string,
  state: string,
  taskStates: readonly string[],
): Promise<ConnectorStatus> {
  let last: ConnectorStatus | undefined;
  const reached = async (): Promise<ConnectorStatus | undefined> => {
    last = await statusOf(connectUrl, connector);
    const seen = last && [last.connector.state, ...last.tasks.map((task) => task.state)].join();
    return seen === [state, ...taskStates].join() ? last : undefined;
  };
  return until(`${connector} to be ${[state, ...taskStates].join('/')}`, reached, SETTLED_MS).catch((error: Error) => {
    throw new Error(`${error.message}; it is ${JSON.stringify(last)?.slice(0, 400) ?? 'not known'}`);
  });
}

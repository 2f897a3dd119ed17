import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ConnectorStatus } from '../../checks/facts/index.ts';
import { CONNECTOR_CLASS } from '../../proto/vocabulary/connect.ts';
import { ANSWERS } from './double.ts';
import { listen, type Double } from './listen.ts';

export type ConnectorDouble = { config?: Record<string, string>; state?: string; taskState?: string; workerId?: string; tasks?: number };

export type ConnectDouble = Double & {
  url: URL;
  /** `GET /connectors`, in the order they came */
  requests: string[];
  /** Authorization headers, as they came */
  authorizations: (string | undefined)[];
};

type Options = {
  version?: string;
  connectors?: Record<string, ConnectorDouble>;
  /** path without its query → misbehaviour: a raw answer's name, `hang`, or milliseconds to wait before the usual answer */
  odd?: Record<string, keyof typeof ANSWERS | 'hang' | number>;
  /** `GET /health` other than 200 */
  health?: { status: number; body: unknown };
};

/** A small Kafka Connect: the reads that otlpctl makes, in the form that 3.9.1 answered when recorded. */
export async function connectDouble({ version = '3.9.1', connectors = {}, odd = {}, health }: Options = {}): Promise<ConnectDouble> {
  const requests: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const answers = (workerId: string): Record<string, unknown> => ({
    '/': { version, commit: 'f745dfdcee2b9851', kafka_cluster_id: 'o2bAO8LpS2uFErsomyLdAQ' },
    '/health': health?.body ?? { status: 'healthy', message: 'Worker has completed startup and is ready to handle requests.' },
    '/connector-plugins': [{ class: CONNECTOR_CLASS, type: 'source', version: '1.0.0' }],
    '/connectors': Object.fromEntries(
      Object.entries(connectors).map(([name, one]) => [name, { status: statusOf(name, one, workerId), info: infoOf(name, one) }]),
    ),
    ...Object.fromEntries(
      Object.entries(connectors).map(([name, one]) => [`/connectors/${encodeURIComponent(name)}/status`, statusOf(name, one, workerId)]),
    ),
  });
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    authorizations.push(request.headers.authorization);
    const path = (request.url ?? '').split('?')[0]!;
    const oddity = odd[path];
    if (oddity === 'hang') return;
    if (typeof oddity === 'string') return void request.socket.end(Buffer.from(ANSWERS[oddity], 'latin1'));
    const answer = (): void =>
      say(request, response, path, answers(`127.0.0.1:${server.address() === null ? 0 : started.port}`), health?.status ?? 200);
    if (oddity === undefined) answer();
    else setTimeout(answer, oddity);
  });
  const started = await listen(server);
  return { ...started, url: new URL(`http://127.0.0.1:${started.port}`), requests, authorizations };
}

function say(_request: IncomingMessage, response: ServerResponse, path: string, answers: Record<string, unknown>, health: number): void {
  const found = answers[path];
  const name = /^\/connectors\/([^/]+)\/status$/.exec(path)?.[1];
  const missing = name === undefined ? 'HTTP 404 Not Found' : `No status found for connector ${decodeURIComponent(name)}`;
  response.writeHead(found === undefined ? 404 : path === '/health' ? health : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(found ?? { error_code: 404, message: missing }));
}

const infoOf = (name: string, { config }: ConnectorDouble) => ({
  name,
  config: { 'connector.class': CONNECTOR_CLASS, 'tasks.max': '1', name, ...config },
  tasks: [{ connector: name, task: 0 }],
  type: 'source',
});

const statusOf = (
  name: string,
  { state = 'RUNNING', taskState = state, workerId, tasks = 1 }: ConnectorDouble,
  own: string,
): ConnectorStatus => ({
  name,
  connector: { state, worker_id: workerId ?? own },
  tasks: Array.from({ length: tasks }, (_, id) => ({ id, state: taskState, worker_id: workerId ?? own })),
  type: 'source',
});

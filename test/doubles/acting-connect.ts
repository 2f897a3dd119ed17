import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import type { AddressInfo, Server, Socket } from 'node:net';
import { ATTRIBUTE_NAMES } from '../../proto/vocabulary/attributes.ts';
import { CONNECTOR_CLASS } from '../../proto/vocabulary/connect.ts';
import { unimplemented } from './double.ts';

/** How one request that changes something is met. accept: answered as usual, and nothing comes of it. */
export type Manner = 'usual' | 'accept' | 'hang' | 'cut' | { status: number; message: string } | (() => void);

/** A request that changes something, as it came. */
export type Change = { method: string; url: string; body: string; type: string | undefined };

export type ActingConnect = {
  url: string;
  name: string;
  /** keys with the ports of its receivers */
  ports: Record<string, string>;
  /** those that changed something or tried to, in their order */
  changes: Change[];
  state(): string;
  config(): Record<string, string> | undefined;
  close(): Promise<void>;
};

type Options = {
  version?: string;
  name?: string | null;
  config?: Record<string, string>;
  state?: string;
  taskState?: string;
  trace?: string;
  /** what meets the n-th change, from 0 */
  manner?: (change: Change, nth: number) => Manner;
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk as string;
  return text;
};

/** A server that can shut its port and open the same one again. */
function door(server: Server) {
  const open = new Set<Socket>();
  let port = 0;
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => undefined).on('close', () => open.delete(socket));
  });
  return {
    port: () => port,
    open: () =>
      server.listening
        ? Promise.resolve()
        : new Promise<void>((done) =>
            server.listen(port, '127.0.0.1', () => {
              port = (server.address() as AddressInfo).port;
              done();
            }),
          ),
    shut: () =>
      new Promise<void>((done) => {
        if (!server.listening) return done();
        server.close(() => done());
        open.forEach((socket) => socket.destroy());
      }),
  };
}

/** A page of metrics of a task through which some went and nothing waits. */
const metricsOf = (connector: string, startedAt: number) => ({
  connector,
  counters: Object.fromEntries(ATTRIBUTE_NAMES.map((name) => [name, name === 'TracesReceived' || name === 'RecordsProduced' ? 5 : 0])),
  gauges: { TracesQueueSize: 0, MetricsQueueSize: 0, LogsQueueSize: 0, QueueCapacity: 10_000, MaxQueueUtilizationPercent: 0 },
  derived: { TotalMessagesReceived: 5, TotalMessagesDropped: 0, TotalLagCount: 0, DropRate: 0 },
  startedAt: new Date(startedAt).toISOString(),
});

/** A small Kafka Connect with one connector that does what it is told, unless `manner` says otherwise. Its receivers open and close with it. */
export async function actingConnect({
  version = '4.1.0',
  name = 'otlp-source',
  manner = () => 'usual',
  ...start
}: Options = {}): Promise<ActingConnect> {
  const grpc = door(createHttp2().on('stream', unimplemented));
  const http = door(createServer((_, response) => response.writeHead(405).end('Only POST method is supported')));
  await Promise.all([grpc.open(), http.open()]);
  const changes: Change[] = [];
  const connectors = new Map<string, { config: Record<string, string>; state: string; taskState: string; trace?: string }>();
  const ports = { 'otlp.grpc.port': String(grpc.port()), 'otlp.http.port': String(http.port()), 'otlp.bind.address': '127.0.0.1' };
  const known = name ?? 'otlp-source';
  const levels: Record<string, string> = { root: 'INFO' };
  let startedAt = Date.now();
  if (name !== null) {
    const { state = 'RUNNING', taskState = state, trace } = start;
    const config = { 'connector.class': CONNECTOR_CLASS, 'tasks.max': '1', name, ...ports, ...start.config };
    connectors.set(name, { config, state, taskState, ...(trace !== undefined && { trace }) });
  }
  const follow = async (): Promise<void> => {
    const isOpen = [...connectors.values()].some(({ taskState }) => ['RUNNING', 'PAUSED'].includes(taskState));
    await Promise.all([grpc, http].map((one) => (isOpen ? one.open() : one.shut())));
  };
  await follow();

  const rest = door(createServer((request, response) => void answer(request, response)));
  const worker = () => `127.0.0.1:${rest.port()}`;
  const say = (response: ServerResponse, status: number, body?: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body === undefined ? '' : JSON.stringify(body));
  };
  const status = (of: string) => {
    const one = connectors.get(of)!;
    const trace = one.trace === undefined ? {} : { trace: one.trace };
    const tasks = one.state === 'STOPPED' ? [] : [{ id: 0, state: one.taskState, worker_id: worker(), ...trace }];
    return { name: of, connector: { state: one.state, worker_id: worker() }, tasks, type: 'source' };
  };
  const info = (of: string) => ({ name: of, config: connectors.get(of)!.config, tasks: [{ connector: of, task: 0 }], type: 'source' });

  const change = async (method: string, path: string, body: string): Promise<[number, unknown?]> => {
    const [, , rawName = '', part = ''] = path.split('/');
    const of = decodeURIComponent(rawName);
    if (method === 'POST' && path === '/connectors') {
      const asked = JSON.parse(body) as { name: string; config: Record<string, string> };
      connectors.set(asked.name, { config: { name: asked.name, ...asked.config }, state: 'RUNNING', taskState: 'RUNNING' });
      await follow();
      return [201, info(asked.name)];
    }
    const one = connectors.get(of);
    if (path.startsWith('/admin/loggers/')) {
      levels[decodeURIComponent(rawName)] = (JSON.parse(body) as { level: string }).level;
      return [200, [decodeURIComponent(rawName)]];
    }
    if (path.endsWith('/config/validate')) return [200, { name: of, error_count: 0, groups: [], configs: [] }];
    if (one === undefined) return [404, { error_code: 404, message: `Connector ${of} not found` }];
    const become = async (state: string): Promise<void> => {
      Object.assign(one, { state, taskState: state });
      await follow();
    };
    const anew = async (): Promise<void> => {
      const { state } = one;
      delete one.trace;
      startedAt = Math.max(Date.now(), startedAt + 1);
      await become('STOPPED');
      await become(state === 'FAILED' ? 'RUNNING' : state);
    };
    if (method === 'DELETE') {
      connectors.delete(of);
      await follow();
      return [204];
    }
    if (part === 'config') {
      const keys = JSON.parse(body) as Record<string, string | null>;
      const merged = { ...(method === 'PATCH' ? one.config : { name: of }), ...keys };
      one.config = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null)) as Record<string, string>;
      await anew();
      return [200, info(of)];
    }
    if (part.startsWith('restart') || part === 'tasks') {
      await anew();
      return part === 'tasks' ? [204] : [202, status(of)];
    }
    await become({ pause: 'PAUSED', resume: 'RUNNING', stop: 'STOPPED' }[part] ?? one.state);
    return part === 'stop' ? [204] : [202];
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [path = ''] = (request.url ?? '').split('?');
    const method = request.method ?? 'GET';
    if (method !== 'GET') {
      const body = await bodyOf(request);
      const made: Change = { method, url: request.url ?? '', body, type: request.headers['content-type'] };
      const isLook = path.endsWith('/validate');
      if (!isLook) changes.push(made);
      const met = isLook ? 'usual' : manner(made, changes.length - 1);
      if (typeof met === 'function') return met();
      if (met === 'hang') return;
      if (met === 'cut') return void request.socket.destroy();
      if (typeof met === 'object') return say(response, met.status, { error_code: met.status, message: met.message });
      return met === 'accept' ? say(response, 202) : say(response, ...(await change(method, path, body)));
    }
    const [, first = '', rawName, part] = path.split('/');
    const of = rawName === undefined ? undefined : decodeURIComponent(rawName);
    if (path === '/') return say(response, 200, { version, commit: 'f745dfdcee2b9851', kafka_cluster_id: 'o2bAO8LpS2uFErsomyLdAQ' });
    if (path === '/health') return say(response, 200, { status: 'healthy', message: 'Worker is ready.' });
    if (path === '/connector-plugins') return say(response, 200, [{ class: CONNECTOR_CLASS, type: 'source', version: '1.0.0' }]);
    if (path === '/metrics.json') return say(response, 200, metricsOf(known, startedAt));
    const levelled = Object.fromEntries(Object.entries(levels).map(([logger, level]) => [logger, { level, last_modified: null }]));
    if (path === '/admin/loggers') return say(response, 200, levelled);
    if (first === 'admin' && of !== undefined) return say(response, 200, levelled[of] ?? levelled['root']);
    if (path === '/connectors')
      return say(response, 200, Object.fromEntries([...connectors.keys()].map((one) => [one, { status: status(one), info: info(one) }])));
    if (first !== 'connectors' || of === undefined || !connectors.has(of))
      return say(response, 404, { error_code: 404, message: `No status found for connector ${of}` });
    if (part === 'status') return say(response, 200, status(of));
    if (part === 'config') return say(response, 200, connectors.get(of)!.config);
    return say(response, 200, part === 'tasks' ? [] : info(of));
  };
  await rest.open();
  return {
    url: `http://127.0.0.1:${rest.port()}`,
    name: known,
    ports,
    changes,
    state: () => connectors.get(known)?.state ?? 'absent',
    config: () => connectors.get(known)?.config,
    close: async () => void (await Promise.all([rest, grpc, http].map((one) => one.shut()))),
  };
}

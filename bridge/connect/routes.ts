import { CONNECTOR_CLASS, CONNECTOR_VERSION } from '../../proto/vocabulary/connect.ts';
import type { Answer, Asked } from '../door.ts';
import { configOf, creation, keysOf, objectBody, offsetChanges } from './bodies.ts';
import { connectError } from './errors.ts';
import { frameworkDefinitions, receiverDefinitions } from './definitions.ts';
import type { Connector } from './connector.ts';
import type { Loggers } from './loggers.ts';
import { isOurClass, validate } from './validate.ts';
import { VERSION_TRAITS } from './versions.ts';
import { infoView, offsetsView, statusView, tasksConfigView, tasksView, topicsView } from './views.ts';
import { checkClass } from './wanted-config.ts';
import type { Worker } from './worker.ts';

export type Call = { worker: Worker; loggers: Loggers; asked: Asked };
/** Parts of the path that the route names come decoded, in order. */
type Run = (call: Call, first: string, second: string) => Answer | Promise<Answer>;
export type Route = { method: string; path: string; run: Run };

const ok = (body: unknown): Answer => ({ status: 200, body });
const done = (status: number): Answer => ({ status });
const notFound = (name: string) => `Connector ${name} not found`;
const find = ({ worker }: Call, name: string) => worker.need(name, notFound(name));
const route = (method: string, path: string, run: Run): Route => ({ method, path, run });

/** What `expand=` may ask for; anything else is ignored, and gives a map all the same. */
const EXPANSIONS = { status: statusView, info: infoView } as const;

function list({ worker, asked }: Call): Answer {
  const wanted = asked.query.getAll('expand');
  if (wanted.length === 0) return ok(worker.names());
  const views = Object.entries(EXPANSIONS).filter(([name]) => wanted.includes(name));
  const expanded = worker
    .all()
    .map((connector) => [connector.name, Object.fromEntries(views.map(([name, view]) => [name, view(connector, worker.face)]))]);
  return ok(Object.fromEntries(expanded));
}

/** As its asker reached it; HTTP/1.0 does not say how. */
const locationOf = (worker: Worker, { host }: Asked, name: string) =>
  `http://${host || worker.face.workerId}/connectors/${encodeURIComponent(name)}`;

/** Connect answers before there are tasks. */
const createdAnswer = (worker: Worker, asked: Asked, connector: Connector): Answer => ({
  status: 201,
  body: { ...infoView(connector), tasks: [] },
  headers: { location: locationOf(worker, asked, connector.name) },
});

async function create({ worker, asked }: Call): Promise<Answer> {
  const { name, config, wanted } = creation(asked.body);
  const connector = await worker.create(name, config, wanted);
  return createdAnswer(worker, asked, connector);
}

async function put({ worker, asked }: Call, name: string): Promise<Answer> {
  const { connector, created } = await worker.put(name, configOf(objectBody(asked.body)));
  return created ? createdAnswer(worker, asked, connector) : ok(infoView(connector));
}

async function restart({ worker, asked }: Call, name: string): Promise<Answer> {
  const includeTasks = asked.query.get('includeTasks')?.toLowerCase() === 'true';
  const onlyFailed = asked.query.get('onlyFailed')?.toLowerCase() === 'true';
  if (!includeTasks && !onlyFailed) {
    await worker.restart(name);
    return done(204);
  }
  const { plan, done: finished } = worker.restartWith(name, { includeTasks, onlyFailed });
  // Connect answers with the plan and carries it out afterwards; what becomes of it shows in the status.
  finished.catch(() => {});
  return { status: 202, body: plan };
}

const taskOf = (call: Call, name: string, id: string): Answer => {
  const connector = call.worker.find(name);
  const status = connector && statusView(connector, call.worker.face).tasks.find((task) => String(task.id) === id);
  if (!status) throw connectError(404, `No status found for task ${name}-${id}`);
  return ok(status);
};

/** Simple class names and whole ones are the same plug-in to Connect, with or without its suffix. */
const plain = (name: string) => name.replace(/Connector$/, '');

function validation({ worker, asked }: Call, plugin: string): Answer {
  const config = configOf(objectBody(asked.body));
  const included = config['connector.class'];
  if (included !== undefined && !plain(included).endsWith(plain(plugin)))
    throw connectError(400, `Included connector type ${included} does not match request type ${plugin}`);
  checkClass(config, worker.connectVersion, 'validation');
  return ok(validate(config, worker.connectVersion));
}

function pluginConfig({ worker }: Call, plugin: string): Answer {
  if (!isOurClass(plugin)) throw connectError(404, `Unknown plugin ${plugin}.`);
  return ok([...receiverDefinitions(), ...frameworkDefinitions(worker.connectVersion)]);
}

const externally = (done: string): string =>
  `The Connect framework-managed offsets for this connector have been ${done} successfully. However, if this connector manages offsets externally, they will need to be manually ${done} in the system that the connector uses.`;

async function patchOffsets({ worker, asked }: Call, name: string): Promise<Answer> {
  await worker.alterOffsets(name, offsetChanges(asked.body));
  return ok({ message: externally('altered') });
}

async function deleteOffsets({ worker }: Call, name: string): Promise<Answer> {
  await worker.alterOffsets(name, null);
  return ok({ message: externally('reset') });
}

function tasksConfig(call: Call, name: string): Answer {
  if (!VERSION_TRAITS[call.worker.connectVersion].hasTasksConfig) throw connectError(404, 'HTTP 404 Not Found');
  return ok(tasksConfigView(find(call, name)));
}

function setLogger({ loggers, asked }: Call, name: string): Answer {
  const changed = loggers.set(name, keysOf(objectBody(asked.body))['level']);
  return asked.query.get('scope') === 'cluster' ? done(204) : ok(changed);
}

/** Kafka Connect's REST, as far as the bridge has it. Source: Kafka Connect REST API 3.9 and 4.1, recorded sessions. */
export const ROUTES: readonly Route[] = [
  route('GET', '/', ({ worker }) =>
    ok({ version: VERSION_TRAITS[worker.connectVersion].version, commit: 'Unknown', kafka_cluster_id: worker.clusterId }),
  ),
  route('GET', '/health', ({ worker }) =>
    worker.isReady()
      ? ok({ status: 'healthy', message: 'Worker has completed startup and is ready to handle requests.' })
      : { status: 503, body: { status: 'starting', message: 'Worker is still starting up.' } },
  ),
  route('GET', '/connectors', list),
  route('POST', '/connectors', create),
  route('GET', '/connectors/:c', (call, name) => ok(infoView(find(call, name)))),
  route('DELETE', '/connectors/:c', async ({ worker }, name) => {
    await worker.remove(name);
    return done(204);
  }),
  route('GET', '/connectors/:c/config', (call, name) => ok(find(call, name).config)),
  route('PUT', '/connectors/:c/config', put),
  route('PATCH', '/connectors/:c/config', async ({ worker, asked }, name) =>
    ok(infoView(await worker.patch(name, keysOf(objectBody(asked.body))))),
  ),
  route('GET', '/connectors/:c/status', ({ worker }, name) =>
    ok(statusView(worker.need(name, `No status found for connector ${name}`), worker.face)),
  ),
  route('GET', '/connectors/:c/tasks', (call, name) => ok(tasksView(find(call, name)))),
  route('GET', '/connectors/:c/tasks-config', tasksConfig),
  route('GET', '/connectors/:c/tasks/:t/status', taskOf),
  route('POST', '/connectors/:c/tasks/:t/restart', async ({ worker }, name, id) => {
    await worker.restartTask(name, id);
    return done(204);
  }),
  route('GET', '/connectors/:c/topics', ({ worker }, name) => ok(topicsView(name, worker.find(name)))),
  route('PUT', '/connectors/:c/topics/reset', ({ worker }, name) => {
    worker.resetTopics(name);
    return done(202);
  }),
  route('GET', '/connectors/:c/offsets', (call, name) => ok(offsetsView(find(call, name)))),
  route('PATCH', '/connectors/:c/offsets', patchOffsets),
  route('DELETE', '/connectors/:c/offsets', deleteOffsets),
  route('PUT', '/connectors/:c/pause', async ({ worker }, name) => {
    await worker.pause(name);
    return done(202);
  }),
  route('PUT', '/connectors/:c/resume', async ({ worker }, name) => {
    await worker.resume(name);
    return done(202);
  }),
  route('PUT', '/connectors/:c/stop', async ({ worker }, name) => {
    await worker.stop(name);
    return done(204);
  }),
  route('POST', '/connectors/:c/restart', restart),
  route('GET', '/connector-plugins', () => ok([{ class: CONNECTOR_CLASS, type: 'source', version: CONNECTOR_VERSION }])),
  route('GET', '/connector-plugins/:p/config', pluginConfig),
  route('PUT', '/connector-plugins/:p/config/validate', validation),
  route('GET', '/admin/loggers', ({ loggers }) => ok(loggers.all())),
  route('GET', '/admin/loggers/:l', ({ loggers }, name) => ok(loggers.get(name))),
  route('PUT', '/admin/loggers/:l', setLogger),
];

import type { ConnectorStatus, FactId, FactValues, RestHealth, RestList, RestRoot } from '../facts/index.ts';
import { isFailed, isSeen, isUnasked } from '../facts/index.ts';
import { sourceOf } from './ask.ts';
import { connectRequest } from './connect-request.ts';
import { healthShape, listShape, pluginsShape, rootShape, statusShape } from './connect-shapes.ts';
import { splitAddress, bracketed, hostOf, sameHost } from '../address.ts';
import type { Answer, AskRequest, Look, Outcome, Probe } from './probe.ts';
import { readJson, type Shape } from './read-json.ts';

/** Kafka Connect's REST interface: five reads that never wait for the leader, and one at the task's worker. */
type RestId = Extract<FactId, `rest.${string}`>;

async function read<T>(look: Look, request: AskRequest, shape: Shape): Promise<Answer<T>> {
  return { source: sourceOf(request), ...readJson<T>(await look.ask(request), shape) };
}

const leftOut = { source: 'Connect REST', unasked: 'skipped', reason: 'Connect is left out (--connect-url none)' } as const;

/** One fact from one path. */
function rest<Id extends RestId>(id: Id, path: string, shape: Shape): Probe {
  return {
    gives: [id],
    look: async (look) => {
      const { connectUrl } = look.target;
      const answer = connectUrl === null ? leftOut : await read<FactValues[Id]>(look, connectRequest(look, connectUrl, path), shape);
      return { [id]: answer };
    },
  };
}

/** `/health` says 503 while starting and 500 when unhealthy, in the same form as 200: Kafka Connect REST, since 3.9 (KIP-1017). */
const HEALTH_STATUSES = [200, 500, 503];

const health: Probe = {
  gives: ['rest.health'],
  async look(look) {
    if (look.target.connectUrl === null) return { 'rest.health': leftOut };
    const request = connectRequest(look, look.target.connectUrl, '/health');
    const asked = await look.ask(request);
    const outcome = readJson<Omit<RestHealth, 'httpStatus'>>(asked, healthShape, (status) => HEALTH_STATUSES.includes(status));
    const source = sourceOf(request);
    if (!('value' in outcome) || !('value' in asked))
      return { 'rest.health': { source, ...(outcome as Exclude<typeof outcome, { value: unknown }>) } };
    const { status, message } = outcome.value;
    return { 'rest.health': { source, value: { httpStatus: asked.value.status, status, message } } };
  },
};

/** A key without a value is as good as absent; Connect writes it as null. */
const withoutNulls = (list: RestList): RestList =>
  Object.fromEntries(
    Object.entries(list).map(([name, { status, info }]) => {
      const config = Object.fromEntries(Object.entries(info.config).filter(([, value]) => (value as string | null) !== null));
      return [name, { status, info: { ...info, config } }];
    }),
  );

const list: Probe = {
  gives: ['rest.list'],
  async look(look) {
    if (look.target.connectUrl === null) return { 'rest.list': leftOut };
    const answer = await read<RestList>(
      look,
      connectRequest(look, look.target.connectUrl, '/connectors?expand=status&expand=info'),
      listShape,
    );
    return { 'rest.list': 'value' in answer ? { ...answer, value: withoutNulls(answer.value) } : answer };
  },
};

/** The named connector is asked for at once; without a name the list has to say which one it is. */
const status: Probe = {
  gives: ['rest.status'],
  uses: ['rest.list', 'target'],
  rounds: 2,
  async look(look) {
    const { connectUrl } = look.target;
    if (connectUrl === null) return { 'rest.status': leftOut };
    const name = look.target.connector ?? (await theOnlyConnector(look));
    if (typeof name !== 'string') return { 'rest.status': { source: 'Connect REST', ...name } };
    const request = connectRequest(look, connectUrl, `/connectors/${encodeURIComponent(name)}/status`);
    return { 'rest.status': await read<ConnectorStatus>(look, request, statusShape) };
  },
};

async function theOnlyConnector(look: Look): Promise<string | Exclude<Outcome<ConnectorStatus>, { value: unknown }>> {
  const list = await look.fact('rest.list');
  // Skipped, not unknown: the failed list is the look that was not possible, and says so itself.
  if (isFailed(list)) return { unasked: 'skipped', reason: `no connector is named, and ${list.source} failed`, give: '--connector NAME' };
  if (isUnasked(list)) return { unasked: list.unasked, reason: list.reason };
  const target = await look.fact('target');
  const { connector, candidates } = isSeen(target) ? target.value : { connector: null, candidates: [] };
  if (connector !== null) return connector;
  if (candidates.length === 0) return { unasked: 'skipped', reason: 'no OTLP connector runs on this Connect', give: '--connector NAME' };
  return { unasked: 'skipped', reason: `several OTLP connectors run on this Connect: ${candidates.join(', ')}`, give: '--connector NAME' };
}

/** The worker that runs the task, asked directly: whether it is there at all tells a stale state from a live one. */
const worker: Probe = {
  gives: ['rest.worker'],
  needs: ['target'],
  async look(look) {
    const { connectUrl } = look.target;
    const skipped = (reason: string) => ({ 'rest.worker': { source: 'Connect REST', unasked: 'skipped', reason } as const });
    if (connectUrl === null) return { 'rest.worker': leftOut };
    const target = await look.fact('target');
    const workerId = isSeen(target) ? target.value.workerId : null;
    if (workerId === null) return skipped('Connect names no worker for the task');
    const address = splitAddress(workerId);
    if (address === undefined) return skipped(`the worker's name ${workerId} is not an address`);
    const host = look.target.workerHost ?? address.host;
    const asked = {
      host: hostOf(connectUrl),
      port: Number(connectUrl.port === '' ? (connectUrl.protocol === 'https:' ? 443 : 80) : connectUrl.port),
    };
    if (sameHost(host, asked.host) && address.port === asked.port) return skipped('the worker of the task is the one that was asked');
    const url = new URL(`${connectUrl.protocol}//${bracketed(host)}:${address.port}/`);
    return { 'rest.worker': await read<RestRoot>(look, connectRequest(look, url, '/'), rootShape) };
  },
};

export const CONNECT_PROBES: readonly Probe[] = [
  rest<'rest.root'>('rest.root', '/', rootShape),
  health,
  list,
  status,
  rest<'rest.plugins'>('rest.plugins', '/connector-plugins', pluginsShape),
  worker,
];

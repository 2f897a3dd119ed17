import { isIPv6 } from 'node:net';
import type { Address, Place, RestList, RestRoot, TargetFact } from '../facts/index.ts';
import { isSeen } from '../facts/index.ts';
import { BRIDGE_VERSION_SUFFIX, CONNECTOR_CLASS } from '../../proto/vocabulary/connect.ts';
import { defaultOf } from '../../proto/vocabulary/keys.ts';
import { shellWord } from '../derive/commands.ts';
import { STDIN, type Settings, type Target } from '../target.ts';
import { shown } from './ask.ts';
import { connectRequest } from './connect-request.ts';
import { tasksShape } from './connect-shapes.ts';
import { splitAddress, hostOf, isLoopback, joinAddress, sameHost } from '../address.ts';
import type { Look, Probe } from './probe.ts';
import { readJson } from './read-json.ts';

/** What REST said that the target is resolved from; absent when it could not be read. */
export type RestSeen = {
  root?: RestRoot;
  list?: RestList;
  /** configuration of the task, where ports that were left to the system are named */ taskConfig?: Ports;
};

type Ports = Readonly<Record<string, string>>;

/** Kafka Connect also takes the class without its package, and without the word Connector. */
const SIMPLE_CLASS = CONNECTOR_CLASS.slice(CONNECTOR_CLASS.lastIndexOf('.') + 1);
const CLASS_NAMES: readonly string[] = [CONNECTOR_CLASS, SIMPLE_CLASS, SIMPLE_CLASS.replace(/Connector$/, '')];

export const isOtlpConfig = (config: Readonly<Record<string, string>>): boolean => CLASS_NAMES.includes(config['connector.class'] ?? '');

/** Contract, "Targets": options win, then what Connect says about the connector, then the connect URL's host with the usual ports (`assumed`). */
export function resolveTarget(target: Target, env: Settings['env'], localAddresses: readonly string[], rest: RestSeen = {}): TargetFact {
  const list = rest.list ?? {};
  const candidates = Object.keys(list)
    .filter((name) => isOtlpConfig(list[name]!.info.config))
    .sort();
  const connector = target.connector ?? (candidates.length === 1 ? candidates[0]! : null);
  const found = connector === null || !Object.hasOwn(list, connector) ? undefined : list[connector];
  const workerId = found === undefined ? null : (found.status.tasks[0]?.worker_id ?? found.status.connector.worker_id);
  const workerHost = target.workerHost ?? hostOfWorker(workerId) ?? (target.connectUrl === null ? 'localhost' : hostOf(target.connectUrl));
  const config = found?.info.config ?? null;
  const ports = rest.taskConfig === undefined ? config : { ...config, ...rest.taskConfig };
  const receivers = {
    config: ports,
    assumed: hostOfWorker(workerId) === undefined,
    host: receiverHost(workerHost, config, localAddresses),
  };
  return {
    connectUrl: target.connectUrl === null ? null : shown(target.connectUrl),
    connector,
    candidates,
    kind: rest.root === undefined ? 'unknown' : rest.root.version.endsWith(BRIDGE_VERSION_SUFFIX) ? 'bridge' : 'connector',
    grpc: placeOf('grpc', target.otlpGrpc, receivers),
    http: placeOf('http', target.otlpHttp === undefined ? undefined : placeOfUrl(target.otlpHttp), receivers),
    metricsUrl: target.metricsUrl === undefined ? null : shown(target.metricsUrl),
    logPlace: logPlaceOf(target, env),
    ...(target.logCommand === undefined ? {} : { logCommand: target.logCommand.map(shellWord).join(' ') }),
    ...(target.jmxUrl === undefined ? {} : { jmxUrl: target.jmxUrl }),
    ...(target.kafka === undefined ? {} : { kafka: target.kafka.map(joinAddress) }),
    ...(target.kafkaConfig === undefined ? {} : { kafkaConfig: target.kafkaConfig }),
    ...(target.kafkaMetricsUrl === undefined ? {} : { kafkaMetricsUrl: shown(target.kafkaMetricsUrl) }),
    ...(target.kafkaJmxUrl === undefined ? {} : { kafkaJmxUrl: target.kafkaJmxUrl }),
    ...(target.prometheusUrl === undefined ? {} : { prometheusUrl: shown(target.prometheusUrl) }),
    ...(target.hostCommand === undefined ? {} : { hostCommand: target.hostCommand.map(shellWord).join(' ') }),
    config,
    workerId,
    workerHost,
  };
}

function logPlaceOf({ logFile, logCommand }: Target, { KAFKA_HOME }: Settings['env']): string | null {
  if (logFile !== undefined) return logFile === STDIN ? null : logFile;
  return logCommand !== undefined || KAFKA_HOME === undefined ? null : `${KAFKA_HOME}/logs/connect.log`;
}

const hostOfWorker = (workerId: string | null): string | undefined => (workerId === null ? undefined : splitAddress(workerId)?.host);

/** Clients reach the receivers at the worker's host; only a receiver bound to another loopback address of this machine is reached there. */
function receiverHost(workerHost: string, config: TargetFact['config'], localAddresses: readonly string[]): string {
  const bind = config?.['otlp.bind.address'] ?? '';
  const workerIsHere = isLoopback(workerHost) || localAddresses.includes(workerHost);
  // 127.0.0.1 and ::1 are one host, and yet nobody who listens on the one is reached at the other.
  const isElsewhere = !sameHost(bind, workerHost) || isIPv6(bind) !== isIPv6(workerHost);
  return workerIsHere && isLoopback(bind) && isElsewhere ? bind : workerHost;
}

type Receivers = { config: TargetFact['config']; assumed: boolean; host: string };

/** Null where the configuration names no port that one could go to: 0 (the bridge takes a free one), or a reference that Connect resolves later. */
function placeOf(which: 'grpc' | 'http', given: Place | undefined, { config, assumed, host }: Receivers): Place | null {
  const off = config?.[`otlp.${which}.enabled`]?.trim().toLowerCase() === 'false' ? { off: true as const } : {};
  if (given !== undefined) return { ...given, ...off };
  const key = `otlp.${which}.port`;
  const port = Number(config?.[key] ?? defaultOf(key));
  if (!Number.isInteger(port) || port < 1 || port > 65535) return null;
  return { host, port, ...off, ...(assumed ? { assumed: true as const } : {}) };
}

function placeOfUrl(url: URL): Place {
  const tls = url.protocol === 'https:';
  const path = url.pathname.replace(/\/+$/, '');
  const address: Address = { host: hostOf(url), port: Number(url.port === '' ? (tls ? 443 : 80) : url.port) };
  return { ...address, ...(tls ? { tls } : {}), ...(path === '' ? {} : { path }) };
}

const PORT_KEYS = ['otlp.grpc.port', 'otlp.http.port'] as const;

/** Port 0, which the bridge takes: the system chose one, and the task knows which. */
const leavesPortsOpen = ({ config }: TargetFact): boolean => PORT_KEYS.some((key) => config?.[key] === '0');

/** The ports in `GET /connectors/NAME/tasks`; nothing where that cannot be read. */
async function taskConfigOf(look: Look, connector: string): Promise<Ports | undefined> {
  const request = connectRequest(look, look.target.connectUrl!, `/connectors/${encodeURIComponent(connector)}/tasks`);
  const tasks = readJson<{ config: Ports }[]>(await look.ask(request), tasksShape);
  const config = 'value' in tasks ? tasks.value[0]?.config : undefined;
  return config && Object.fromEntries(PORT_KEYS.flatMap((key) => (config[key] === undefined ? [] : [[key, config[key]]])));
}

export const targetProbe: Probe = {
  gives: ['target'],
  needs: ['rest.root', 'rest.list'],
  async look(look) {
    const { target, settings, localAddresses, fact } = look;
    const [root, list] = [await fact('rest.root'), await fact('rest.list')];
    const rest = { ...(isSeen(root) ? { root: root.value } : {}), ...(isSeen(list) ? { list: list.value } : {}) };
    const resolved = resolveTarget(target, settings.env, localAddresses, rest);
    const taskConfig = leavesPortsOpen(resolved) ? await taskConfigOf(look, resolved.connector!) : undefined;
    const value = taskConfig === undefined ? resolved : resolveTarget(target, settings.env, localAddresses, { ...rest, taskConfig });
    const by = isSeen(list) ? `options and ${list.source}` : 'options';
    return { target: { source: by, value } };
  },
};

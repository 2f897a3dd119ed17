import type { ConnectorStatus, FactId, Facts, Failed, TaskStatus } from '../facts/index.ts';
import { isFailed, seen } from '../facts/index.ts';
import { CONNECTOR_CLASS } from '../../proto/vocabulary/connect.ts';
import { CONNECTOR_KEY } from '../../proto/vocabulary/keys.ts';

/** The connector as Connect shows it, from whichever answer has it. */
export type ConnectorView = {
  name: string | null;
  existence: 'exists' | 'absent' | 'unknown';
  status: ConnectorStatus | undefined;
  state: string | undefined;
  tasks: readonly TaskStatus[];
  /** where the status stands: fact, and the path to its root (with a dot at the end, or empty) */
  fact: FactId;
  path: string;
  config: Record<string, string> | null;
};

export function connectorView(facts: Facts): ConnectorView {
  const target = seen(facts, 'target');
  const name = target?.connector ?? null;
  const list = seen(facts, 'rest.list');
  const listed = name === null || list === undefined ? undefined : Object.hasOwn(list, name) ? list[name] : undefined;
  const own = seen(facts, 'rest.status');
  const status = own ?? listed?.status;
  const config = target?.config ?? listed?.info.config ?? null;
  return {
    name,
    existence: status !== undefined ? 'exists' : isAbsent(facts) ? 'absent' : 'unknown',
    status,
    state: status?.connector.state,
    tasks: status?.tasks ?? [],
    fact: own !== undefined ? 'rest.status' : 'rest.list',
    path: own !== undefined || name === null ? '' : `${name}.status.`,
    config,
  };
}

/** Connect answered and does not have it. During start-up the list is empty too: the caller asks `rest.health` (Connect, GET /health). */
function isAbsent(facts: Facts): boolean {
  const status = facts['rest.status'];
  if (seen(facts, 'rest.list') !== undefined) return true;
  return isFailed(status) && (status.failure === 'absent' || (status.status === 404 && isConnectError(status)));
}

/** Connect's own errors are JSON with error_code; anything else came from something before it. */
export const isConnectError = ({ body }: Failed): boolean =>
  body !== undefined && body !== null && typeof body === 'object' && 'error_code' in body;

export const traceOf = (view: ConnectorView): string =>
  view.tasks.map((task) => task.trace ?? '').find((trace) => trace !== '') ?? view.status?.connector.trace ?? '';

/** All traces, the connector's and every task's: both are there when a configuration cannot be read. */
export const tracesOf = (view: ConnectorView): string =>
  [view.status?.connector.trace ?? '', ...view.tasks.map((task) => task.trace ?? '')].filter((trace) => trace !== '').join('\n');

export const isRunning = (view: ConnectorView): boolean =>
  view.state === 'RUNNING' && view.tasks.length > 0 && view.tasks.every((task) => task.state === 'RUNNING');

const OPEN_STATES = ['RUNNING', 'PAUSED'];

/** False when Connect shows that no task of this connector can have its ports open: whoever answers there is somebody else. */
export const mayHaveOpenPorts = (view: ConnectorView): boolean =>
  view.status === undefined || view.tasks.some((task) => OPEN_STATES.includes(task.state));

/** `--expect state=PAUSED` */
export function expectedState(facts: Facts): string | undefined {
  const wanted = seen(facts, 'run')?.expect.find((word) => word.startsWith('state='));
  return wanted?.slice('state='.length).toUpperCase();
}

export const expects = (facts: Facts, what: string): boolean => seen(facts, 'run')?.expect.includes(what) ?? false;
export const wasGiven = (facts: Facts, option: string): boolean =>
  seen(facts, 'run')?.given.some((word) => word.replace(/^--/, '') === option) ?? false;

/** A key of the connector's configuration, or its default where the configuration is known. */
export function configValue(facts: Facts, key: string): string | undefined {
  const { config } = connectorView(facts);
  if (config === null) return undefined;
  const own = seen(facts, 'target')?.kind === 'bridge' ? BRIDGE_DEFAULTS[key] : undefined;
  return config[key] ?? own ?? CONNECTOR_KEY.get(key)?.default;
}

/** Contract, "The bridge": the one deliberate difference in defaults. */
const BRIDGE_DEFAULTS: Readonly<Record<string, string>> = { 'otlp.bind.address': '127.0.0.1' };

const SIMPLE_NAME = CONNECTOR_CLASS.slice(CONNECTOR_CLASS.lastIndexOf('.') + 1);
/** Connect takes the full class, its simple name, and that without `Connector`. Source: Kafka Connect, plugin aliases. */
export const isOtlpClass = (name: string | undefined): boolean =>
  name === CONNECTOR_CLASS || name === SIMPLE_NAME || name === SIMPLE_NAME.replace(/Connector$/, '');

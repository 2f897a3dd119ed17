import type { Facts } from '../facts/index.ts';
import type { Evidence } from '../report.ts';
import { configValue, connectorView, tracesOf } from './connector.ts';
import { quote } from './evidence.ts';
import { causes, deepestCause } from './trace.ts';

/** Why a connector or task is FAILED, read from its trace. One cause each, the most telling pattern first. */
export type FailureId =
  | 'tls-files-unreadable'
  | 'plugin-missing'
  | 'port-in-use'
  | 'port-permission-denied'
  | 'record-too-large'
  | 'kafka-authorization-denied'
  | 'topic-create-failed'
  | 'converter-mismatch'
  | 'configuration-invalid'
  | 'task-failed'
  | 'connector-failed';

const PATTERNS: readonly (readonly [FailureId, RegExp])[] = [
  ['tls-files-unreadable', /otlp\.tls\.(cert|key)\.path/],
  [
    'plugin-missing',
    /Failed to find any class that implements|ClassNotFoundException|NoClassDefFoundError|not a recognizable type|NoSuchMethodError/,
  ],
  ['port-in-use', /Address already in use/],
  ['port-permission-denied', /(BindException|bind\(\.\.\)|Failed to start OTLP receiver|Failed to bind)[\s\S]*Permission denied/],
  ['record-too-large', /RecordTooLargeException/],
  [
    'kafka-authorization-denied',
    /(Topic|Cluster|Group|TransactionalId)AuthorizationException|SaslAuthenticationException|Not authorized to access/,
  ],
  // Kafka Connect, TopicAdmin: the first of 3.9, the other of 4.1.
  ['topic-create-failed', /Error while attempting to create\/find topic|Unable to create topic\(s\)/],
  ['converter-mismatch', /Invalid schema type for|Tolerance exceeded in error handler|DataException|SerializationException/],
  ['configuration-invalid', /At least one OTLP receiver must be enabled|ConfigException/],
];

export type FailureView = { id: FailureId; trace: string; cause: string; task: number | null; evidence: Evidence[] };

export function failureOf(facts: Facts): FailureView | undefined {
  const view = connectorView(facts);
  const index = view.tasks.findIndex((task) => task.state === 'FAILED');
  const task = view.tasks[index];
  if (view.state !== 'FAILED' && task === undefined) return undefined;
  const trace = tracesOf(view);
  const own = task?.trace ?? view.status?.connector.trace ?? '';
  const id = PATTERNS.find(([, pattern]) => pattern.test(trace))?.[0] ?? (view.state === 'FAILED' ? 'connector-failed' : 'task-failed');
  const where = task !== undefined ? `tasks.${index}` : 'connector';
  return {
    id,
    trace,
    cause: deepestCause(own === '' ? trace : own),
    task: task?.id ?? null,
    evidence: [
      ...(trace === ''
        ? []
        : [quote(facts, view.fact, `${view.path}${where}.trace`, causes(own === '' ? trace : own).join('\nCaused by: '))]),
      quote(facts, view.fact, `${view.path}${where}.state`),
    ],
  };
}

export const failedWith = (facts: Facts, id: FailureId): FailureView | undefined => {
  const failure = failureOf(facts);
  return failure?.id === id ? failure : undefined;
};

/** The port that could not be bound: gRPC says its address, HTTP, which is opened second, does not. Source: recorded traces of both. */
export function boundPort(facts: Facts, failure: FailureView): { transport: 'grpc' | 'http'; port: number } {
  const said = /bind to address [^\s]*:(\d+)/.exec(failure.trace)?.[1];
  const portOf = (transport: 'grpc' | 'http'): number =>
    Number(configValue(facts, `otlp.${transport}.port`) ?? (transport === 'grpc' ? 4317 : 4318));
  if (said === undefined) return { transport: 'http', port: portOf('http') };
  const port = Number(said);
  return { transport: port === portOf('http') && port !== portOf('grpc') ? 'http' : 'grpc', port };
}

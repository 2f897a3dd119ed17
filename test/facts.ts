import type { ConnectorMetrics, ConnectorStatus, Facts, FactId, FactValues, LogSeen, Sample, Seen } from '../checks/facts/index.ts';
import { ATTRIBUTE_NAMES } from '../proto/vocabulary/attributes.ts';
import { CONNECTOR_CLASS } from '../proto/vocabulary/connect.ts';

/** Facts for tests of judgement: one healthy connector with traffic, and ways to change one thing about it. */
export const NOW = Date.parse('2026-11-23T15:00:00Z');
export const CONNECTOR = 'otlp-source';
export const WORKER = '127.0.0.1:8083';
export const CONFIG: Record<string, string> = { name: CONNECTOR, 'connector.class': CONNECTOR_CLASS, 'tasks.max': '1' };

/** As the gatherer says of a fact that no probe of the run gives. */
const NOT_ASKED = 'not looked at in this run';

type Stamp = { source: string; at: number; ms: number };
const stamp = (source: string): Stamp => ({ source, at: NOW, ms: 3 });

export type Changes = { [Id in FactId]?: Partial<Facts[Id]> | Facts[Id] };

/** One sample of the connector's attributes; what is not named is 0. */
export function sample(at: number, values: Record<string, number>): Sample {
  const all = Object.fromEntries(ATTRIBUTE_NAMES.map((name) => [name, 0]));
  const filled: Record<string, number> = { ...all, ...values };
  const sum = (suffix: string): number =>
    ['Traces', 'Metrics', 'Logs'].reduce((total, signal) => total + (filled[`${signal}${suffix}`] ?? 0), 0);
  const received = values['TotalMessagesReceived'] ?? sum('Received');
  return {
    at,
    values: {
      ...filled,
      TotalMessagesReceived: received,
      TotalMessagesDropped: values['TotalMessagesDropped'] ?? sum('Dropped'),
      TotalLagCount: received - (filled['RecordsProduced'] ?? 0),
    },
  };
}

/** The connector's metrics as Jolokia shows them: gauges dead, five seconds apart. */
export function metrics(
  first: Record<string, number>,
  last: Record<string, number> | null,
  change: Partial<ConnectorMetrics> = {},
): ConnectorMetrics {
  return {
    kind: 'jolokia',
    url: 'http://127.0.0.1:8778/jolokia/',
    samples: [sample(NOW - 5000, first), ...(last === null ? [] : [sample(NOW, last)])],
    absent: [],
    dead: ['QueueCapacity', 'TracesQueueSize', 'MetricsQueueSize', 'LogsQueueSize', 'MaxQueueUtilizationPercent'],
    connectors: [CONNECTOR],
    ...change,
  };
}

export const status = (state: string, task: { state: string; trace?: string } | null, trace?: string): ConnectorStatus => ({
  name: CONNECTOR,
  connector: { state, worker_id: WORKER, ...(trace === undefined ? {} : { trace }) },
  tasks: task === null ? [] : [{ id: 0, worker_id: WORKER, ...task }],
  type: 'source',
});

export const log = (change: Partial<LogSeen> = {}): LogSeen => ({
  place: '/kafka/logs/connect.log',
  lines: 120,
  fromAt: NOW - 3_600_000,
  lastAt: NOW - 1000,
  startedAt: NOW - 600_000,
  events: { task_started: { count: 1, firstAt: NOW - 600_000, lastAt: NOW - 600_000, fields: {} } },
  troubles: [],
  marks: {},
  ...change,
});

const seen = <T>(source: string, value: T): Seen<T> => ({ id: '', ...stamp(source), value });

/** A healthy connector: RUNNING, both ports serve, 20 messages a second in and out. */
export function healthy(changes: Changes = {}): Facts {
  const base: Facts = {
    run: seen('this run', {
      otlpctl: '1.0.0',
      startedAt: NOW,
      durationMs: 5200,
      timeoutMs: 10_000,
      windowMs: 5000,
      requests: 12,
      expect: [],
      proxyVariables: [],
      localAddresses: ['127.0.0.1', '::1', '10.0.0.5'],
      given: [],
    }),
    target: seen('options and Connect', {
      connectUrl: 'http://localhost:8083',
      connector: CONNECTOR,
      candidates: [CONNECTOR],
      kind: 'connector',
      grpc: { host: '127.0.0.1', port: 4317 },
      http: { host: '127.0.0.1', port: 4318 },
      metricsUrl: 'http://127.0.0.1:8778/jolokia/',
      logPlace: '/kafka/logs/connect.log',
      config: CONFIG,
      workerId: WORKER,
      workerHost: '127.0.0.1',
    }),
    'rest.root': seen('GET http://localhost:8083/', {
      version: '3.9.1',
      commit: 'f745dfdcee2b9851',
      kafka_cluster_id: 'o2bAO8LpS2uFErsomyLdAQ',
    }),
    'rest.health': seen('GET http://localhost:8083/health', {
      httpStatus: 200,
      status: 'healthy',
      message: 'Worker has completed startup and is ready to handle requests.',
    }),
    'rest.list': seen('GET http://localhost:8083/connectors?expand=status&expand=info', {
      [CONNECTOR]: { status: status('RUNNING', { state: 'RUNNING' }), info: { config: CONFIG, type: 'source' } },
    }),
    'rest.status': seen(`GET http://localhost:8083/connectors/${CONNECTOR}/status`, status('RUNNING', { state: 'RUNNING' })),
    'rest.plugins': seen('GET http://localhost:8083/connector-plugins', [{ class: CONNECTOR_CLASS, type: 'source', version: '1.0.0' }]),
    'rest.worker': { id: 'rest.worker', ...stamp('worker 127.0.0.1:8083'), unasked: 'skipped', reason: 'it is the worker that was asked' },
    'receiver.grpc': seen('HTTP/2 preface to 127.0.0.1:4317', { address: { host: '127.0.0.1', port: 4317 }, spoke: 'http2' }),
    'receiver.http': seen('GET http://127.0.0.1:4318/v1/traces', {
      address: { host: '127.0.0.1', port: 4318 },
      spoke: 'http1',
      status: 405,
      contentType: 'application/json',
      excerpt: 'Only POST method is supported',
    }),
    'receiver.reflection': seen('reflection at 127.0.0.1:4317', {
      supported: false,
      services: [],
      grpcStatus: 12,
      grpcMessage: 'Method not found',
    }),
    metrics: seen(
      'POST http://127.0.0.1:8778/jolokia/',
      metrics({ TracesReceived: 178, RecordsProduced: 176 }, { TracesReceived: 278, RecordsProduced: 276 }),
    ),
    'jmx.task': seen('POST http://127.0.0.1:8778/jolokia/', {
      samples: [
        { at: NOW - 5000, values: { 'source-record-poll-total': 176, 'source-record-write-total': 176, 'source-record-active-count': 0 } },
        { at: NOW, values: { 'source-record-poll-total': 276, 'source-record-write-total': 276, 'source-record-active-count': 0 } },
      ],
      absent: [],
    }),
    'jmx.errors': seen('POST http://127.0.0.1:8778/jolokia/', {
      samples: [{ at: NOW, values: { 'total-record-errors': 0, 'total-record-failures': 0, 'total-retries': 0 } }],
      absent: [],
    }),
    'jmx.producer': seen('POST http://127.0.0.1:8778/jolokia/', {
      samples: [
        {
          at: NOW,
          values: {
            'produce-throttle-time-avg': 0,
            'produce-throttle-time-max': 0,
            'buffer-available-bytes': 33_554_432,
            'buffer-total-bytes': 33_554_432,
            'request-latency-avg': 0.4,
            'waiting-threads': 0,
            'record-size-avg': 25_059,
          },
        },
      ],
      absent: [],
    }),
    'jmx.jvm': seen('POST http://127.0.0.1:8778/jolokia/', {
      samples: [
        {
          at: NOW,
          values: {
            'HeapMemoryUsage.used': 370_554_080,
            'HeapMemoryUsage.max': 1_073_741_824,
            OpenFileDescriptorCount: 175,
            MaxFileDescriptorCount: 20_000,
          },
        },
      ],
      absent: [],
    }),
    log: seen('/kafka/logs/connect.log', log()),
    'host.listeners': seen('/proc/net/tcp', {
      listeners: [
        { address: '127.0.0.1', port: 8083, pid: 23875, command: 'java' },
        { address: '127.0.0.1', port: 4317, pid: 23875, command: 'java' },
        { address: '127.0.0.1', port: 4318, pid: 23875, command: 'java' },
      ],
      complete: true,
    }),
    'prometheus.history': {
      id: 'prometheus.history',
      ...stamp('Prometheus'),
      ...skipped('no Prometheus was given', '--prometheus-url URL'),
    },
    'prometheus.series': { id: 'prometheus.series', ...stamp('Prometheus page'), ...skipped('not looked at in this run', '') },
    'kafka.brokers': { id: 'kafka.brokers', ...stamp('Kafka'), ...skipped('no broker was given', '--kafka HOST:PORT') },
    'kafka.topics': { id: 'kafka.topics', ...stamp('Kafka topics'), ...skipped('no broker was given', '--kafka HOST:PORT') },
    'host.firewall': { id: 'host.firewall', ...stamp('ufw, firewall-cmd, nft'), ...skipped(NOT_ASKED) },
    'host.io': { id: 'host.io', ...stamp('/proc/diskstats'), ...skipped(NOT_ASKED) },
    'host.worker-file': { id: 'host.worker-file', ...stamp("the worker's file"), ...skipped(NOT_ASKED) },
    'host.kubernetes': { id: 'host.kubernetes', ...stamp('kubectl get'), ...skipped(NOT_ASKED) },
    'kafka.groups': { id: 'kafka.groups', ...stamp('Kafka groups'), ...skipped(NOT_ASKED) },
    'kafka.senders': { id: 'kafka.senders', ...stamp('records of the topics'), ...skipped(NOT_ASKED) },
    'kafka.load': { id: 'kafka.load', ...stamp('metrics of a broker'), ...skipped(NOT_ASKED) },
    'kafka.offsets': { id: 'kafka.offsets', ...stamp('Kafka offsets'), ...skipped('no broker was given', '--kafka HOST:PORT') },
    'client.env': { id: 'client.env', ...stamp("a client's environment"), ...skipped('none was given', '--client-env FILE') },
    'client.error': { id: 'client.error', ...stamp("a client's error"), ...skipped('none was given', '--client-error TEXT') },
    active: { id: 'active', ...stamp('marked requests'), ...skipped('nothing is sent unless it is allowed', '--active') },
  };
  return changed(Object.fromEntries(Object.entries(base).map(([id, fact]) => [id, { ...fact, id }])) as unknown as Facts, changes);
}

const SHAPES = ['value', 'failure', 'unasked'] as const;

/** A change that names another shape (a failure, an unasked) takes the place of what was seen; a partial value is laid over it. */
export function changed(facts: Facts, changes: Changes): Facts {
  const next: Record<string, unknown> = { ...facts };
  for (const [id, change] of Object.entries(changes)) {
    const old = { ...(facts[id as FactId] as Record<string, unknown>) };
    if (SHAPES.some((shape) => shape in (change as object))) for (const shape of SHAPES) delete old[shape];
    next[id] = { ...old, ...change };
  }
  return next as unknown as Facts;
}

/** Lays values over the value of a fact. */
export function withValue<Id extends FactId>(facts: Facts, id: Id, value: Partial<FactValues[Id]>): Facts {
  const old = facts[id] as { value?: object };
  return changed(facts, { [id]: { value: { ...(old.value ?? {}), ...value } } } as unknown as Changes);
}

export const refused = (host: string, port: number): { failure: 'refused'; detail: string } => ({
  failure: 'refused',
  detail: `connect ECONNREFUSED ${host}:${port}`,
});
export const skipped = (reason: string, give?: string): { unasked: 'skipped'; reason: string; give?: string } => ({
  unasked: 'skipped',
  reason,
  ...(give === undefined ? {} : { give }),
});

import { readFileSync, readdirSync } from 'node:fs';
import { healthShape, listShape, pluginsShape, rootShape, statusShape } from '../checks/probes/connect-shapes.ts';
import { excerpt } from '../checks/probes/excerpt.ts';
import { isJolokia, readJolokia } from '../checks/probes/jolokia.ts';
import type { JmxFact, JolokiaReading } from '../checks/probes/jolokia.ts';
import { readLog } from '../checks/probes/log.ts';
import { utcHour } from '../checks/probes/log-lines.ts';
import { connectorMetrics } from '../checks/probes/metrics-series.ts';
import { seriesOf } from '../checks/probes/metrics-reading.ts';
import { timeoutFailure } from '../checks/probes/network-failure.ts';
import { joinAddress } from '../checks/address.ts';
import type { FailedOutcome, Outcome, Reply } from '../checks/probes/probe.ts';
import { readJson } from '../checks/probes/read-json.ts';
import type { Shape } from '../checks/probes/read-json.ts';
import { resolveTarget } from '../checks/probes/target.ts';
import { redactJson } from '../checks/redact.ts';
import type {
  Fact,
  FactId,
  Facts,
  FactValues,
  GrpcLook,
  HttpLook,
  Json,
  Listener,
  Place,
  ReflectionLook,
  RestHealth,
  RestList,
  RestRoot,
} from '../checks/facts/index.ts';
import { FACT_IDS } from '../checks/facts/index.ts';
import type { Target } from '../checks/target.ts';

/** What the real connector answered in one situation; see fixtures/recorded. */
type Exchange = { status: number; ms: number; body: Json };
type Ran = { exit: number; output: string };
export type Recording = {
  situation: string;
  kafka: string;
  rest: Record<string, Exchange>;
  jolokia: Record<string, Exchange | Exchange[]>;
  receivers: Record<string, Record<'connect' | 'GET /v1/traces' | 'grpcurl list', Ran>>;
  listening: Ran;
  log: { lines: string[]; 'trace_dropped lines': number; 'first dropped line': string[] };
};

const FOLDER = new URL('../fixtures/recorded/', import.meta.url);
const names = (folder: string): string[] =>
  readdirSync(new URL(folder, FOLDER))
    .filter((name) => name.endsWith('.json') && !name.startsWith('rest-session'))
    .map((name) => `${folder}${name.slice(0, -5)}`);

/** Every situation: those of Kafka 3.9.1 by name, those of 4.1.0 as `kafka-4.1/NAME`. */
export const RECORDINGS: readonly string[] = [...names(''), ...names('kafka-4.1/')].sort();

export const loadRecording = (name: string): Recording => JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as Recording;

export type RecordedOptions = {
  /** options that count as given */
  given?: readonly string[];
  expect?: readonly string[];
  /** the connector asked for; null: none was named */
  connector?: string | null;
  /** an exchange that took longer is a time-out, as a run would have seen it */
  deadlineMs?: number;
  /** time-out and window of the run that is played */
  timeoutMs?: number;
  windowMs?: number;
  /** the log, receivers or host looks left out, as when nobody gave them */
  without?: readonly FactId[];
};

const CONNECT_URL = 'http://127.0.0.1:8083';
const JOLOKIA_URL = 'http://127.0.0.1:8778/jolokia/';
const LOG_PLACE = '/kafka/logs/connect.log';
const NO_BROKER = { unasked: 'skipped', reason: 'no broker was given', give: '--kafka HOST:PORT' } as const;
const NO_CLIENT = { unasked: 'skipped', reason: 'none was given', give: '--client-env FILE' } as const;
const LOCAL = ['127.0.0.1', '::1'];

/** The facts that a run would have gathered there, by the same readers. */
export function factsOfRecording(recording: Recording, options: RecordedOptions = {}): Facts {
  const {
    given = ['connect-url', 'connector', 'metrics-url', 'log-file'],
    expect = [],
    connector = 'otlp-source',
    deadlineMs = 3000,
    timeoutMs = 10_000,
    windowMs = 5000,
  } = options;
  const at = startOf(recording);
  const fact = <Id extends FactId>(id: Id, source: string, ms: number, outcome: Outcome<FactValues[Id]>): Fact<FactValues[Id]> =>
    redactJson({ id, source, at, ms, ...outcome } as unknown as Json) as unknown as Fact<FactValues[Id]>;

  const rest = <T>(path: string, shape: Shape, accept?: (status: number) => boolean): Outcome<T> =>
    readJson<T>(asReply(recording.rest[path], deadlineMs), shape, accept);
  const restFact = <Id extends FactId>(id: Id, path: string, outcome: Outcome<FactValues[Id]>) =>
    fact(id, `GET ${CONNECT_URL}${path}`, Math.min(recording.rest[path]?.ms ?? 0, deadlineMs), outcome);
  const LIST = '/connectors?expand=status&expand=info';
  const root = rest<RestRoot>('/', rootShape);
  const list = rest<RestList>(LIST, listShape);
  const health = rest<Omit<RestHealth, 'httpStatus'>>('/health', healthShape, (status) => [200, 500, 503].includes(status));
  const statusPath = '/connectors/otlp-source/status';

  const target: Target = {
    connectUrl: new URL(CONNECT_URL),
    ...(connector === null ? {} : { connector }),
    metricsUrl: new URL(JOLOKIA_URL),
    logFile: LOG_PLACE,
  };
  const resolved = resolveTarget(target, {}, LOCAL, {
    ...('value' in root ? { root: root.value } : {}),
    ...('value' in list ? { list: list.value } : {}),
  });
  const samples = jolokiaSamples(recording, resolved.connector, at);
  const metricsSource = `POST ${JOLOKIA_URL}`;
  const jmx = (id: JmxFact) => {
    const { outcome } = seriesOf(samples.map(({ at, reading }) => ({ at, reading: 'failure' in reading ? reading : reading[id] })));
    return fact(id, metricsSource, 4, 'value' in outcome ? { value: outcome.value } : outcome);
  };
  const reflection = reflectionLook(recording, resolved.grpc);
  const run = {
    otlpctl: '1.0.0',
    startedAt: at,
    durationMs: windowMs + 250,
    timeoutMs,
    windowMs,
    requests: 14,
    expect: [...expect],
    proxyVariables: [],
    localAddresses: LOCAL,
    given: [...given],
  };
  const facts = {
    run: fact('run', 'otlpctl', run.durationMs, { value: run }),
    target: fact('target', 'options and Connect', 0, { value: resolved }),
    'rest.root': restFact('rest.root', '/', root),
    'rest.health': restFact('rest.health', '/health', withStatus(health, recording.rest['/health'])),
    'rest.list': restFact('rest.list', LIST, list),
    'rest.status': restFact('rest.status', statusPath, rest(statusPath, statusShape)),
    'rest.plugins': restFact('rest.plugins', '/connector-plugins', rest('/connector-plugins', pluginsShape)),
    'rest.worker': fact('rest.worker', 'Connect REST', 0, {
      unasked: 'skipped',
      reason: 'the worker of the task is the one that was asked',
    }),
    'receiver.grpc': receiver('receiver.grpc', resolved.grpc, (place) => grpcLook(recording, place)),
    'receiver.http': receiver('receiver.http', resolved.http, (place) => httpLook(recording, place)),
    'receiver.reflection': fact('receiver.reflection', 'gRPC reflection', 3, reflection),
    metrics: fact(
      'metrics',
      metricsSource,
      9,
      connectorMetrics(
        samples.map(({ at, reading }) => ({ at, reading: 'failure' in reading ? reading : reading.metrics })),
        'jolokia',
        JOLOKIA_URL,
      ),
    ),
    'jmx.task': jmx('jmx.task'),
    'jmx.errors': jmx('jmx.errors'),
    'jmx.producer': jmx('jmx.producer'),
    'jmx.jvm': jmx('jmx.jvm'),
    log: fact('log', LOG_PLACE, 12, { value: readLog(linesOf(recording), resolved.connector, LOG_PLACE, utcHour) }),
    'host.listeners': fact('host.listeners', 'ss -ltnp', 6, { value: { listeners: listenersOf(recording), complete: true } }),
    'prometheus.history': fact('prometheus.history', 'Prometheus', 0, { unasked: 'skipped', reason: 'no Prometheus was given' }),
    'prometheus.series': fact('prometheus.series', 'Prometheus page', 0, { unasked: 'skipped', reason: 'not looked at in this run' }),
    'kafka.brokers': fact('kafka.brokers', 'Kafka', 0, NO_BROKER),
    'kafka.topics': fact('kafka.topics', 'Kafka topics', 0, NO_BROKER),
    'kafka.offsets': fact('kafka.offsets', 'Kafka offsets', 0, NO_BROKER),
    'client.env': fact('client.env', "a client's environment", 0, NO_CLIENT),
    'client.error': fact('client.error', "a client's error", 0, NO_CLIENT),
    active: fact('active', 'marked requests', 0, { unasked: 'skipped', reason: 'nothing is sent unless it is allowed', give: '--active' }),
    // What no recording has: filled in below.
  } as Facts;
  for (const id of options.without ?? [])
    (facts as Record<FactId, unknown>)[id] = fact(id, id, 0, { unasked: 'skipped', reason: 'neither given nor found at the usual places' });
  for (const id of FACT_IDS)
    if (!(id in facts))
      (facts as Record<FactId, unknown>)[id] = fact(id, id, 0, { unasked: 'skipped', reason: 'not looked at in this recording' });
  return facts;

  function receiver<Id extends 'receiver.grpc' | 'receiver.http'>(
    id: Id,
    place: Place | null,
    look: (place: Place) => Outcome<FactValues[Id]>,
  ): Fact<FactValues[Id]> {
    if (place === null || place.off === true)
      return fact(id, id, 0, { unasked: 'skipped', reason: `the receiver is switched off (otlp.${id.slice(9)}.enabled=false)` });
    const source = id === 'receiver.grpc' ? `HTTP/2 preface to ${joinAddress(place)}` : `GET http://${joinAddress(place)}/v1/traces`;
    const seen = fact(id, source, 2, look(place));
    return place.assumed === true ? { ...seen, assumed: true } : seen;
  }
}

/** An exchange as the HTTP client would have handed it on. */
function asReply(exchange: Exchange | undefined, deadlineMs: number): { value: Reply } | FailedOutcome {
  if (exchange === undefined) return { failure: 'absent', detail: 'not in this recording' };
  if (exchange.ms > deadlineMs || exchange.body === 'timed out') return timeoutFailure('answer', deadlineMs);
  if (exchange.status === 0)
    return {
      failure: 'refused',
      detail: excerpt(String(exchange.body).replace(/^<urlopen error \[Errno 111\] (.*)>$/, '$1')),
      stage: 'connect',
    };
  return { value: { status: exchange.status, contentType: 'application/json', headers: {}, text: JSON.stringify(exchange.body) } };
}

const withStatus = (outcome: Outcome<Omit<RestHealth, 'httpStatus'>>, exchange: Exchange | undefined): Outcome<RestHealth> =>
  'value' in outcome
    ? { value: { httpStatus: exchange?.status ?? 200, status: outcome.value.status, message: outcome.value.message } }
    : outcome;

const listOf = (entry: Exchange | Exchange[] | undefined): Exchange[] =>
  entry === undefined ? [] : Array.isArray(entry) ? entry : [entry];
const TWICE = 'connector, read twice 5 s apart';
const OTHERS = ['source-task-metrics', 'task-error-metrics', 'producer-metrics', 'heap', 'descriptors'];

/** Two samples 5 s apart; only the second has the beans beside the connector's. */
function jolokiaSamples(
  recording: Recording,
  connector: string | null,
  at: number,
): { at: number; reading: JolokiaReading | FailedOutcome }[] {
  const [first, second] = listOf(recording.jolokia[TWICE]);
  const others = OTHERS.map((name) => asJolokia(listOf(recording.jolokia[name])[0]));
  return [first, second].map((exchange, index) => {
    const body = asJolokia(exchange);
    if (body === undefined || !isJolokia(body)) return { at: at + index * 5000, reading: asReply(exchange, 3000) as FailedOutcome };
    const answer = index === 0 ? [body] : [body, ...others.map((other) => other ?? { status: 500, error: 'not read' })];
    return { at: timestampOf(exchange) ?? at + index * 5000, reading: readJolokia(answer, connector) };
  });
}

const asJolokia = (exchange: Exchange | undefined): Json | undefined =>
  exchange === undefined || typeof exchange.body === 'string' ? undefined : exchange.body;

function timestampOf(exchange: Exchange | undefined): number | undefined {
  const body = exchange?.body;
  const seconds = typeof body === 'object' && body !== null && !Array.isArray(body) ? body['timestamp'] : undefined;
  return typeof seconds === 'number' ? seconds * 1000 : undefined;
}

/** When the look began: the first metrics read, else the heap's, else the last line of the log. */
function startOf(recording: Recording): number {
  const seconds = timestampOf(listOf(recording.jolokia[TWICE])[0]) ?? timestampOf(listOf(recording.jolokia['heap'])[0]);
  return seconds ?? readLog(recording.log.lines, null, '', utcHour).lastAt ?? 0;
}

/** The lines of drops were taken out of the recording and counted: one stands for itself and the others stand at its time. */
function* linesOf({ log }: Recording): Generator<string> {
  const [dropped] = log['first dropped line'];
  let left = dropped === undefined ? 0 : log['trace_dropped lines'];
  for (const line of log.lines) {
    if (left > 0 && dropped !== undefined && line.slice(0, 25) > dropped.slice(0, 25) && line.startsWith('[2'))
      for (; left > 0; left -= 1) yield dropped;
    yield line;
  }
  for (; left > 0; left -= 1) yield dropped ?? '';
}

const opened = (recording: Recording, place: Place): boolean | undefined => {
  const ran = recording.receivers[String(place.port)];
  return ran === undefined ? undefined : ran.connect.output.trim().endsWith('0');
};

function unreached(recording: Recording, place: Place): FailedOutcome {
  if (opened(recording, place) === undefined) throw new Error(`${recording.situation} has nothing recorded at ${joinAddress(place)}`);
  return { failure: 'refused', detail: `connect ECONNREFUSED ${joinAddress(place)}`, stage: 'connect' };
}

/** grpcurl's complaint about reflection proves an HTTP/2 server; curl's exit code 28 that nothing was said. */
function grpcLook(recording: Recording, place: Place): Outcome<GrpcLook> {
  if (opened(recording, place) !== true) return unreached(recording, place);
  const ran = recording.receivers[String(place.port)]!;
  const spoke = /reflection API/.test(ran['grpcurl list'].output) ? 'http2' : ran['GET /v1/traces'].exit === 28 ? 'silence' : 'http1';
  return { value: { address: { host: place.host, port: place.port }, spoke, ...(spoke === 'silence' ? { tls: false } : {}) } };
}

function httpLook(recording: Recording, place: Place): Outcome<HttpLook> {
  if (opened(recording, place) !== true) return unreached(recording, place);
  const { exit, output } = recording.receivers[String(place.port)]!['GET /v1/traces'];
  const address = { host: place.host, port: place.port };
  if (exit !== 0) return { value: { address, spoke: exit === 28 ? 'silence' : 'other', ...(exit === 28 ? { tls: false } : {}) } };
  const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(output)?.[1] ?? 0);
  const contentType = /^content-type: *(.+)$/im.exec(output)?.[1]?.trim();
  const server = /^server: *(.+)$/im.exec(output)?.[1]?.trim();
  return {
    value: {
      address,
      spoke: 'http1',
      status,
      ...(contentType === undefined ? {} : { contentType }),
      ...(server === undefined ? {} : { server }),
      excerpt: excerpt(output),
    },
  };
}

function reflectionLook(recording: Recording, place: Place | null): Outcome<ReflectionLook> {
  const ran = place === null || place.off === true ? undefined : recording.receivers[String(place.port)];
  if (ran === undefined || !/reflection API/.test(ran['grpcurl list'].output))
    return { unasked: 'skipped', reason: 'no gRPC server answered at the receiver' };
  return { value: { supported: false, services: [], grpcStatus: 12, grpcMessage: 'unknown service grpc.reflection.v1.ServerReflection' } };
}

/** Rows of ss: `LISTEN 0 50 [::ffff:127.0.0.1]:9092 *:* users:(("java",pid=23743,fd=240))`. */
function listenersOf(recording: Recording): Listener[] {
  return [...recording.listening.output.matchAll(/^LISTEN +\d+ +\d+ +(\S+):(\d+) +\S+ +(?:users:\(\("([^"]+)",pid=(\d+))?/gm)].map(
    (row) => ({
      address: (row[1] ?? '').replace(/^\[(?:::ffff:)?(.*)\]$/, '$1'),
      port: Number(row[2]),
      ...(row[3] === undefined ? {} : { command: row[3], pid: Number(row[4]) }),
    }),
  );
}

import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { RestList, TargetFact } from '../../../checks/facts/index.ts';
import { resolveTarget } from '../../../checks/probes/target.ts';
import { CONNECTOR_CLASS } from '../../../proto/vocabulary/connect.ts';
import type { Target } from '../../../checks/target.ts';

const LOCAL = ['127.0.0.1', '::1', '10.0.0.5'];
const connectUrl = new URL('http://connect.example:8083');

function listOf(connectors: Record<string, { config?: Record<string, string>; worker?: string; taskWorker?: string | null }>): RestList {
  return Object.fromEntries(
    Object.entries(connectors).map(([name, { config = {}, worker = '10.0.0.7:8083', taskWorker = worker }]) => [
      name,
      {
        status: {
          name,
          connector: { state: 'RUNNING', worker_id: worker },
          tasks: taskWorker === null ? [] : [{ id: 0, state: 'RUNNING', worker_id: taskWorker }],
          type: 'source',
        },
        info: { config: { 'connector.class': CONNECTOR_CLASS, name, ...config }, type: 'source' },
      },
    ]),
  );
}

const root = { version: '3.9.1', commit: 'c', kafka_cluster_id: 'k' };
const resolve = (target: Partial<Target>, list?: RestList, version = '3.9.1'): TargetFact =>
  resolveTarget({ connectUrl, ...target }, {}, LOCAL, list === undefined ? {} : { root: { ...root, version }, list });

test('without REST the usual ports of the connect URL’s host are assumed', () => {
  assert.deepEqual(resolve({}), {
    connectUrl: 'http://connect.example:8083/',
    connector: null,
    candidates: [],
    kind: 'unknown',
    grpc: { host: 'connect.example', port: 4317, assumed: true },
    http: { host: 'connect.example', port: 4318, assumed: true },
    metricsUrl: null,
    logPlace: null,
    config: null,
    workerId: null,
    workerHost: 'connect.example',
  });
});

test('the task’s worker and the live configuration say where the receivers are', () => {
  const list = listOf({ 'otlp-source': { config: { 'otlp.grpc.port': '14327' }, worker: 'leader:8083', taskWorker: 'worker-b:8084' } });
  const target = resolve({}, list);
  assert.deepEqual(target.grpc, { host: 'worker-b', port: 14327 });
  assert.deepEqual(target.http, { host: 'worker-b', port: 4318 });
  assert.equal(target.connector, 'otlp-source');
  assert.equal(target.workerId, 'worker-b:8084');
  assert.equal(target.workerHost, 'worker-b');
  assert.equal(target.kind, 'connector');
  assert.equal(target.config?.['otlp.grpc.port'], '14327');
});

test('a connector without tasks is looked for at its own worker', () => {
  assert.deepEqual(resolve({}, listOf({ a: { taskWorker: null } })).grpc, { host: '10.0.0.7', port: 4317 });
});

test('options win over what Connect says', () => {
  const target = resolve(
    {
      otlpGrpc: { host: '127.0.0.2', port: 14317 },
      otlpHttp: new URL('https://ingress.example/otlp/'),
      workerHost: 'w',
      metricsUrl: new URL('http://u:p@m:9464/x'),
    },
    listOf({ a: {} }),
  );
  assert.deepEqual(target.grpc, { host: '127.0.0.2', port: 14317 });
  assert.deepEqual(target.http, { host: 'ingress.example', port: 443, tls: true, path: '/otlp' });
  assert.equal(target.workerHost, 'w');
  assert.equal(target.metricsUrl, 'http://m:9464/x');
});

test('--worker-host stands in for the worker’s host; its ports stay', () => {
  assert.deepEqual(resolve({ workerHost: 'localhost' }, listOf({ a: { config: { 'otlp.http.port': '5' } } })).http, {
    host: 'localhost',
    port: 5,
  });
});

test('IPv6 workers and connect URLs lose their brackets', () => {
  assert.deepEqual(resolve({}, listOf({ a: { worker: '[::1]:8083' } })).grpc, { host: '::1', port: 4317 });
  assert.deepEqual(resolve({ connectUrl: new URL('http://[::1]:8083') }).grpc, { host: '::1', port: 4317, assumed: true });
});

const BINDS: readonly (readonly [worker: string, bind: string, host: string])[] = [
  ['10.0.0.7:8083', '0.0.0.0', '10.0.0.7'],
  ['10.0.0.7:8083', '192.168.1.1', '10.0.0.7'],
  ['10.0.0.7:8083', '127.0.0.1', '10.0.0.7'],
  ['10.0.0.5:8083', '127.0.0.1', '127.0.0.1'],
  ['127.0.0.1:8083', '127.0.0.2', '127.0.0.2'],
  ['127.0.0.1:8083', 'localhost', '127.0.0.1'],
  ['127.0.0.1:8083', '::1', '::1'],
  ['[::1]:8083', '127.0.0.1', '127.0.0.1'],
  ['127.0.0.1:8083', '${env:OTLP_BIND}', '127.0.0.1'],
];
for (const [worker, bind, host] of BINDS) {
  test(`a worker ${worker} bound to ${bind} is looked at as ${host}`, () => {
    assert.equal(resolve({}, listOf({ a: { worker, config: { 'otlp.bind.address': bind } } })).grpc?.host, host);
  });
}

test('a receiver that the configuration switches off is marked, also where its address is given', () => {
  const list = listOf({ a: { config: { 'otlp.grpc.enabled': 'False' } } });
  assert.deepEqual(resolve({}, list).grpc, { host: '10.0.0.7', port: 4317, off: true });
  assert.deepEqual(resolve({ otlpGrpc: { host: 'h', port: 1 } }, list).grpc, { host: 'h', port: 1, off: true });
  assert.deepEqual(resolve({}, list).http, { host: '10.0.0.7', port: 4318 });
});

test('a port that is no port leaves no address, and is not guessed', () => {
  for (const port of ['0', '${file:/x:port}', '70000'])
    assert.equal(resolve({}, listOf({ a: { config: { 'otlp.grpc.port': port } } })).grpc, null);
  const given = { otlpGrpc: { host: 'h', port: 1 } };
  assert.deepEqual(resolve(given, listOf({ a: { config: { 'otlp.grpc.port': '0' } } })).grpc, { host: 'h', port: 1 });
});

test('of several OTLP connectors none is picked; others are no candidates', () => {
  const list = { ...listOf({ b: {}, a: {} }), ...listOf({ sink: { config: { 'connector.class': 'org.example.Sink' } } }) };
  const target = resolve({}, list);
  assert.deepEqual([target.connector, target.candidates, target.config], [null, ['a', 'b'], null]);
  assert.equal(resolve({ connector: 'b' }, list).connector, 'b');
});

test('Connect’s short names of the class count too', () => {
  const list = {
    ...listOf({ a: { config: { 'connector.class': 'OpenTelemetrySourceConnector' } } }),
    ...listOf({ b: { config: { 'connector.class': 'OpenTelemetrySource' } } }),
  };
  assert.deepEqual(resolve({}, list).candidates, ['a', 'b']);
});

test('a name that is not there stays the connector asked for', () => {
  const target = resolve({ connector: 'otlp-src' }, listOf({ 'otlp-source': {} }));
  assert.deepEqual([target.connector, target.config, target.workerId, target.candidates], ['otlp-src', null, null, ['otlp-source']]);
  assert.deepEqual(target.grpc, { host: 'connect.example', port: 4317, assumed: true });
  assert.equal(resolve({ connector: 'constructor' }, listOf({})).config, null);
});

test('a version that ends so is the bridge’s', () => {
  assert.equal(resolve({}, listOf({ a: {} }), '4.1.0-otlpctl').kind, 'bridge');
});

test('without Connect the receivers are looked for on this machine', () => {
  const target = resolve({ connectUrl: null });
  assert.deepEqual([target.connectUrl, target.grpc], [null, { host: 'localhost', port: 4317, assumed: true }]);
});

test('the log’s usual place is below KAFKA_HOME', () => {
  assert.equal(resolveTarget({ connectUrl }, { KAFKA_HOME: '/opt/kafka' }, LOCAL).logPlace, '/opt/kafka/logs/connect.log');
  assert.equal(resolveTarget({ connectUrl, logFile: '/l' }, { KAFKA_HOME: '/opt/kafka' }, LOCAL).logPlace, '/l');
});

import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Json } from '../../../checks/facts/index.ts';
import { healthShape, listShape, pluginsShape, rootShape, statusShape } from '../../../checks/probes/connect-shapes.ts';
import type { Shape } from '../../../checks/probes/read-json.ts';
import { connectDouble } from '../../doubles/connect.ts';
import { double } from '../../doubles/double.ts';
import { factOf, said } from '../../doubles/settings.ts';

const recorded = (name: string): { rest: Record<string, { status: number; body: Json }> } =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/recorded/${name}.json`, import.meta.url), 'utf8'));

const SITUATIONS = [
  'healthy-idle',
  'paused',
  'stopped',
  'deleted',
  'port-taken-grpc',
  'wrong-class',
  'kafka-4.1/healthy-with-traffic',
  'kafka-4.1/record-too-large',
];
const SHAPES: Record<string, Shape> = {
  '/': rootShape,
  '/health': healthShape,
  '/connectors?expand=status&expand=info': listShape,
  '/connectors/otlp-source/status': statusShape,
  '/connector-plugins': pluginsShape,
};

for (const situation of SITUATIONS) {
  test(`what Connect answered in ${situation} has the shape of Connect's answers`, () => {
    const { rest } = recorded(situation);
    for (const [path, shape] of Object.entries(SHAPES)) {
      const answer = rest[path];
      if (answer?.status === 200) assert.equal(shape(answer.body), undefined, path);
    }
  });
}

const status = { name: 'a', connector: { state: 'RUNNING', worker_id: 'w:1' }, tasks: [], type: 'source' };
const WRONG: readonly (readonly [Shape, Json, string])[] = [
  [rootShape, { version: '1' }, 'the answer has no commit'],
  [rootShape, [], 'the answer is not a JSON object'],
  [listShape, ['a'], 'the answer is not a JSON object'],
  [listShape, { a: {} }, 'a has no configuration'],
  [listShape, { a: { info: { config: { k: 1 } }, status } }, 'a has a configuration whose k is not text'],
  [listShape, { a: { info: { config: {} } } }, 'a has no status'],
  [statusShape, { ...status, tasks: [{ id: 0 }] }, 'a task of the answer has no state'],
  [statusShape, { ...status, connector: { state: 'RUNNING' } }, 'the connector of the answer has no worker_id'],
  [pluginsShape, {}, 'the answer is not a JSON list'],
  [pluginsShape, [{ class: 'x' }], 'a plugin has no type'],
];
for (const [shape, json, wrong] of WRONG) {
  test(`foreign JSON is told: ${wrong}`, () => assert.equal(shape(json), `JSON, but not Kafka Connect's: ${wrong}`));
}

test('an empty Connect is a value: there are no connectors', async () => {
  const connect = await connectDouble();
  const [list, state] = [await factOf('rest.list', { connectUrl: connect.url }), await factOf('rest.status', { connectUrl: connect.url })];
  await connect.close();
  assert.deepEqual(said(list), { source: `GET ${connect.url.origin}/connectors?expand=status&expand=info`, value: {} });
  assert.deepEqual(said(state), {
    source: 'Connect REST',
    unasked: 'skipped',
    reason: 'no OTLP connector runs on this Connect',
    give: '--connector NAME',
  });
});

test('a key without a value is as good as absent', async () => {
  const connect = await connectDouble({ connectors: { a: { config: { gone: null as unknown as string, kept: '1' } } } });
  const list = await factOf('rest.list', { connectUrl: connect.url });
  await connect.close();
  assert.deepEqual('value' in list && Object.keys(list.value['a']!.info.config), ['connector.class', 'tasks.max', 'name', 'kept']);
});

test('a name is percent-encoded, and one that is not there is told with Connect’s own words', async () => {
  const connect = await connectDouble({ connectors: { 'a b"?/ü': {} } });
  const found = await factOf('rest.status', { connectUrl: connect.url, connector: 'a b"?/ü' });
  const missing = await factOf('rest.status', { connectUrl: connect.url, connector: 'otlp-src' });
  await connect.close();
  assert.equal('value' in found && found.value.name, 'a b"?/ü');
  assert.ok(connect.requests.includes('GET /connectors/a%20b%22%3F%2F%C3%BC/status'));
  assert.deepEqual(said(missing), {
    source: `GET ${connect.url.origin}/connectors/otlp-src/status`,
    failure: 'http',
    detail: 'HTTP 404: No status found for connector otlp-src',
    status: 404,
    contentType: 'application/json',
    excerpt: '{"error_code":404,"message":"No status found for connector otlp-src"}',
    body: { error_code: 404, message: 'No status found for connector otlp-src' },
  });
});

test('several OTLP connectors and none named: nothing is judged in the dark', async () => {
  const connect = await connectDouble({ connectors: { b: {}, a: {} } });
  const state = await factOf('rest.status', { connectUrl: connect.url });
  await connect.close();
  assert.deepEqual(said(state), {
    source: 'Connect REST',
    unasked: 'skipped',
    reason: 'several OTLP connectors run on this Connect: a, b',
    give: '--connector NAME',
  });
});

test('a Connect below a path is asked below it', async () => {
  const connect = await connectDouble();
  await factOf('rest.root', { connectUrl: new URL('/connect/api/', connect.url) });
  await connect.close();
  assert.deepEqual(connect.requests, ['GET /connect/api/']);
});

test('starting and unhealthy are values of /health; an older Connect has none', async () => {
  for (const httpStatus of [200, 500, 503]) {
    const body = { status: 'starting', message: 'Worker is still starting up.' };
    const connect = await connectDouble({ health: { status: httpStatus, body } });
    const health = await factOf('rest.health', { connectUrl: connect.url });
    await connect.close();
    assert.deepEqual(said(health), { source: `GET ${connect.url.origin}/health`, value: { httpStatus, ...body } });
  }
  const old = await connectDouble({ health: { status: 404, body: { error_code: 404, message: 'HTTP 404 Not Found' } } });
  const health = await factOf('rest.health', { connectUrl: old.url });
  await old.close();
  assert.deepEqual('failure' in health && [health.failure, health.status, health.detail], ['http', 404, 'HTTP 404: HTTP 404 Not Found']);
  const error = await connectDouble({ health: { status: 500, body: { error_code: 500, message: 'Request timed out' } } });
  const unwell = await factOf('rest.health', { connectUrl: error.url });
  await error.close();
  assert.deepEqual('failure' in unwell && [unwell.failure, unwell.status], ['http', 500]);
});

test('the task’s own worker is asked when it is another one', async () => {
  const other = await connectDouble({ version: '4.1.0' });
  const gone = await double('refused');
  after(() => other.close());
  const look = async (workerId: string, workerHost?: string) => {
    const connect = await connectDouble({ connectors: { a: { workerId } } });
    const fact = await factOf('rest.worker', { connectUrl: connect.url, ...(workerHost === undefined ? {} : { workerHost }) });
    await connect.close();
    return said(fact);
  };
  assert.deepEqual(await look(`127.0.0.1:${other.port}`), {
    source: `GET http://127.0.0.1:${other.port}/`,
    value: { version: '4.1.0', commit: 'f745dfdcee2b9851', kafka_cluster_id: 'o2bAO8LpS2uFErsomyLdAQ' },
  });
  assert.deepEqual(await look(`worker.invalid:${gone.port}`, '127.0.0.1'), {
    source: `GET http://127.0.0.1:${gone.port}/`,
    failure: 'refused',
    detail: `connect ECONNREFUSED 127.0.0.1:${gone.port}`,
    stage: 'connect',
  });
  assert.deepEqual(await look('not-an-address'), {
    source: 'Connect REST',
    unasked: 'skipped',
    reason: "the worker's name not-an-address is not an address",
  });
});

test('the worker that was asked is not asked twice, by whatever name', async () => {
  const connect = await connectDouble({ connectors: { a: {} } });
  const worker = await factOf('rest.worker', { connectUrl: new URL(`http://localhost:${connect.port}`) });
  await connect.close();
  assert.deepEqual(said(worker), {
    source: 'Connect REST',
    unasked: 'skipped',
    reason: 'the worker of the task is the one that was asked',
  });
  assert.deepEqual(connect.requests.filter((request) => request === 'GET /').length, 1);
});

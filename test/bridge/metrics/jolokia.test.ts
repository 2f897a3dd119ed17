import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { BRIDGE_ATTRIBUTES } from '../../../proto/vocabulary/attributes.ts';
import { CONNECTOR_CLASS } from '../../../proto/vocabulary/connect.ts';
import { matches, parseObjectName, quote } from '../../../bridge/metrics/jolokia/object-name.ts';
import { folder, running, sendTraces, testSettings, until } from '../bridge-fixture.ts';

type Exchange = { method: string; path: string; body?: unknown; status: number; type: string; answer: unknown };
const RECORDED = JSON.parse(
  readFileSync(new URL('../../../fixtures/recorded/metrics/jolokia-2.6-requests.json', import.meta.url), 'utf8'),
) as Exchange[];

/** As when the recording was made: one plain name and one that needs every escape. */
async function recordedStand(t: TestContext) {
  const run = await running(t, testSettings(folder()));
  const config = { 'connector.class': CONNECTOR_CLASS, 'otlp.grpc.port': '0', 'otlp.http.port': '0', 'otlp.bind.address': '127.0.0.1' };
  await run.bridge.worker.create('a/b!c*d"e', config, 'RUNNING');
  return run;
}

const OURS = new Set(BRIDGE_ATTRIBUTES.map(({ name }) => name));
/** Of these the recording has its own: an agent's id, a class of Java, an operation that the bridge does not have. */
const OTHERWISE = new Set(['class', 'desc', 'op', 'agent', 'id', 'details', 'config', 'info', 'decorators']);

/** What stays when times, measured values and what only one of the two has are taken out; lists of names have no order. */
function shape(value: unknown, key = ''): unknown {
  if (key === 'ConnectorName' && typeof value === 'string') return 'a name';
  if (typeof value === 'number') return key === 'status' ? value : 'a number';
  if (Array.isArray(value)) return value.every((one) => typeof one === 'string') ? [...value].sort() : value.map((one) => shape(one));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => !OURS.has(name) && !OTHERWISE.has(name));
  return Object.fromEntries(entries.map(([name, inner]) => [name, shape(inner, name)]));
}

test('everything that was asked of Jolokia 2.6 is answered here in the same shape', async (t) => {
  const { metrics } = await recordedStand(t);
  for (const { method, path, body, status, type, answer } of RECORDED) {
    const ours = await metrics(path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const what = `${method} ${path} ${JSON.stringify(body)}`;
    assert.equal(ours.status, status, what);
    assert.equal(ours.headers['content-type'], type, what);
    assert.deepEqual(shape(ours.json ?? ours.text), shape(answer), what);
  }
});

test('the bean has the values of /metrics.json, and time', async (t) => {
  const { metrics, bridge } = await running(t, testSettings(folder()));
  await sendTraces(bridge.worker.find('otlp-source')!.task!.ports.http!, 3);
  await until('all delivered', () => bridge.pending() === 0);
  const json = (await metrics('/metrics.json')).json as Record<'counters' | 'gauges' | 'derived', Record<string, number>>;
  const mbean = 'io.conduktor.connect.otel:type=OpenTelemetryConnector,name="otlp-source"';
  const { value, timestamp } = (await metrics('/jolokia', { method: 'POST', body: { type: 'read', mbean } })).json as {
    value: object;
    timestamp: number;
  };
  assert.deepEqual(value, { ...json.counters, ...json.gauges, ...json.derived, ConnectorName: 'otlp-source' });
  assert.ok(Math.abs(timestamp - Date.now() / 1000) < 60);
});

test('without a running task there is no bean, and other methods, bodies and paths are told so', async (t) => {
  const { metrics, bridge } = await running(t, testSettings(folder()));
  await bridge.worker.stop('otlp-source');
  const read = await metrics('/jolokia/read/io.conduktor.connect.otel:type=OpenTelemetryConnector,*');
  assert.equal((read.json as { status: number }).status, 404);
  assert.deepEqual(((await metrics('/jolokia/list')).json as { value: unknown }).value, {});
  const put = await metrics('/jolokia/', { method: 'PUT', body: {} });
  assert.deepEqual([put.status, put.headers['allow']], [405, 'GET, HEAD, POST']);
  assert.equal(((await metrics('/jolokia/', { method: 'POST', body: '{"type":' })).json as { status: number }).status, 500);
  assert.equal((await metrics('/jolokia/read/%E0%A4%A')).status, 400);
  assert.equal((await metrics('/jolokiax')).status, 404);
  const many = Array.from({ length: 1001 }, () => ({ type: 'version' }));
  assert.equal((await metrics('/jolokia/', { method: 'POST', body: many })).status, 400);
});

test('patterns stand for names as in JMX', () => {
  const name = parseObjectName(`d.e:type=T,name=${quote('a*b')}`)!;
  const rows: [string, boolean][] = [
    ['d.e:type=T,*', true],
    ['d.*:*', true],
    ['d?e:name=*,type=T', true],
    ['d.e:type=T', false],
    ['d.e:type=T,name="a\\*b"', true],
    ['d.e:type=T,name="a*"', true],
    ['d.e:type=T,name="a\\*"', false],
    ['d.e:type=T,name="a?b"', true],
    ['*:name=a*b,*', false],
    ['x:*', false],
  ];
  for (const [pattern, is] of rows) assert.equal(matches(parseObjectName(pattern)!, name), is, pattern);
  for (const text of ['', 'nothing', 'a:', 'a:b', 'a:b=c,', 'a:b="c', 'a:*,*', 'a:b=c,,d=e']) {
    const parsed = parseObjectName(text);
    assert.ok(parsed === null || text === 'a:b=c,', text);
  }
  const long = parseObjectName(`d:name=${'a'.repeat(5000)}`)!;
  assert.equal(matches(parseObjectName(`d:name=${'a*'.repeat(40)}b`)!, long), false);
});

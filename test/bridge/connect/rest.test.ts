import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { folder, running, testSettings, until, type Running } from '../bridge-fixture.ts';

const CONFIG = { 'connector.class': 'OpenTelemetrySource', 'otlp.grpc.port': '0', 'otlp.http.port': '0' };

test('answers only callers that name this machine: no rebound name, no foreign page', async (t) => {
  const { rest } = await running(t, testSettings(folder()));
  for (const host of ['evil.example', '127.0.0.1.evil.example:8083', '@127.0.0.1'])
    assert.equal((await rest('/', { headers: { host } })).status, 403, host);
  for (const host of ['localhost', 'LOCALHOST:1', '127.0.0.1:8083', '[::1]:8083'])
    assert.equal((await rest('/', { headers: { host } })).status, 200, host);
  const pause = (origin: string) => rest('/connectors/otlp-source/pause', { method: 'PUT', headers: { origin } });
  assert.equal((await pause('https://evil.example')).status, 403);
  assert.equal((await pause('null')).status, 403);
  assert.equal((await pause('http://localhost:3000')).status, 202);
});

test('a body is bounded, and a name that is not percent-encoded well is a bad request', async (t) => {
  const { rest } = await running(t, testSettings(folder()));
  assert.equal((await rest('/connectors', { method: 'POST', body: 'x'.repeat(8 * 1024 * 1024) })).status, 413);
  assert.equal((await rest('/connectors/%zz/status')).status, 400);
  assert.deepEqual((await rest('/connectors/')).json, ['otlp-source']);
  const { status, headers } = await rest('/connectors', { method: 'DELETE' });
  assert.deepEqual([status, headers['allow']], [405, 'GET, POST']);
});

const names = ['__proto__', 'constructor', '../../etc/passwd', 'a?b#c', 'ünï', 'a\u2028b'];
for (const name of names) {
  test(`a connector may be called ${JSON.stringify(name)}`, async (t) => {
    const { rest } = await running(t, testSettings(folder()));
    const path = `/connectors/${encodeURIComponent(name)}`;
    const { status, headers, json } = await rest('/connectors', { method: 'POST', body: { name, config: CONFIG } });
    assert.deepEqual([status, (json as { name: string }).name], [201, name]);
    assert.ok(String(headers['location']).endsWith(path));
    assert.equal(((await rest(`${path}/status`)).json as { name: string }).name, name);
    assert.ok(Object.hasOwn((await rest('/connectors?expand=status')).json as object, name));
    assert.equal((await rest(path, { method: 'DELETE' })).status, 204);
  });
}

const messageOf = async ({ rest }: Running, body: unknown) =>
  ((await rest('/connectors', { method: 'POST', body })).json as { message: string }).message;

test('says why a connector is not made', async (t) => {
  const run = await running(t, testSettings(folder()));
  assert.match(await messageOf(run, { name: 'x' }), /^The config is missing$/);
  assert.match(await messageOf(run, { name: 'x', config: { a: 1 } }), /^Connector config \{a=1, name=x\} contains no connector type$/);
  assert.match(await messageOf(run, { name: 'x', config: CONFIG, inital_state: 'PAUSED' }), /^Unrecognized field "inital_state"/);
  assert.match(
    await messageOf(run, { name: 'x\ny', config: CONFIG }),
    /Invalid value x\ny for configuration name: String may not contain control sequences/,
  );
  assert.match(
    await messageOf(run, { name: 'x', config: { ...CONFIG, 'tasks.max': '0' } }),
    /Invalid value 0 for configuration tasks\.max: Value must be at least 1/,
  );
  assert.match(
    await messageOf(run, { name: 'x', config: CONFIG, initial_state: 'ASLEEP' }),
    /^The initial_state ASLEEP is none of RUNNING, PAUSED, STOPPED$/,
  );
  assert.match(
    await messageOf(run, { name: 'x', config: { ...CONFIG, name: 'y' } }),
    /^Connector name configuration \(y\) doesn't match connector name in the URL \(x\)$/,
  );
  assert.match(await messageOf(run, { name: 'x', config: { ...CONFIG, a: {} } }), /^The value of a is an object, and a text is expected$/);
  assert.deepEqual((await run.rest('/connectors')).json, ['otlp-source']);
});

test('keys that the connector does not know are kept and ignored, as Connect does', async (t) => {
  const { rest } = await running(t, testSettings(folder()));
  const { status, json } = await rest('/connectors/otlp-source/config', { method: 'PATCH', body: { 'value.converter': 'x.Y', typo: 1 } });
  assert.deepEqual([status, (json as { config: Record<string, string> }).config['typo']], [200, '1']);
});

test('the level of a logger decides which lines are written', async (t) => {
  const { rest, lines } = await running(t, testSettings(folder()));
  const { json } = await rest('/admin/loggers/io.conduktor.connect.otel.OtlpReceiver', { method: 'PUT', body: { level: 'warn' } });
  assert.deepEqual(json, ['io.conduktor.connect.otel.OtlpReceiver']);
  const from = lines.length;
  await rest('/connectors/otlp-source/tasks/0/restart', { method: 'POST' });
  const loggers = new Set(lines.slice(from).map(({ logger }) => logger));
  assert.ok(loggers.has('io.conduktor.connect.otel.OpenTelemetrySourceTask'));
  assert.ok(!loggers.has('io.conduktor.connect.otel.OtlpReceiver'));
  assert.equal(Object.keys((await rest('/admin/loggers')).json as object).length, 6);
});

test('garbage on the port ends that connection and nothing else', async (t) => {
  const { bridge, rest } = await running(t, testSettings(folder()));
  const socket = connect(bridge.addresses.rest.port, '127.0.0.1', () => socket.write('\u0000\u0001\u0002 garbage\r\n\r\n'));
  let ended = false;
  socket.on('error', () => {}).on('close', () => (ended = true));
  socket.resume();
  await until('the connection ends', () => ended);
  assert.equal((await rest('/health')).status, 200);
});

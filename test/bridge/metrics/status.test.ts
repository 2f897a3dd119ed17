import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONNECTOR_CLASS } from '../../../proto/vocabulary/connect.ts';
import { keepHistory } from '../../../bridge/metrics/history.ts';
import { lookAt } from '../../../bridge/metrics/source.ts';
import { escape } from '../../../bridge/metrics/status/html.ts';
import { ask, folder, running, sendTraces, testSettings, until } from '../bridge-fixture.ts';

const config = { 'connector.class': CONNECTOR_CLASS, 'otlp.grpc.port': '0', 'otlp.http.port': '0', 'otlp.bind.address': '127.0.0.1' };

test('the page shows state, ports, queues, refusals and events, and lets nothing run', async (t) => {
  const { bridge, metrics } = await running(
    t,
    testSettings(folder(), { 'otlp.message.queue.size': '100', 'bridge.drain.max.per.second': '1' }),
  );
  const { ports } = bridge.worker.find('otlp-source')!.task!;
  await sendTraces(ports.http!, 20);
  await ask(`http://127.0.0.1:${ports.http}/v1/logs`, { method: 'POST', body: '{}', headers: { 'content-type': 'text/plain' } });
  const { status, text, headers } = await metrics('/');
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'text/html; charset=utf-8');
  assert.match(String(headers['content-security-policy']), /^default-src 'none'; style-src 'unsafe-inline'/);
  assert.match(text, /<meta http-equiv="refresh" content="5" \/>/);
  assert.match(text, /connector RUNNING/);
  assert.match(text, /task RUNNING/);
  assert.match(text, new RegExp(`gRPC on port ${ports.grpc}, over HTTP on port ${ports.http}`));
  assert.ok(Number(/aria-label="queue of traces"[^>]* value="(\d+)"/.exec(text)![1]) > 10);
  assert.match(text, /unsupported_media_type/);
  assert.match(text, /event=otlp_receiver_started/);
  for (const path of ['/metrics', '/metrics.json', '/jolokia/']) assert.ok(text.includes(`<a href="${path}">`), path);
  assert.doesNotMatch(text, /<script|src=|undefined|NaN/);
  assert.equal((await metrics('/', { method: 'POST', body: {} })).status, 405);
});

test('whatever a connector is called comes out as text; each has its block, with a task or without', async (t) => {
  const { bridge, metrics } = await running(t, testSettings(folder()));
  const name = `<script>alert("1")</script>'&\u202e`;
  await bridge.worker.create(name, config, 'RUNNING');
  await bridge.worker.create('broken', { ...config, 'otlp.grpc.port': 'many' }, 'RUNNING').catch(() => {});
  await bridge.worker.stop('otlp-source');
  const { text } = await metrics('/');
  assert.doesNotMatch(text, /<script|\u202e/);
  assert.ok(text.includes('<h2>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;\\u202e</h2>'));
  assert.match(text, /connector STOPPED/);
  assert.match(text, /No task runs/);
  await bridge.worker.remove(name);
  await bridge.worker.remove('otlp-source');
  assert.match((await metrics('/')).text, /No connector exists here/);
});

test('a task that failed says why, and the last twenty lines are kept', async (t) => {
  const first = await running(t, testSettings(folder()));
  const taken = first.bridge.worker.find('otlp-source')!.task!.ports.http!;
  const { metrics, lines } = await running(t, testSettings(folder(), { 'otlp.http.port': String(taken) }));
  const { text } = await metrics('/');
  assert.match(text, /task FAILED/);
  assert.match(text, /<pre>[^]*Failed to start OTLP receiver/);
  assert.equal(text.match(/<li/g)!.length, Math.min(20, lines.length));
});

test('rates are of the last minute, and of the task alone that runs', async (t) => {
  const { bridge } = await running(t, testSettings(folder()));
  const connector = bridge.worker.find('otlp-source')!;
  let at = connector.task!.startedAt;
  const [history, quick] = [keepHistory(bridge.worker, () => at), keepHistory(bridge.worker, () => at, 1)];
  t.after(() => (history.stop(), quick.stop()));
  await sendTraces(connector.task!.ports.http!, 30);
  at += 10_000;
  assert.equal(history.rates(lookAt(connector)!).accepted.traces, 3);
  // What came more than a minute ago is out of it.
  at += 60_000;
  await until('a full ring after the load', () => quick.rates(lookAt(connector)!).accepted.traces === 0);
  await bridge.worker.restartTask('otlp-source', '0');
  assert.equal(quick.rates(lookAt(connector)!).accepted.traces, 0);
});

test('harmful characters are written out', () => {
  assert.equal(escape(`a<b>&"'\u0000\u001b\u2028\n`), 'a&lt;b&gt;&amp;&quot;&#39;\\u0000\\u001b\\u2028\n');
});

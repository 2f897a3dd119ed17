import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportRequest } from '../../doubles/load.ts';
import { ask, folder, running, sendTraces, testSettings, until } from '../bridge-fixture.ts';

const QUEUE = 100;
const LIMIT = 30_000;

test('every page of the metrics tells which limit refused, and what is held of how much', async (t) => {
  const keys = { 'otlp.message.queue.size': String(QUEUE), 'bridge.queue.max.bytes': String(LIMIT) };
  const { bridge, metrics, rest, lines } = await running(t, testSettings(folder(), keys));
  const { http } = bridge.worker.find('otlp-source')!.task!.ports;
  const json = async () => (await metrics('/metrics.json')).json as Record<'counters' | 'gauges', Record<string, number>>;
  assert.deepEqual(
    [(await json()).gauges['HeldBytes'], (await json()).gauges['HeldBytesLimit']],
    [0, LIMIT],
    'nothing is held before anything came',
  );
  await rest('/connectors/otlp-source/pause', { method: 'PUT' });

  const small = await sendTraces(http!, QUEUE + 3);
  assert.equal(small.filter((status) => status === 503).length, 3);
  const large = exportRequest('logs', 'x'.repeat(15_000));
  const send = () =>
    ask(`http://127.0.0.1:${http}/v1/logs`, { method: 'POST', body: large, headers: { 'content-type': 'application/x-protobuf' } });
  assert.equal((await send()).status, 200);
  assert.deepEqual([(await send()).status, (await send()).status], [503, 503]);

  const { counters, gauges } = await json();
  assert.deepEqual(
    ['TracesRefused', 'LogsRefused', 'RefusedQueueFull', 'RefusedQueueBytesFull'].map((name) => counters[name]),
    [3, 2, 3, 2],
  );
  assert.ok(gauges['HeldBytes']! > large.length && gauges['HeldBytes']! < LIMIT, String(gauges['HeldBytes']));

  const page = (await metrics('/metrics')).text;
  const series = (name: string) => Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(page)?.[1]);
  assert.deepEqual(
    ['RefusedQueueFull', 'RefusedQueueBytesFull', 'HeldBytes', 'HeldBytesLimit'].map((name) => series(`otlp_${name}`)),
    [3, 2, gauges['HeldBytes'], LIMIT],
  );
  const reason = (signal: string, why: string) =>
    Number(new RegExp(`^otlp_refused_total\\{[^}]*signal="${signal}",transport="http",reason="${why}"\\} (\\d+)$`, 'm').exec(page)?.[1]);
  assert.deepEqual([reason('traces', 'queue_full'), reason('logs', 'queue_bytes_full'), reason('metrics', 'queue_bytes_full')], [3, 2, 0]);

  const bean = 'io.conduktor.connect.otel:type=OpenTelemetryConnector,*/RefusedQueueBytesFull,HeldBytes,HeldBytesLimit';
  const jolokia = (await metrics(`/jolokia/read/${bean}`)).json as { value: Record<string, Record<string, number>> };
  assert.deepEqual(Object.values(jolokia.value), [{ RefusedQueueBytesFull: 2, HeldBytes: gauges['HeldBytes'], HeldBytesLimit: LIMIT }]);

  const status = (await metrics('/')).text;
  assert.match(status, /The bridge holds 2\d kB of 30 kB/);
  assert.match(status, /queue_bytes_full/);
  for (const why of ['event=trace_refused reason=queue_full', 'event=log_refused reason=queue_bytes_full'])
    assert.ok(
      lines.some(({ message }) => message.startsWith(why)),
      why,
    );

  await rest('/connectors/otlp-source/resume', { method: 'PUT' });
  await until('all is handed on', () => bridge.pending() === 0);
  assert.equal((await json()).gauges['HeldBytes'], 0);
});

test('a request larger than all that may be held is told so, and not to come again', async (t) => {
  const { bridge } = await running(t, testSettings(folder(), { 'bridge.queue.max.bytes': '2048' }));
  const { http } = bridge.worker.find('otlp-source')!.task!.ports;
  const headers = { 'content-type': 'application/x-protobuf' };
  const { status } = await ask(`http://127.0.0.1:${http}/v1/logs`, {
    method: 'POST',
    body: exportRequest('logs', 'x'.repeat(3000)),
    headers,
  });
  assert.equal(status, 413);
});

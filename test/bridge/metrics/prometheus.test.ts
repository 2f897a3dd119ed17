import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ATTRIBUTES, BRIDGE_ATTRIBUTES } from '../../../proto/vocabulary/attributes.ts';
import { CONNECTOR_CLASS } from '../../../proto/vocabulary/connect.ts';
import { formatFor } from '../../../bridge/metrics/prometheus.ts';
import { ask, folder, oneSpan, running, sendTraces, testSettings, until, type Running } from '../bridge-fixture.ts';

const OPENMETRICS = { headers: { accept: 'application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2' } };

/** Every sample by its name and labels, as they stand there. */
const samplesOf = (page: string): Map<string, number> =>
  new Map(
    page
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
const httpPort = ({ bridge }: Running, name = 'otlp-source') => bridge.worker.find(name)!.task!.ports.http!;
const post = (port: number, path: string, type: string, body: Buffer | string = oneSpan()) =>
  ask(`http://127.0.0.1:${port}${path}`, { method: 'POST', body, headers: { 'content-type': type } });

test('every attribute of the runbook is a series of its connector, by the name that the alerts have, with HELP and TYPE', async (t) => {
  const run = await running(t, testSettings(folder()));
  await sendTraces(httpPort(run), 7);
  await until('all delivered', () => run.bridge.pending() === 0);
  const { status, text, headers } = await run.metrics('/metrics');
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  const samples = samplesOf(text);
  const json = (await run.metrics('/metrics.json')).json as Record<'counters' | 'gauges' | 'derived', Record<string, number>>;
  const values = { ...json.counters, ...json.gauges, ...json.derived };
  for (const { name } of [...ATTRIBUTES, ...BRIDGE_ATTRIBUTES]) {
    assert.equal(samples.get(`otlp_${name}{connector_name="otlp-source"}`), values[name], name);
    assert.match(text, new RegExp(`^# HELP otlp_${name} \\S.*\\n# TYPE otlp_${name} (counter|gauge)\\n`, 'm'));
  }
  assert.equal(samples.get('otlp_TotalMessagesReceived{connector_name="otlp-source"}'), 7);
  for (const what of ['accept', 'delivery']) {
    const of = (part: string, more = '') =>
      samples.get(`otlp_${what}_seconds_${part}{connector_name="otlp-source",signal="traces"${more}}`);
    assert.equal(of('count'), 7);
    assert.equal(of('bucket', ',le="+Inf"'), 7);
    assert.ok(of('sum')! >= 0 && of('sum')! < 10);
  }
  assert.ok(samples.get('otlp_accept_seconds_sum{connector_name="otlp-source",signal="traces"}')! > 0);
  assert.ok(samples.get('process_resident_memory_bytes')! > 1e6);
  assert.ok(Math.abs(samples.get('process_start_time_seconds')! - Date.now() / 1000) < 3600);
});

test('OpenMetrics keeps the names of the runbook, ends with EOF, and is sent only to those who would rather have it', async (t) => {
  const { metrics } = await running(t, testSettings(folder()));
  const { text, headers } = await metrics('/metrics', OPENMETRICS);
  assert.equal(headers['content-type'], 'application/openmetrics-text; version=1.0.0; charset=utf-8');
  assert.match(text, /\n# EOF\n$/);
  assert.match(text, /^# TYPE otlp_TracesReceived unknown\notlp_TracesReceived\{connector_name="otlp-source"\} 0$/m);
  assert.match(text, /^# TYPE otlp_refused counter\notlp_refused_total\{/m);
  assert.doesNotMatch(text, /\n\n/);
  const choices: [string, string][] = [
    ['', 'text'],
    ['*/*', 'text'],
    ['text/html', 'text'],
    ['application/openmetrics-text', 'openmetrics'],
    ['text/plain;version=0.0.4, application/openmetrics-text;version=1.0.0;q=0.5, */*;q=0.1', 'text'],
    ['application/openmetrics-text;q=0.5,text/plain;q=0.5', 'openmetrics'],
  ];
  assert.deepEqual(
    choices.map(([accept]) => formatFor(accept)),
    choices.map(([, format]) => format),
  );
});

test('refusals are counted by signal, transport and reason', async (t) => {
  const settings = testSettings(folder(), { 'otlp.message.queue.size': '100', 'bridge.drain.max.per.second': '1' });
  const run = await running(t, settings);
  const port = httpPort(run);
  const protobuf = 'application/x-protobuf';
  assert.equal((await post(port, '/v1/traces', protobuf, 'no protobuf at all')).status, 400);
  assert.equal((await post(port, '/v1/logs', 'text/plain')).status, 415);
  assert.equal((await post(port, '/v1/nothing', protobuf)).status, 404);
  assert.equal((await ask(`http://127.0.0.1:${port}/v1/metrics`)).status, 405);
  const statuses = await sendTraces(port, 110);
  const full = statuses.filter((status) => status === 503).length;
  assert.ok(full > 0);
  const samples = samplesOf((await run.metrics('/metrics')).text);
  const refused = (signal: string, reason: string, transport = 'http') =>
    samples.get(`otlp_refused_total{connector_name="otlp-source",signal="${signal}",transport="${transport}",reason="${reason}"}`);
  assert.equal(refused('traces', 'malformed'), 1);
  assert.equal(refused('logs', 'unsupported_media_type'), 1);
  assert.equal(refused('unknown', 'unknown_path'), 1);
  assert.equal(refused('metrics', 'wrong_method'), 1);
  assert.equal(refused('traces', 'queue_full'), full);
  assert.equal(refused('traces', 'queue_full', 'grpc'), 0);
  assert.equal(samples.get('otlp_TracesRefused{connector_name="otlp-source"}'), full);
});

test('several connectors are series of one name each, whatever they are called; one that is gone leaves nothing behind', async (t) => {
  const run = await running(t, testSettings(folder()));
  const name = 'we"ird\\<b>';
  const config = { 'connector.class': CONNECTOR_CLASS, 'otlp.grpc.port': '0', 'otlp.http.port': '0', 'otlp.bind.address': '127.0.0.1' };
  await run.bridge.worker.create(name, config, 'RUNNING');
  await sendTraces(httpPort(run, name), 2);
  const { text } = await run.metrics('/metrics');
  const escaped = 'we\\"ird\\\\<b>';
  const samples = samplesOf(text);
  assert.equal(samples.get(`otlp_TracesReceived{connector_name="${escaped}"}`), 2);
  assert.equal(samples.get('otlp_TracesReceived{connector_name="otlp-source"}'), 0);
  assert.equal(samples.get(`otlp_accept_seconds_count{connector_name="${escaped}",signal="traces"}`), 2);
  assert.equal(text.match(/^# TYPE otlp_accept_seconds histogram$/gm)?.length, 1);
  await run.bridge.worker.remove(name);
  assert.doesNotMatch((await run.metrics('/metrics')).text, /ird/);
  await run.bridge.worker.stop('otlp-source');
  const none = await run.metrics('/metrics');
  assert.equal(none.status, 200);
  assert.doesNotMatch(none.text, /otlp_/);
});

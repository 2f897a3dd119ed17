import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { exportRequest } from '../doubles/load.ts';
import { until } from '../doubles/until.ts';
import { loadRecording } from '../recorded.ts';
import { connectorOn } from './stand/connector-on.ts';
import type { ConnectorOn } from './stand/connector-on.ts';
import { anonymous, connectorLines } from './stand/log.ts';
import { overGrpc, overHttp, raw } from './stand/otlp-clients.ts';
import { sharedStand } from './stand/shared.ts';
import type { Stand } from './stand/stand.ts';
import { GRPCURL, TOOLS } from './tools.ts';

/** How the stand-in answers, counts, drops and writes: the connector's wrong sides among them. Expected values: fixtures/recorded. */
let stand: Stand;
/** Started first and looked at last: its task_metrics line comes at most every 30 s. */
let patient: ConnectorOn;
let patientSince: number;
const cleanUps: (() => Promise<void>)[] = [];
after(() => Promise.all(cleanUps.map((cleanUp) => cleanUp())));
before(async () => {
  stand = await sharedStand('3.9.1');
  patient = await connectorOn({ after: (cleanUp) => cleanUps.push(cleanUp) }, stand, { 'otlp.message.queue.size': '1050' });
  patientSince = Date.now();
});

const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const ACCEPTED = { status: 200, contentType: 'application/json', body: '{}' };

test('HTTP: status, content type and body of every kind of request', async (t) => {
  const { http } = await connectorOn(t, stand);
  const trace = exportRequest('traces', 'a');
  assert.deepEqual(await overHttp(http, '/v1/traces', trace, PROTOBUF), ACCEPTED);
  assert.deepEqual(await overHttp(http, '/v1/metrics', exportRequest('metrics', 'a'), PROTOBUF), ACCEPTED);
  assert.deepEqual(await overHttp(http, '/v1/logs', exportRequest('logs', 'a'), PROTOBUF), ACCEPTED);
  assert.deepEqual(await overHttp(http, '/v1/traces', trace), ACCEPTED, 'no content type counts as protobuf');
  assert.deepEqual(await overHttp(http, '/v1/traces', trace, { 'content-type': 'text/plain' }), ACCEPTED);
  assert.deepEqual(await overHttp(http, '/v1/traces'), ACCEPTED, 'no body is an empty message');
  assert.deepEqual(await overHttp(http, '/v1/tracesXYZ', trace, PROTOBUF), ACCEPTED, 'paths match by prefix');
  assert.deepEqual(
    await overHttp(http, '/v1/traces', '{"resourceSpans":[]}', { 'content-type': 'application/json; charset=utf-8' }),
    ACCEPTED,
  );
  const gzipped = await overHttp(http, '/v1/traces', gzipSync(trace), { ...PROTOBUF, 'content-encoding': 'gzip' });
  const said = /http_trace_error error=(.*) \(/.exec(
    loadRecording('http-gzip-400').log.lines.find((line) => line.includes('http_trace_error'))!,
  )![1];
  assert.deepEqual(gzipped, { status: 400, contentType: 'application/json', body: JSON.stringify({ error: said }) });
  const noJson = await overHttp(http, '/v1/traces', '{', { 'content-type': 'application/json' });
  assert.equal(noJson.status, 400);
  assert.match(noJson.body, /^\{"error":".+"\}$/);
  assert.equal((await overHttp(http, '/', trace, PROTOBUF)).status, 404);
  const tooLarge = await overHttp(http, '/v1/traces', Buffer.alloc(10 * 1024 * 1024 + 1), PROTOBUF);
  assert.equal(tooLarge.status, 413);
});

test('HTTP: a GET is answered byte by byte as recorded', async (t) => {
  const { http } = await connectorOn(t, stand);
  const recorded = loadRecording('healthy-idle').receivers['4318']!['GET /v1/traces'].output;
  const said = await raw(http, 'GET /v1/traces HTTP/1.1\r\nHost: localhost\r\n\r\n');
  assert.equal(said.replaceAll('\r\n', '\n'), recorded);
});

test('gRPC: no reflection, an HTTP/1 request gets no answer', async (t) => {
  const { grpc } = await connectorOn(t, stand);
  const recorded = loadRecording('healthy-idle').receivers['4317']!;
  const asked = promisify(execFile)(GRPCURL, ['-plaintext', `127.0.0.1:${grpc}`, 'list']);
  await assert.rejects(asked, { code: 1, stderr: recorded['grpcurl list'].output });
  assert.doesNotMatch(await raw(grpc, 'GET /v1/traces HTTP/1.1\r\nHost: localhost\r\n\r\n'), /^HTTP/);
});

test('a burst over the queue: every client is told OK, the drops are counted against what was accepted', async (t) => {
  const connector = await connectorOn(t, stand, { 'otlp.message.queue.size': '100' });
  assert.deepEqual(await overGrpc(connector.grpc, 'traces', exportRequest('traces', 'a'), 2000), { 0: 2000 });
  const counted = await connector.beanWhen('all 2000 counted', (bean) => bean.TotalMessagesReceived! + bean.TotalMessagesDropped! === 2000);
  const { TracesReceived: received, TracesDropped: dropped, DropRate: rate } = counted;
  assert.ok(dropped! > 1000, `${dropped} dropped`);
  assert.equal(rate, (dropped! * 100) / received!);
  assert.ok(rate! > 100, 'the ratio of the bean passes 100 %');
  const warnings = connectorLines(connector.log()).filter(({ message }) => message.startsWith('event=trace_dropped'));
  assert.equal(warnings.length, dropped);
  const recorded = connectorLines(loadRecording('overload-drops').log['first dropped line']).map((line) => anonymous(line, 'otlp-source'));
  assert.deepEqual([anonymous({ ...warnings[0]!, context: `[${connector.name}|task-0]` }, connector.name)], recorded);
});

test('paused: 1,000 are accepted, 100 refused over HTTP; resumed: all 1,000 are produced', async (t) => {
  const connector = await connectorOn(t, stand, { 'otlp.message.queue.size': '1000' });
  await connector.ask('PUT', '/pause');
  await connector.settled('PAUSED', 'PAUSED');
  const body = exportRequest('traces', 'a');
  const answers = await Promise.all(Array.from({ length: 1100 }, () => overHttp(connector.http, '/v1/traces', body, PROTOBUF)));
  const accepted = answers.filter(({ status }) => status === 200);
  const refused = answers.filter(({ status }) => status === 503);
  assert.deepEqual([accepted.length, refused.length], [1000, 100]);
  assert.deepEqual(refused[0], { status: 503, contentType: 'application/json', body: '{"error":"Queue full"}' });
  const full = await connector.beanWhen('the queue full', (bean) => bean.TracesDropped === 100);
  assert.deepEqual(
    [full.TracesReceived, full.TotalLagCount, full.TracesQueueSize, full.QueueCapacity, full.DropRate],
    [1000, 1000, 0, 0, 10],
  );
  await connector.ask('PUT', '/resume');
  await connector.beanWhen('all produced', (bean) => bean.RecordsProduced === 1000);
});

test('a restart of the task throws the queue away and starts the counters again', async (t) => {
  const connector = await connectorOn(t, stand);
  await connector.ask('PUT', '/pause');
  await connector.settled('PAUSED', 'PAUSED');
  assert.deepEqual(await overGrpc(connector.grpc, 'traces', exportRequest('traces', 'a'), 50), { 0: 50 });
  await connector.beanWhen('50 queued', (bean) => bean.TotalLagCount === 50);
  await connector.ask('POST', '/tasks/0/restart');
  const drained = await until(
    'the drain',
    () => /message_draining_completed drained_count=(\d+) duration_ms=(\d+)/.exec(connector.log().join('\n')) ?? undefined,
  );
  assert.equal(Number(drained[1]), 50);
  assert.ok(Number(drained[2]) >= 100 && Number(drained[2]) < 1000, drained[0]);
  await connector.ask('PUT', '/resume');
  await connector.beanWhen('the counters at 0', (bean) => bean.TotalMessagesReceived === 0 && bean.RecordsProduced === 0);
});

test('one busy signal drains at no more than 500 requests a second', async (t) => {
  const connector = await connectorOn(t, stand);
  assert.deepEqual(await overGrpc(connector.grpc, 'traces', exportRequest('traces', 'a'), 2500), { 0: 2500 });
  const start = (await connector.beanWhen('the first batches', (bean) => bean.RecordsProduced! >= 100)).RecordsProduced!;
  const startedAt = performance.now();
  const end = (await connector.beanWhen('nearly all', (bean) => bean.RecordsProduced! >= 2400)).RecordsProduced!;
  const perSecond = (end - start) / ((performance.now() - startedAt) / 1000);
  // 100 records each 200 ms; a look at the counters may come up to one round late.
  assert.ok(perSecond > 250 && perSecond < 560, `${perSecond.toFixed(0)} a second`);
});

test('records: no key, protobuf as base64, JSON as protobuf prints it with snake_case names', async (t) => {
  const proto = await connectorOn(t, stand);
  const json = await connectorOn(t, stand, { 'otlp.message.format': 'JSON' });
  const trace = exportRequest('traces', 'a');
  await overHttp(proto.http, '/v1/traces', trace, PROTOBUF);
  await overHttp(proto.http, '/v1/traces');
  await overHttp(json.http, '/v1/traces', trace, PROTOBUF);
  const consumed = (topic: string, count: number): Promise<string[]> => records(stand, topic, count);
  const [asProtobuf, asJson] = await Promise.all([consumed(proto.topics.traces, 2), consumed(json.topics.traces, 1)]);
  assert.deepEqual(asProtobuf, [`null\t${trace.toString('base64')}`, 'null\t']);
  const [key, value] = asJson.join('\n').split('\t') as [string, string];
  assert.equal(key, 'null');
  const { resource_spans: spans } = JSON.parse(value) as { resource_spans: { scope_spans: { spans: Record<string, unknown>[] }[] }[] };
  const span = spans[0]!.scope_spans[0]!.spans[0]!;
  assert.deepEqual(
    { trace_id: span.trace_id, span_id: span.span_id, name: span.name, kind: span.kind, dropped: span.dropped_links_count },
    {
      trace_id: Buffer.alloc(16, 7).toString('base64'),
      span_id: Buffer.alloc(8, 7).toString('base64'),
      name: 'a',
      kind: 'SPAN_KIND_UNSPECIFIED',
      dropped: 0,
    },
  );
});

test('the true queue sizes appear in the task_metrics line alone, at most every 30 s, as a warning above 80 %', async () => {
  const metricsLines = () =>
    connectorLines(patient.log()).filter(({ message }) => /^event=task_metrics .*queue_capacity=1050 /.test(message));
  await patient.ask('PUT', '/pause');
  await patient.settled('PAUSED', 'PAUSED');
  const body = exportRequest('metrics', 'a');
  assert.deepEqual(await overGrpc(patient.grpc, 'metrics', body, 1000), { 0: 1000 });
  await patient.beanWhen('all queued', (bean) => bean.TotalLagCount === 1000);
  await until('30 s since the start of the task', () => (Date.now() - patientSince > 30_000 ? true : undefined), 31_000);
  assert.deepEqual(metricsLines(), []);
  await patient.ask('PUT', '/resume');
  await patient.beanWhen('all produced', (bean) => bean.RecordsProduced === 1000);
  const [line, ...more] = metricsLines();
  assert.deepEqual(more, []);
  // The first poll has taken its 100 of the 1,000.
  const sizes = 'traces_queue_size=0 metrics_queue_size=900 logs_queue_size=0 queue_capacity=1050';
  const expected = `event=task_metrics records_produced=100 ${sizes} traces_seq=0 metrics_seq=100 logs_seq=0 session_id=`;
  assert.equal(line!.message.slice(0, expected.length), expected);
  assert.match(line!.message, /session_id=[0-9a-f-]{36} status=HIGH_QUEUE_UTILIZATION$/);
  assert.equal(line!.level, 'WARN');
});

/** The first records of a topic as `key TAB value`, by Kafka's own console consumer. */
async function records(on: Stand, topic: string, count: number): Promise<string[]> {
  const tool = ['org.apache.kafka.tools.consumer.ConsoleConsumer', '--bootstrap-server', on.kafka, '--topic', topic, '--from-beginning'];
  const options = ['--max-messages', String(count), '--timeout-ms', '20000', '--property', 'print.key=true'];
  const java = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', `${TOOLS}/kafka-${on.version}/*`, ...tool, ...options];
  const { stdout } = await promisify(execFile)('java', java);
  return stdout.replace(/\n$/, '').split('\n');
}

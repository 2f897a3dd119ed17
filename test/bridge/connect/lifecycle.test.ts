import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startBridge } from '../../../bridge/index.ts';
import { readyDocument } from '../../../bridge/ready-file.ts';
import { plainOutlet } from '../../../bridge/sinks/plain-outlet.ts';
import { ask, eventsOf, folder, oneSpan, running, sendTraces, testSettings, until, type Running } from '../bridge-fixture.ts';
import { makeCertificate } from '../intake/certificates.ts';

type Status = { connector: { state: string; trace?: string; worker_id: string }; tasks: { id: number; state: string; trace?: string }[] };
const statusOf = async ({ rest }: Running, name = 'otlp-source') => (await rest(`/connectors/${name}/status`)).json as Status;
const statesOf = async (running: Running, name?: string) => {
  const { connector, tasks } = await statusOf(running, name);
  return [connector.state, ...tasks.map(({ state }) => state)];
};
const httpPort = ({ bridge }: Running) => bridge.worker.find('otlp-source')!.task!.ports.http!;
const counters = async ({ metrics }: Running) => ((await metrics('/metrics.json')).json as { counters: Record<string, number> }).counters;

/** A port that somebody else holds for the time of a test. */
async function squat(t: TestContext): Promise<{ port: number; leave: () => Promise<void> }> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const leave = () => new Promise<void>((closed) => server.close(() => closed()));
  t.after(() => (server.listening ? leave() : undefined));
  return { port: (server.address() as { port: number }).port, leave };
}

test('pause keeps the ports open and the queue fills; resume delivers every acknowledged message', async (t) => {
  const run = await running(t, testSettings(folder(), { 'otlp.message.queue.size': '100' }));
  assert.equal((await run.rest('/connectors/otlp-source/pause', { method: 'PUT' })).status, 202);
  assert.deepEqual(await statesOf(run), ['PAUSED', 'PAUSED']);

  const statuses = await sendTraces(httpPort(run), 103);
  assert.equal(statuses.filter((status) => status === 200).length, 100);
  assert.equal(statuses.filter((status) => status === 503).length, 3);
  const { gauges, derived } = (await run.metrics('/metrics.json')).json as Record<string, Record<string, number>>;
  assert.deepEqual([gauges!['TracesQueueSize'], gauges!['MaxQueueUtilizationPercent']], [100, 100]);
  assert.deepEqual([derived!['TotalLagCount'], derived!['TotalMessagesRefused'], derived!['DropRate']], [100, 3, 0]);
  assert.match(
    run.lines.find(({ message }) => message.startsWith('event=trace_refused'))!.message,
    /reason=queue_full queue_size=100 count=1$/,
  );

  assert.equal((await run.rest('/connectors/otlp-source/resume', { method: 'PUT' })).status, 202);
  assert.deepEqual(await statesOf(run), ['RUNNING', 'RUNNING']);
  await until('100 produced', async () => (await counters(run))['RecordsProduced'] === 100);
});

test('stop flushes, closes the ports and leaves no task; resume opens them again with counters at 0', async (t) => {
  const run = await running(t, testSettings(folder()));
  const port = httpPort(run);
  await run.rest('/connectors/otlp-source/pause', { method: 'PUT' });
  await sendTraces(port, 5);
  assert.equal((await run.rest('/connectors/otlp-source/stop', { method: 'PUT' })).status, 204);
  assert.deepEqual(await statesOf(run), ['STOPPED']);
  await assert.rejects(ask(`http://127.0.0.1:${port}/`), { code: 'ECONNREFUSED' });
  assert.match(run.lines.find(({ message }) => message.startsWith('event=message_draining_completed'))!.message, /drained_count=5 /);
  assert.deepEqual((await run.metrics('/metrics.json')).json, {
    error: 'otlp-source has no running task, and its metrics live with the task',
    connectors: ['otlp-source'],
  });

  assert.equal((await run.rest('/connectors/otlp-source/resume', { method: 'PUT' })).status, 202);
  assert.deepEqual(await statesOf(run), ['RUNNING', 'RUNNING']);
  assert.equal((await counters(run))['TracesReceived'], 0);
  assert.deepEqual((await run.rest('/connectors/otlp-source/topics')).json, { 'otlp-source': { topics: ['otlp-traces'] } });
});

test('restarting the task delivers what was queued and begins the counters anew', async (t) => {
  const run = await running(t, testSettings(folder()));
  await sendTraces(httpPort(run), 3);
  assert.equal((await counters(run))['TracesReceived'], 3);
  assert.equal((await run.rest('/connectors/otlp-source/tasks/0/restart', { method: 'POST' })).status, 204);
  assert.deepEqual(await counters(run), {
    ...{ TracesReceived: 0, MetricsReceived: 0, LogsReceived: 0, TracesDropped: 0, MetricsDropped: 0, LogsDropped: 0 },
    ...{ TracesRefused: 0, MetricsRefused: 0, LogsRefused: 0, RecordsProduced: 0, RecordsStoredLate: 0, RecordsTooLarge: 0 },
    ...{ BytesProduced: 0, RefusedQueueFull: 0, RefusedQueueBytesFull: 0, RefusedNotStored: 0 },
  });
});

test('a plain restart leaves the task alone; includeTasks restarts it', async (t) => {
  const run = await running(t, testSettings(folder()));
  const before = run.bridge.worker.find('otlp-source')!.task;
  assert.equal((await run.rest('/connectors/otlp-source/restart', { method: 'POST' })).status, 204);
  assert.equal(run.bridge.worker.find('otlp-source')!.task, before);
  const { status, json } = await run.rest('/connectors/otlp-source/restart?includeTasks=true', { method: 'POST' });
  assert.equal(status, 202);
  assert.deepEqual([(json as Status).connector.state, (json as Status).tasks[0]!.state], ['RESTARTING', 'RESTARTING']);
  await until(
    'a new task runs',
    async () => run.bridge.worker.find('otlp-source')!.task !== before && (await statesOf(run)).join() === 'RUNNING,RUNNING',
  );
});

test('a port that is taken fails the task with a trace as a JVM gives it; REST and metrics stay; a task restart helps once it is free', async (t) => {
  const squatter = await squat(t);
  const run = await running(t, testSettings(folder(), { 'otlp.grpc.port': String(squatter.port) }));
  const { connector, tasks } = await statusOf(run);
  assert.equal(connector.state, 'RUNNING');
  assert.equal(tasks[0]!.state, 'FAILED');
  const causes = tasks[0]!.trace!.split('\n').filter((line) => !line.startsWith('\t'));
  assert.deepEqual(causes, [
    'java.lang.RuntimeException: Failed to start OTLP receiver',
    `Caused by: java.io.IOException: Failed to bind to address /127.0.0.1:${squatter.port}`,
    'Caused by: io.grpc.netty.shaded.io.netty.channel.unix.Errors$NativeIoException: bind(..) failed: Address already in use',
    '',
  ]);
  assert.equal((await run.metrics('/metrics.json')).status, 404);
  assert.ok(
    run.lines.some(
      ({ message, level }) =>
        level === 'ERROR' && message === `event=otlp_receiver_start_failed error=Failed to bind to address /127.0.0.1:${squatter.port}`,
    ),
  );

  assert.equal((await run.rest('/connectors/otlp-source/restart', { method: 'POST' })).status, 204);
  assert.deepEqual(await statesOf(run), ['RUNNING', 'FAILED']);
  await squatter.leave();
  assert.equal((await run.rest('/connectors/otlp-source/tasks/0/restart', { method: 'POST' })).status, 204);
  assert.deepEqual(await statesOf(run), ['RUNNING', 'RUNNING']);
});

test('the HTTP port taken: the gRPC port is not left open', async (t) => {
  const squatter = await squat(t);
  const run = await running(t, testSettings(folder(), { 'otlp.http.port': String(squatter.port) }));
  const trace = (await statusOf(run)).tasks[0]!.trace!;
  assert.match(
    trace,
    /^java\.lang\.RuntimeException: Failed to start OTLP receiver\n\tat .*\nCaused by: java\.net\.BindException: Address already in use\n/,
  );
  assert.deepEqual(run.bridge.worker.find('otlp-source')!.task!.ports, { grpc: null, http: null });
});

test('both receivers off: the connector is FAILED and has no task, and a restart of it says so', async (t) => {
  const run = await running(t, testSettings(folder(), { 'otlp.grpc.enabled': 'false', 'otlp.http.enabled': 'false' }));
  const { connector, tasks } = await statusOf(run);
  assert.equal(connector.state, 'FAILED');
  assert.match(
    connector.trace!,
    /^java\.lang\.IllegalArgumentException: At least one OTLP receiver must be enabled \(gRPC or HTTP\)\n\tat /,
  );
  assert.deepEqual(tasks, []);
  assert.deepEqual((await run.rest('/connectors/otlp-source/restart', { method: 'POST' })).json, {
    error_code: 500,
    message: 'Failed to start connector: otlp-source',
  });
  await run.rest('/connectors/otlp-source/config', { method: 'PATCH', body: { 'otlp.http.enabled': 'true' } });
  assert.deepEqual(await statesOf(run), ['RUNNING', 'RUNNING']);
  assert.equal(run.bridge.worker.find('otlp-source')!.task!.ports.grpc, null);
});

test('TLS without files it can be served with fails the task and names key and file; with them it runs', async (t) => {
  const own = makeCertificate('own');
  const other = makeCertificate('other');
  const run = await running(t, testSettings(folder(), { 'otlp.tls.enabled': 'true' }));
  const configure = (body: object) => run.rest('/connectors/otlp-source/config', { method: 'PATCH', body });
  const head = /^java\.lang\.RuntimeException: Failed to start OTLP receiver\n\tat .*\nCaused by: /;
  const trace = async () => (await statusOf(run)).tasks[0]!.trace!.replace(head, '').split('\n')[0];
  assert.equal(await trace(), 'java.io.FileNotFoundException: otlp.tls.cert.path: no file is given, and TLS needs one');
  await configure({ 'otlp.tls.cert.path': own.certFile, 'otlp.tls.key.path': other.keyFile });
  const mismatch = `otlp.tls.key.path: ${other.keyFile} is not the key of the certificate in ${own.certFile}`;
  assert.equal(await trace(), `java.lang.IllegalArgumentException: ${mismatch}`);
  assert.ok(run.lines.some(({ message }) => message === `event=otlp_receiver_start_failed error=${mismatch}`));
  assert.deepEqual(await statesOf(run), ['RUNNING', 'FAILED']);
  await configure({ 'otlp.tls.key.path': own.keyFile });
  assert.deepEqual(await statesOf(run), ['RUNNING', 'RUNNING']);
});

test('on an address of IPv6, in brackets or not, everything names itself with brackets', async (t) => {
  const addresses = { 'otlp.bind.address': '[::1]', 'bridge.rest.bind.address': '::1', 'bridge.metrics.bind.address': '[::1]' };
  const { bridge } = await running(t, testSettings(folder(), addresses));
  const { urls, task, addresses: at } = readyDocument(bridge, 1);
  assert.equal(task?.state, 'RUNNING');
  assert.match(urls.rest, /^http:\/\/\[::1\]:\d+$/);
  assert.equal(at.metrics.host, '::1');
  const status = (await ask(`${urls.rest}/connectors/otlp-source/status`)).json as Status;
  assert.equal(`http://${status.connector.worker_id}`, urls.rest);
  const made = await ask(`${urls.rest}/connectors`, {
    method: 'POST',
    body: { name: 'x', config: { 'connector.class': 'OpenTelemetrySource' } },
  });
  assert.equal(made.headers['location'], `${urls.rest}/connectors/x`);
  assert.equal((await ask(`${urls.metrics}/health`)).status, 200);
});

test('a certificate that vanished after deployment: connector and task are FAILED at the next start, whatever the settings say', async (t) => {
  const directory = folder();
  const file = join(directory, 'c.pem');
  writeFileSync(file, 'x');
  const first = await running(t, testSettings(directory));
  const patch = { method: 'PATCH', body: { 'otlp.tls.cert.path': file } };
  assert.equal((await first.rest('/connectors/otlp-source/config', patch)).status, 200);
  await first.bridge.stop(1000);
  rmSync(file);
  const second = await running(t, testSettings(directory, { 'otlp.message.queue.size': '300' }));
  const { connector, tasks } = await statusOf(second);
  const reason = `org.apache.kafka.common.config.ConfigException: Invalid value ${file} for configuration otlp.tls.cert.path: File does not exist: ${file}`;
  assert.deepEqual([connector.state, connector.trace!.split('\n')[0]], ['FAILED', reason]);
  assert.deepEqual([tasks[0]!.state, tasks[0]!.trace!.split('\n')[0]], ['FAILED', reason]);
});

test('an address that is not of this machine fails the task', async (t) => {
  const run = await running(t, testSettings(folder(), { 'otlp.bind.address': '192.0.2.1' }));
  assert.match((await statusOf(run)).tasks[0]!.trace!, /NativeIoException: bind\(\.\.\) failed: Cannot assign requested address\n/);
});

test('a class that the bridge does not run keeps it from starting, and nothing stays open', async () => {
  const directory = folder();
  const settings = testSettings(directory, { 'connector.class': 'no.such.Class' });
  await assert.rejects(startBridge(settings, { log: () => {}, now: Date.now }), {
    code: 'bad-input',
    message: /^connector\.class=no\.such\.Class is not what this bridge runs/,
  });
  await (await startBridge(testSettings(directory), { log: () => {}, now: Date.now })).stop(100);
});

test('a changed configuration restarts the task with it, the same one does not', async (t) => {
  const run = await running(t, testSettings(folder()));
  const before = run.bridge.worker.find('otlp-source')!.task;
  const { json: config } = await run.rest('/connectors/otlp-source/config');
  assert.equal((await run.rest('/connectors/otlp-source/config', { method: 'PUT', body: config })).status, 200);
  assert.equal(run.bridge.worker.find('otlp-source')!.task, before);
  await run.rest('/connectors/otlp-source/config', { method: 'PATCH', body: { 'otlp.message.queue.size': '200' } });
  const { gauges } = (await run.metrics('/metrics.json')).json as { gauges: Record<string, number> };
  assert.equal(gauges['QueueCapacity'], 200);
});

test('connectors, their configuration and what is wanted of them outlive the bridge; keys of a start are laid over them', async (t) => {
  const directory = folder();
  const first = await running(t, testSettings(directory));
  const body = { name: 'a b/c', config: { 'connector.class': 'OpenTelemetrySource', 'otlp.grpc.port': '0', 'otlp.http.port': '0' } };
  assert.equal((await first.rest('/connectors', { method: 'POST', body })).status, 201);
  await first.rest('/connectors/a%20b%2Fc/pause', { method: 'PUT' });
  await first.rest('/connectors/otlp-source/stop', { method: 'PUT' });
  await first.bridge.stop(1000);

  const second = await running(t, testSettings(directory, { 'otlp.message.queue.size': '500' }));
  assert.deepEqual((await second.rest('/connectors')).json, ['otlp-source', 'a b/c']);
  assert.deepEqual(await statesOf(second), ['STOPPED']);
  assert.deepEqual(await statesOf(second, 'a%20b%2Fc'), ['PAUSED', 'PAUSED']);
  assert.equal(((await second.rest('/connectors/otlp-source/config')).json as Record<string, string>)['otlp.message.queue.size'], '500');
  assert.ok(second.lines.some(({ message }) => message === 'Settings change otlp.message.queue.size of otlp-source from nothing to 500'));
  await second.rest('/connectors/otlp-source', { method: 'DELETE' });
  await second.bridge.stop(1000);

  const third = await running(t, testSettings(directory));
  assert.deepEqual((await third.rest('/connectors')).json, ['a b/c']);
  assert.ok(
    third.lines.some(
      ({ level, message }) => level === 'WARN' && message.startsWith('There is no connector otlp-source among those kept in'),
    ),
  );
});

test('two connectors on the same ports: the second one fails, the first goes on', async (t) => {
  const run = await running(t, testSettings(folder(), { 'otlp.grpc.enabled': 'false' }));
  const config = { 'connector.class': 'OpenTelemetrySource', 'otlp.grpc.enabled': 'false', 'otlp.http.port': String(httpPort(run)) };
  assert.equal((await run.rest('/connectors', { method: 'POST', body: { name: 'otlp-b', config } })).status, 201);
  assert.deepEqual(await statesOf(run, 'otlp-b'), ['RUNNING', 'FAILED']);
  assert.deepEqual(await statesOf(run), ['RUNNING', 'RUNNING']);
  assert.deepEqual((await run.metrics('/metrics.json')).json, {
    error: 'several connectors run here: name one with ?connector=NAME',
    connectors: ['otlp-source', 'otlp-b'],
  });
  assert.equal((await run.metrics('/metrics.json?connector=otlp-source')).status, 200);
  assert.equal((await run.metrics('/metrics.json?connector=none')).status, 404);
});

test('what the sink does not take by the deadline is spilled to a file that is named', async (t) => {
  const run = await running(t, testSettings(folder(), { 'bridge.flush.timeout.ms': '50' }));
  run.bridge.sink.open = () => plainOutlet(() => Promise.reject(new Error('the disk is full')));
  await run.rest('/connectors/otlp-source/tasks/0/restart', { method: 'POST' });
  await sendTraces(httpPort(run), 4);
  const { delivered, spilled, lost } = await run.bridge.stop(50);
  assert.deepEqual([delivered, spilled.length, spilled[0]!.count, lost], [0, 1, 4, 0]);
  const values = readFileSync(spilled[0]!.file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { value: string }).value);
  assert.deepEqual(
    values,
    Array.from({ length: 4 }, () => oneSpan().toString('base64')),
  );
  assert.ok(eventsOf(run.lines).includes('messages_spilled'));
});

test('a task says its metrics while records flow, and once at its end', async (t) => {
  const run = await running(t, testSettings(folder()), { taskMetricsEveryMs: 20 });
  await sendTraces(httpPort(run), 2);
  await until('a line', () =>
    run.lines.some(({ message }) =>
      /^event=task_metrics records_produced=2 .* queue_capacity=10000 traces_seq=2 .* status=HEALTHY$/.test(message),
    ),
  );
  await run.bridge.stop(1000);
  assert.deepEqual(eventsOf(run.lines).slice(-3), ['task_metrics', 'jmx_metrics_closed', 'task_stopped']);
});

test('client certificates that are asked for without TLS, and any other key that does nothing, are said at the start', async (t) => {
  const directory = folder();
  const ca = join(directory, 'ca.pem');
  writeFileSync(ca, '-----BEGIN CERTIFICATE-----');
  const { lines } = await running(t, testSettings(directory, { 'bridge.tls.client.ca.path': ca, 'bridge.ack.timeout.ms': '200' }));
  assert.deepEqual(
    lines.filter(({ level }) => level === 'WARN').map(({ message }) => message),
    [
      'bridge.ack.timeout.ms has no effect: bridge.ack is queue',
      'bridge.tls.client.ca.path has no effect on otlp-source: otlp.tls.enabled is false, and whoever reaches its ports may send',
    ],
  );
});

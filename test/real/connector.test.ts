import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { TestContext } from 'node:test';
import { exportRequest } from '../doubles/load.ts';
import { listen } from '../doubles/listen.ts';
import { until } from '../doubles/until.ts';
import { loadRecording } from '../recorded.ts';
import { connectorOn } from './stand/connector-on.ts';
import type { ConnectorStatus } from './stand/connect-rest.ts';
import { beansOf, numbersAsText, readBeans } from './stand/jolokia.ts';
import type { Bean } from './stand/jolokia.ts';
import { overGrpc, overHttp } from './stand/otlp-clients.ts';
import { freePorts } from './stand/ports.ts';
import { sharedStand } from './stand/shared.ts';
import type { Stand } from './stand/stand.ts';

/** The stand-in connector held against what the real one answered in the same situation, on both Kafka versions where both were recorded. */
const VERSIONS = [
  { version: '3.9.1', folder: '' },
  { version: '4.1.0', folder: 'kafka-4.1/' },
] as const;

const STATUS = '/connectors/otlp-source/status';
const recordedStatus = (name: string): ConnectorStatus => loadRecording(name).rest[STATUS]!.body as unknown as ConnectorStatus;

/** Attributes with their types, the counts taken out. */
const shape = ({ attributes }: Bean): Record<string, string> =>
  Object.fromEntries(
    Object.entries(attributes)
      .filter(([key]) => key !== 'ConnectorName')
      .map(([key, value]) => [key, value.replaceAll(/\d+/g, 'N')])
      .sort(),
  );

function recordedBean(name: string): Bean {
  const text = readFileSync(new URL(`../../fixtures/recorded/${name}.json`, import.meta.url), 'utf8');
  const { jolokia } = numbersAsText(text) as unknown as { jolokia: Record<string, { body: never }[]> };
  return beansOf(jolokia['connector, read twice 5 s apart']![0]!.body)[0]!;
}

/** A trace without line numbers, addresses and JDK-internal frames, which differ between builds. */
const frames = (trace: string): string[] =>
  trace
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/:\d+\)$/, ')').replace(/127\.0\.0\.1:\d+/, 'ADDRESS'))
    .filter((line) => !/^\tat java\.base\/|^\t\.\.\. \d+ more/.test(line));

for (const { version, folder } of VERSIONS) {
  test(`the stand-in on Kafka ${version}`, async (suite) => {
    let stand: Stand;
    before(async () => void (stand = await sharedStand(version)));
    const situation = (title: string, run: (t: TestContext) => Promise<void>) => suite.test(title, run);

    /** A recorded status with this stand's names. */
    const here = (status: ConnectorStatus, name: string): unknown =>
      JSON.parse(
        JSON.stringify({ ...status, name }).replaceAll('"127.0.0.1:8083"', JSON.stringify(new URL(stand.connectUrl).host)),
      ) as unknown;

    await situation('healthy: status, configuration, tasks, plug-in and MBean', async (t) => {
      const recording = loadRecording(`${folder}healthy-with-traffic`);
      const connector = await connectorOn(t, stand);
      assert.deepEqual(await connector.status(), here(recordedStatus(`${folder}healthy-with-traffic`), connector.name));
      assert.deepEqual((await connector.ask('GET', '/config')).body, connector.config);
      assert.deepEqual((await connector.ask('GET', '/tasks')).body, [
        {
          id: { connector: connector.name, task: 0 },
          config: { ...connector.config, 'task.class': 'io.conduktor.connect.otel.OpenTelemetrySourceTask' },
        },
      ]);
      const plugins = await (await fetch(`${stand.connectUrl}/connector-plugins`)).json();
      assert.deepEqual(plugins, recording.rest['/connector-plugins']!.body);
      const bean = (await connector.bean())!;
      assert.equal(bean.objectName, `io.conduktor.connect.otel:type=OpenTelemetryConnector,name="${connector.name}"`);
      assert.deepEqual(shape(bean), shape(recordedBean(`${folder}healthy-with-traffic`)));
      assert.deepEqual(await readBeans(stand.jolokiaUrl, bean.objectName.replaceAll('"', '')), []);
    });

    await situation('the counters count messages, and the queue gauges stay dead', async (t) => {
      const connector = await connectorOn(t, stand);
      assert.deepEqual(await overGrpc(connector.grpc, 'traces', exportRequest('traces', 'a'), 3), { 0: 3 });
      assert.equal((await overHttp(connector.http, '/v1/metrics', exportRequest('metrics', 'b'))).status, 200);
      assert.equal((await overHttp(connector.http, '/v1/logs', exportRequest('logs', 'c'))).status, 200);
      await connector.beanWhen('5 records', ({ RecordsProduced }) => RecordsProduced === 5);
      assert.deepEqual((await connector.bean())!.attributes, {
        ConnectorName: connector.name,
        TracesReceived: '3',
        MetricsReceived: '1',
        LogsReceived: '1',
        TotalMessagesReceived: '5',
        RecordsProduced: '5',
        TotalLagCount: '0',
        TracesDropped: '0',
        MetricsDropped: '0',
        LogsDropped: '0',
        TotalMessagesDropped: '0',
        DropRate: '0.0',
        TracesQueueSize: '0',
        MetricsQueueSize: '0',
        LogsQueueSize: '0',
        QueueCapacity: '0',
        MaxQueueUtilizationPercent: '0.0',
      });
      const written = `kafka.connect:type=source-task-metrics,connector=${connector.name},task=0`;
      await until('Kafka to have all five', async () =>
        (await readBeans(stand.jolokiaUrl, written))[0]?.attributes['source-record-write-total'] === '5.0' ? true : undefined,
      );
    });

    await situation('paused: both states say so, the ports stay open', async (t) => {
      const connector = await connectorOn(t, stand);
      await connector.ask('PUT', '/pause');
      const status = await connector.settled('PAUSED', 'PAUSED');
      assert.deepEqual(status, here(recordedStatus(`${folder}paused`), connector.name));
      assert.equal((await overHttp(connector.http, '/v1/traces', '', {}, 'GET')).status, 405);
      assert.deepEqual(await overGrpc(connector.grpc, 'logs', exportRequest('logs', 'd')), { 0: 1 });
    });

    await situation('stopped: no tasks, the ports are closed, the bean is gone', async (t) => {
      const connector = await connectorOn(t, stand);
      await connector.ask('PUT', '/stop');
      const status = await connector.settled('STOPPED');
      assert.deepEqual(status, here(recordedStatus(`${folder}stopped`), connector.name));
      await until('the bean to be gone', async () => ((await connector.bean()) === undefined ? true : undefined));
      await assert.rejects(
        overHttp(connector.http, '/v1/traces'),
        (error: Error) => (error.cause as { code: string }).code === 'ECONNREFUSED',
      );
      assert.deepEqual(await overGrpc(connector.grpc, 'traces', Buffer.alloc(0)), { 14: 1 });
    });

    await situation('deleted: 404, in the recorded words', async (t) => {
      const connector = await connectorOn(t, stand);
      await connector.ask('DELETE', '');
      const gone = await until('the status to be gone', async () => {
        const reply = await connector.ask('GET', '/status');
        return reply.status === 404 ? reply.body : undefined;
      });
      const recorded = JSON.stringify(loadRecording(`${folder}deleted`).rest[STATUS]!.body);
      assert.deepEqual(gone, JSON.parse(recorded.replaceAll('otlp-source', connector.name)));
    });

    await situation('the gRPC port is taken: the task fails with the recorded chain', async (t) => {
      const squatter = await listen(createServer());
      t.after(squatter.close);
      const [http] = (await freePorts(1)) as [number];
      const connector = await connectorOn(t, stand, {}, { awaiting: false, ports: [squatter.port, http] });
      const status = await connector.settled('RUNNING', 'FAILED');
      assert.deepEqual(frames(status.tasks[0]!.trace!), frames(recordedStatus(`${folder}port-taken-grpc`).tasks[0]!.trace!));
      assert.equal(await connector.bean(), undefined);
    });

    await situation('both receivers off: accepted, then the connector fails without a task', async (t) => {
      const off = { 'otlp.grpc.enabled': 'false', 'otlp.http.enabled': 'false' };
      const connector = await connectorOn(t, stand, off, { awaiting: false });
      assert.equal(connector.created.status, 201);
      const status = await connector.settled('FAILED');
      assert.deepEqual(frames(status.connector.trace!), frames(recordedStatus(`${folder}receivers-both-off-new`).connector.trace!));
    });
  });
}

test('the HTTP port is taken: the recorded chain, and gRPC is closed again', async (t) => {
  const stand = await sharedStand('3.9.1');
  const squatter = await listen(createServer());
  t.after(squatter.close);
  const [grpc] = (await freePorts(1)) as [number];
  const connector = await connectorOn(t, stand, {}, { awaiting: false, ports: [grpc, squatter.port] });
  const status = await connector.settled('RUNNING', 'FAILED');
  assert.deepEqual(frames(status.tasks[0]!.trace!), frames(recordedStatus('http-port-squatted').tasks[0]!.trace!));
  assert.deepEqual(await overGrpc(grpc, 'traces', Buffer.alloc(0)), { 14: 1 });
});

test('a TLS file that vanished fails connector and task in the recorded words', async (t) => {
  const stand = await sharedStand('3.9.1');
  const file = join(stand.folder, 'c.pem');
  writeFileSync(file, '');
  const connector = await connectorOn(t, stand, { 'otlp.tls.cert.path': file });
  rmSync(file);
  await connector.ask('POST', '/restart?includeTasks=true');
  const { connector: self, tasks } = await connector.settled('FAILED', 'FAILED');
  const recorded = recordedStatus('tls-file-gone');
  const words = (trace: string | undefined): string[] => frames(trace!.replaceAll(file, '/tmp/c.pem'));
  assert.deepEqual(words(self.trace), words(recorded.connector.trace));
  assert.deepEqual(words(tasks[0]!.trace), words(recorded.tasks[0]!.trace));
});

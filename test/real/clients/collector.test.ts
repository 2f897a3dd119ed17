import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { SIGNAL, SIGNALS } from '../../../proto/vocabulary/signals.ts';
import { startBridgeProcess } from '../../doubles/bridge-process.ts';
import { until } from '../../doubles/until.ts';
import { startCollector } from '../collector/collector-process.ts';
import { arrived, countersOf } from './arrived.ts';
import { tap } from './tap.ts';
import { telemetrygen } from './telemetrygen.ts';

/** Exporters by what to call them, each given a port: compression is gzip where nothing is said. */
const EXPORTERS = {
  'otlp (gRPC)': { door: 'grpc', exporter: 'otlp_grpc', type: 'application/x-protobuf', settings: { tls: { insecure: true } } },
  otlphttp: { door: 'http', exporter: 'otlp_http', type: 'application/x-protobuf', settings: {} },
  'otlphttp in JSON': { door: 'http', exporter: 'otlp_http', type: 'application/json', settings: { encoding: 'json' } },
} as const;
type Exporter = (typeof EXPORTERS)[keyof typeof EXPORTERS];

const endpointOf = ({ door }: Exporter, port: number) => (door === 'grpc' ? `127.0.0.1:${port}` : `http://127.0.0.1:${port}`);

/** The Collector before that port, the three signals through one exporter. */
async function collectorBefore(t: TestContext, chosen: Exporter, port: number, settings: object = {}) {
  const collector = await startCollector({
    exporters: { [chosen.exporter]: { endpoint: endpointOf(chosen, port), ...chosen.settings, ...settings } },
    pipelines: Object.fromEntries(SIGNALS.map((signal) => [signal, [chosen.exporter]])),
  });
  t.after(() => collector.stop());
  return collector;
}

const complaints = (collector: Awaited<ReturnType<typeof startCollector>>) =>
  collector.log().filter(({ level }) => level !== 'info' && level !== 'debug');

for (const [name, chosen] of Object.entries(EXPORTERS))
  test(`the Collector's exporter ${name} sends the three signals on, gzip as it comes`, async (t) => {
    const bridge = await startBridgeProcess();
    t.after(() => bridge.stop());
    const wire = await tap(bridge.ports[chosen.door]!);
    t.after(() => wire.close());
    const collector = await collectorBefore(t, chosen, wire.port);

    for (const signal of SIGNALS) await telemetrygen(signal, collector.port, 5);
    assert.deepEqual(await arrived(bridge, 3), {
      received: { traces: 1, metrics: 1, logs: 1 },
      refused: { traces: 0, metrics: 0, logs: 0 },
      types: [chosen.type],
      items: {
        traces: [...Array<string>(5).fill('telemetrygen: lets-go'), ...Array<string>(5).fill('telemetrygen: okey-dokey-0')],
        metrics: Array(5).fill('telemetrygen: gen'),
        logs: Array(5).fill('telemetrygen: the message'),
      },
    });
    assert.equal(wire.heardGzip(), true);
    assert.deepEqual([await collector.stop(), complaints(collector)], [0, []]);
  });

/** Less than the second that the bridge asks for, and the same each time: a wait of a second is then the bridge's word. */
const HASTY = { retry_on_failure: { initial_interval: '50ms', randomization_factor: 0, multiplier: 1 } };
const FULL = { 'otlp.message.queue.size': '100', 'bridge.drain.max.per.second': '150' };

for (const name of ['otlp (gRPC)', 'otlphttp'] as const)
  test(`the Collector's exporter ${name} comes again when the bridge's queue is full, after the time it asks for, and nothing is lost`, async (t) => {
    const bridge = await startBridgeProcess(FULL);
    t.after(() => bridge.stop());
    const chosen = EXPORTERS[name];
    const collector = await collectorBefore(t, chosen, bridge.ports[chosen.door]!, HASTY);

    await telemetrygen('logs', collector.port, 600, ['--batch=false']);
    const came = await arrived(bridge, 600, 60_000);
    assert.equal(came.received.logs, 600);
    assert.deepEqual(came.items.logs, Array(600).fill('telemetrygen: the message'));
    assert.ok(came.refused.logs > 0, 'the queue was full');

    const retries = collector.log().filter(({ msg }) => msg.startsWith('Exporting failed. Will retry'));
    assert.equal(retries.length, came.refused.logs, 'each refusal is taken as one to come again after');
    assert.deepEqual([...new Set(retries.map(({ interval }) => interval))], ['1s']);
    assert.deepEqual([await collector.stop(), complaints(collector)], [0, []]);
  });

test('the Collector does not try a request again that the bridge has no place for (HTTP 404)', async (t) => {
  const bridge = await startBridgeProcess();
  t.after(() => bridge.stop());
  const collector = await startCollector({
    exporters: { otlp_http: { endpoint: `http://127.0.0.1:${bridge.ports.http}/otlp` } },
    pipelines: { traces: ['otlp_http'] },
  });
  t.after(() => collector.stop());
  await telemetrygen('traces', collector.port, 1);
  const failed = await until('the export to fail', () => collector.log().find(({ level }) => level === 'error'));
  assert.match(failed.msg, /not retryable|Dropping data/);
  assert.match(String(failed.error), /404/);
  assert.equal((await countersOf(bridge))[SIGNAL.traces.received], 0);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricsDocument } from '../../../bridge/metrics/document.ts';
import { folder, running, sendTraces, testSettings } from '../bridge-fixture.ts';

const each = (traces: number, metrics: number, logs: number) => ({ traces, metrics, logs });

test('the document has the names of the runbook and adds up', () => {
  const snapshot = {
    accepted: each(50, 40, 10),
    refused: each(3, 0, 1),
    refusedFor: { queue_full: 3, queue_bytes_full: 1, not_stored: 0 },
    dropped: each(0, 25, 0),
    produced: each(20, 10, 10),
    queued: each(25, 5, 0),
    inFlight: each(5, 0, 0),
    capacity: 50,
    waiting: each(0, 0, 0),
    late: each(1, 0, 0),
    tooLarge: each(0, 0, 0),
    bytes: each(6000, 200, 100),
    place: 'memory',
    troubles: { traces: null, metrics: null, logs: null },
    heldBytes: 700,
    heldBytesLimit: 1000,
  };
  assert.deepEqual(metricsDocument('otlp-source', snapshot, Date.UTC(2026, 10, 23, 15, 0, 0)), {
    connector: 'otlp-source',
    counters: {
      TracesReceived: 50,
      MetricsReceived: 40,
      LogsReceived: 10,
      TracesDropped: 0,
      MetricsDropped: 25,
      LogsDropped: 0,
      TracesRefused: 3,
      MetricsRefused: 0,
      LogsRefused: 1,
      RefusedQueueFull: 3,
      RefusedQueueBytesFull: 1,
      RefusedNotStored: 0,
      RecordsProduced: 40,
      RecordsStoredLate: 1,
      RecordsTooLarge: 0,
      BytesProduced: 6300,
    },
    gauges: {
      TracesQueueSize: 25,
      MetricsQueueSize: 5,
      LogsQueueSize: 0,
      QueueCapacity: 50,
      MaxQueueUtilizationPercent: 50,
      RecordsInFlight: 5,
      RequestsWaiting: 0,
      HeldBytes: 700,
      HeldBytesLimit: 1000,
    },
    derived: { TotalMessagesReceived: 100, TotalMessagesDropped: 25, TotalMessagesRefused: 4, TotalLagCount: 60, DropRate: 20 },
    sink: { place: 'memory', troubles: [] },
    startedAt: '2026-11-23T15:00:00.000Z',
  });
});

test('at every look under load: accepted = produced + queued + in flight + dropped', async (t) => {
  const { bridge, metrics } = await running(t, testSettings(folder(), { 'bridge.drain.max.per.second': '50' }));
  const sending = sendTraces(bridge.worker.find('otlp-source')!.task!.ports.http!, 60);
  let done = false;
  void sending.then(() => (done = true));
  const sums = new Set<number>();
  let looks = 0;
  while (!done) {
    const { counters, gauges } = (await metrics('/metrics.json')).json as {
      counters: Record<string, number>;
      gauges: Record<string, number>;
    };
    sums.add(
      counters['TracesReceived']! -
        counters['RecordsProduced']! -
        gauges['TracesQueueSize']! -
        gauges['RecordsInFlight']! -
        counters['TracesDropped']!,
    );
    looks++;
  }
  assert.deepEqual(new Set(await sending), new Set([200]));
  assert.ok(looks > 5, `${looks} looks`);
  assert.deepEqual([...sums], [0]);
});

test('ready is a bridge whose connectors all run; it lives all the same', async (t) => {
  const { bridge, rest, metrics } = await running(t, testSettings(folder()));
  const ready = async () => {
    assert.equal((await metrics('/health')).status, 200);
    const { status, json } = await metrics('/ready');
    return [status, (json as { status: string }).status];
  };
  const until = async (wanted: readonly [number, string]) => {
    for (const end = Date.now() + 3000; Date.now() < end && (await ready())[0] !== wanted[0];);
    assert.deepEqual(await ready(), wanted);
  };
  assert.deepEqual(await ready(), [200, 'ready']);
  for (const [change, undo] of [
    ['pause', 'resume'],
    ['stop', 'resume'],
  ]) {
    assert.ok((await rest(`/connectors/otlp-source/${change}`, { method: 'PUT' })).status < 300);
    await until([503, 'not running']);
    assert.ok((await rest(`/connectors/otlp-source/${undo}`, { method: 'PUT' })).status < 300);
    await until([200, 'ready']);
  }
  const taken = {
    'connector.class': 'OpenTelemetrySource',
    'otlp.grpc.port': String(bridge.addresses.metrics.port),
    'otlp.http.port': '0',
  };
  assert.equal((await rest('/connectors', { method: 'POST', body: { name: 'second', config: taken } })).status, 201);
  await until([503, 'not running']);
});

test('every other path is 404, and nothing is changed here', async (t) => {
  const { metrics } = await running(t, testSettings(folder()));
  assert.deepEqual((await metrics('/health')).json, { status: 'healthy' });
  assert.equal((await metrics('/none')).status, 404);
  assert.equal((await metrics('/metrics.json', { method: 'POST', body: {} })).status, 405);
  assert.equal((await metrics('/metrics.json', { headers: { host: 'evil.example' } })).status, 403);
});

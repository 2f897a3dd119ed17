import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { Json } from '../../../checks/facts/index.ts';
import { isJolokia, jolokiaReads, readJolokia } from '../../../checks/probes/jolokia.ts';
import { kafkaValue, parseObjectName, quote, unquote } from '../../../checks/probes/jolokia-names.ts';
import { factsOfRecording, loadRecording } from '../../recorded.ts';

const NAMED = 'io.conduktor.connect.otel:type=OpenTelemetryConnector,name=';
const bean = (values: Record<string, Json>): Record<string, Json> => ({ TracesReceived: 1, QueueCapacity: 0, ...values });
const pattern = (beans: Record<string, Record<string, Json>>): Json => ({ request: { type: 'read' }, value: beans, status: 200 });

test('a bulk answer of Jolokia 2.6 gives the connector and its absent beans', () => {
  const bulk = JSON.parse(
    readFileSync(new URL('../../../fixtures/recorded/metrics/jolokia-2.6-bulk.json', import.meta.url), 'utf8'),
  ) as Json[];
  assert.equal(isJolokia(bulk), true);
  const { metrics, 'jmx.task': task } = readJolokia([bulk[0]!, bulk[2]!], 'otlp-source');
  assert.ok('value' in metrics);
  assert.deepEqual(metrics.value.connectors, ['otlp-source']);
  assert.equal(metrics.value.values['TracesReceived'], 3);
  assert.equal('ConnectorName' in metrics.value.values, false);
  assert.deepEqual(task, {
    failure: 'absent',
    detail: 'Jolokia: io.conduktor.connect.otel:type=OpenTelemetryConnector,name=otlp-source (404)',
  });
});

test('healthy traffic of Kafka 3.9.1, two samples 5 s apart', () => {
  const { metrics, 'jmx.task': task, 'jmx.producer': producer, 'jmx.jvm': jvm } = factsOfRecording(loadRecording('healthy-with-traffic'));
  assert.ok('value' in metrics && 'value' in task && 'value' in producer && 'value' in jvm);
  assert.deepEqual(
    metrics.value.samples.map(({ at, values }) => [at, values['TracesReceived'], values['RecordsProduced'], values['TotalLagCount']]),
    [
      [1795449923000, 178, 176, 2],
      [1795449928000, 275, 270, 5],
    ],
  );
  assert.equal(metrics.value.kind, 'jolokia');
  assert.deepEqual(metrics.value.absent, []);
  assert.deepEqual(metrics.value.dead, [
    'QueueCapacity',
    'TracesQueueSize',
    'MetricsQueueSize',
    'LogsQueueSize',
    'MaxQueueUtilizationPercent',
  ]);
  assert.deepEqual(
    task.value.samples.map(({ values }) => values['source-record-write-total']),
    [270],
  );
  assert.deepEqual(producer.value.absent, ['reauthentication-latency-max', 'reauthentication-latency-avg']);
  assert.deepEqual(jvm.value.samples[0]?.values, {
    'HeapMemoryUsage.init': 396361728,
    'HeapMemoryUsage.committed': 449839104,
    'HeapMemoryUsage.max': 1073741824,
    'HeapMemoryUsage.used': 370554080,
    MaxFileDescriptorCount: 20000,
    OpenFileDescriptorCount: 175,
  });
});

test('what the counters said while messages were dropped, on both Kafka versions', () => {
  const seen = (name: string) => {
    const { metrics } = factsOfRecording(loadRecording(name));
    assert.ok('value' in metrics);
    return metrics.value.samples.map(({ values }) => [values['TracesReceived'], values['TracesDropped'], values['RecordsProduced']]);
  };
  assert.deepEqual(seen('overload-drops'), [
    [2600, 5651, 2400],
    [5100, 15642, 4800],
  ]);
  assert.deepEqual(seen('kafka-4.1/overload-drops'), [
    [2201, 1884, 2001],
    [4601, 5122, 4301],
  ]);
});

test('a producer under a quota shows its throttle time', () => {
  const { 'jmx.producer': producer } = factsOfRecording(loadRecording('producer-quota'));
  assert.ok('value' in producer);
  const throttled = producer.value.samples[0]?.values['produce-throttle-time-avg'] ?? 0;
  assert.ok(throttled > 1000, String(throttled));
});

test('the beans of a neighbour are listed and never counted', () => {
  const { metrics } = factsOfRecording(loadRecording('two-connectors-same-ports'));
  assert.ok('failure' in metrics);
  assert.equal(metrics.failure, 'absent');
  assert.equal(metrics.detail, 'no metrics of otlp-source: the source has beans of otlp-b');
  const both = readJolokia(
    [pattern({ [`${NAMED}"otlp-b"`]: bean({ TracesReceived: 9 }), [`${NAMED}"otlp-source"`]: bean({}) })],
    'otlp-source',
  );
  assert.ok('value' in both.metrics);
  assert.deepEqual([both.metrics.value.connectors, both.metrics.value.values['TracesReceived']], [['otlp-b', 'otlp-source'], 1]);
});

test('without a name the only bean counts, and of two none', () => {
  const one = readJolokia([pattern({ [`${NAMED}"a"`]: bean({ TracesReceived: 4 }) })], null);
  assert.ok('value' in one.metrics);
  assert.equal(one.metrics.value.values['TracesReceived'], 4);
  const two = readJolokia([pattern({ [`${NAMED}"a"`]: bean({}), [`${NAMED}"b"`]: bean({}) })], null);
  assert.deepEqual(two.metrics, { failure: 'absent', detail: 'no metrics of one connector alone: the source has beans of a, b' });
});

test('an agent that sorts the properties of a name is understood', () => {
  const sorted = 'io.conduktor.connect.otel:name="otlp-source",type=OpenTelemetryConnector';
  const { metrics } = readJolokia([pattern({ [sorted]: bean({}) })], 'otlp-source');
  assert.ok('value' in metrics);
});

test('numbers only: null and texts are not values, and attributes that are missing are named', () => {
  const { metrics } = readJolokia(
    [pattern({ [`${NAMED}"otlp-source"`]: { TracesReceived: 5, TracesDropped: null, DropRate: 'NaN', QueueCapacity: 10 } })],
    'otlp-source',
  );
  assert.ok('value' in metrics);
  assert.deepEqual(metrics.value.values, { TracesReceived: 5, QueueCapacity: 10 });
  assert.ok(metrics.value.missing.includes('TracesDropped') && metrics.value.missing.includes('DropRate'));
});

test('one object in place of the list is the answer to every read', () => {
  const reading = readJolokia({ status: 403, error: 'Read not allowed', error_type: 'java.lang.SecurityException' }, 'otlp-source');
  assert.deepEqual(reading.metrics, { failure: 'denied', detail: 'Jolokia: Read not allowed (403)' });
  assert.deepEqual(reading['jmx.jvm'], { failure: 'denied', detail: 'Jolokia: Read not allowed (403)' });
});

test('a JVM without a limit on its heap has no maximum', () => {
  const heap = { status: 200, value: { HeapMemoryUsage: { used: 7, max: -1 } } };
  const reading = readJolokia([{ status: 404 }, { status: 404 }, { status: 404 }, { status: 404 }, heap, { status: 404 }], 'otlp-source');
  assert.deepEqual(reading['jmx.jvm'], { value: { values: { 'HeapMemoryUsage.used': 7 }, missing: [] } });
});

test('names are asked for as Kafka and ObjectName.quote write them', () => {
  const asked = (name: string) => (jolokiaReads(name) as { mbean: string }[]).map(({ mbean }) => mbean);
  assert.deepEqual(asked('otlp-source'), [
    'io.conduktor.connect.otel:type=OpenTelemetryConnector,*',
    'kafka.connect:type=source-task-metrics,connector=otlp-source,task=*',
    'kafka.connect:type=task-error-metrics,connector=otlp-source,task=*',
    'kafka.producer:type=producer-metrics,client-id=connector-producer-otlp-source-0',
    'java.lang:type=Memory',
    'java.lang:type=OperatingSystem',
  ]);
  assert.equal(asked('a:b*')[1], 'kafka.connect:type=source-task-metrics,connector="a:b\\*",task=*');
  assert.equal(kafkaValue('with space'), 'with space');
});

test('any name comes back from its quoted form, also within an object name', () => {
  fc.assert(
    fc.property(fc.string(), (name) => {
      assert.equal(unquote(quote(name)), name);
      assert.deepEqual(parseObjectName(`d:type=T,name=${quote(name)},task=0`), { domain: 'd', properties: { type: 'T', name, task: '0' } });
    }),
  );
});

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readPrometheus } from '../../../checks/probes/prometheus.ts';
import { deadGauges } from '../../../checks/probes/metrics-reading.ts';
import { readJolokia } from '../../../checks/probes/jolokia.ts';
import type { Json } from '../../../checks/facts/index.ts';
import { factsOfRecording, loadRecording } from '../../recorded.ts';

const FOLDER = new URL('../../../fixtures/recorded/metrics/', import.meta.url);
const page = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');
const read = (text: string, connector: string | null = 'otlp-source') => readPrometheus(text, connector, false);
const metricsOf = (text: string, connector: string | null = 'otlp-source') => {
  const { metrics } = read(text, connector);
  assert.ok('value' in metrics, JSON.stringify(metrics));
  return metrics.value;
};

const RECORDED = ['default', 'lower', 'runbook'].flatMap((form) => [`jmx_exporter-${form}.txt`, `jmx_exporter-${form}.openmetrics.txt`]);

for (const file of RECORDED) {
  test(`${file}: the same values that Jolokia gave, dead gauges too`, () => {
    const [bulk] = JSON.parse(page('jolokia-2.6-bulk.json')) as Json[];
    const { metrics: jolokia } = readJolokia([bulk!], 'otlp-source');
    assert.ok('value' in jolokia);
    const reading = readPrometheus(page(file), 'otlp-source', file.includes('openmetrics'));
    assert.deepEqual(Object.keys(reading), ['metrics']);
    assert.ok('value' in reading.metrics);
    assert.deepEqual(reading.metrics.value, jolokia.value);
    assert.deepEqual([reading.metrics.value.values['TotalMessagesReceived'], reading.metrics.value.missing], [3, []]);
    assert.equal(deadGauges(reading.metrics.value.values).length, 5);
    assert.deepEqual(readPrometheus(page(file), null, false).metrics, reading.metrics);
    assert.deepEqual(read(page(file), 'demo').metrics, {
      failure: 'absent',
      detail: 'no metrics of demo: the page has series of otlp-source',
    });
  });
}

test("a whole worker's page: the beans of task, errors and producer by the names that Jolokia has, the JVM by its beans", () => {
  const recorded = factsOfRecording(loadRecording('healthy-with-traffic'));
  const {
    'jmx.task': task,
    'jmx.errors': errors,
    'jmx.producer': producer,
    'jmx.jvm': jvm,
    ...rest
  } = read(page('jmx_exporter-worker.txt'));
  for (const [fact, reading] of [
    ['jmx.task', task],
    ['jmx.errors', errors],
    ['jmx.producer', producer],
  ] as const) {
    const known = recorded[fact];
    assert.ok('value' in known);
    assert.deepEqual(reading?.value.values, known.value.samples[0]?.values, fact);
    assert.deepEqual(reading?.value.missing.sort(), known.value.absent.sort(), fact);
  }
  assert.equal(task?.value.values['source-record-write-total'], 270);
  assert.deepEqual(jvm?.value.values, {
    'HeapMemoryUsage.committed': 406847488,
    'HeapMemoryUsage.init': 398458880,
    'HeapMemoryUsage.max': 6320816128,
    'HeapMemoryUsage.used': 12505088,
    MaxFileDescriptorCount: 20000,
    OpenFileDescriptorCount: 23,
  });
  assert.deepEqual(Object.keys(rest), ['metrics']);
});

test('totals that keep their ending, the first of two tasks, and no other connector, client or topic', () => {
  const reading = read(
    [
      'otlp_TracesReceived{connector_name="otlp-source"} 1',
      'kafka_connect_source_task_metrics_source_record_write_total{connector="otlp-source",task="1"} 9',
      'kafka_connect_source_task_metrics_source_record_write_total{connector="otlp-source",task="0"} 5',
      'kafka_connect_source_task_metrics_source_record_write_total{connector="demo",task="0"} 7',
      'kafka_producer_producer_metrics_request_latency_avg{client_id="connector-producer-demo-0"} 3',
      'kafka_producer_producer_node_metrics_request_latency_avg{client_id="connector-producer-otlp-source-0",node_id="1"} 4',
      'jvm_memory_bytes_used{area="heap"} 70',
      'jvm_memory_max_bytes{area="heap"} -1',
      'jvm_memory_used_bytes{area="nonheap"} 80',
      'process_open_fds 12',
      '',
    ].join('\n'),
  );
  assert.deepEqual(reading['jmx.task'], { value: { values: { 'source-record-write-total': 5 }, missing: [] } });
  assert.equal(reading['jmx.producer'], undefined);
  assert.deepEqual(reading['jmx.jvm']?.value.values, { 'HeapMemoryUsage.used': 70, OpenFileDescriptorCount: 12 });
});

test('several connectors on one page: the named one counts, the others are listed, and without a name none counts', () => {
  const both = ['a', 'b'].map((name, n) => `otlp_TracesReceived{connector_name="${name}"} ${n + 1}\n`).join('');
  assert.deepEqual([metricsOf(both, 'b').connectors, metricsOf(both, 'b').values], [['a', 'b'], { TracesReceived: 2 }]);
  assert.deepEqual(read(both, null).metrics, {
    failure: 'absent',
    detail: 'no metrics of one connector alone: the page has series of a, b',
  });
});

test('a name with characters that ObjectName quotes is found as a rule leaves it and as the default writes it', () => {
  const name = 'a"b*c\\d';
  const quoted = String.raw`{name="\"a\\\"b\\*c\\\\d\""}`;
  const captured = String.raw`{connector_name="a\\\"b\\*c\\\\d"}`;
  const plain = String.raw`{connector_name="a\"b*c\\d"}`;
  assert.equal(metricsOf(`io_conduktor_connect_otel_OpenTelemetryConnector_LogsReceived${quoted} 4\n`, name).values['LogsReceived'], 4);
  for (const label of [captured, plain]) assert.equal(metricsOf(`otlp_LogsReceived${label} 4\n`, name).values['LogsReceived'], 4);
});

test("other writings of a rule, and the bridge's refusals", () => {
  const label = '{connector_name="otlp-source",instance="w1"}';
  const { values } = metricsOf(
    `otlp_traces_received_total${label} 5\notlp_TracesDropped_total${label} 6\notlp_logsrefused${label} 7\notlp_TotalMessagesReceived_created${label} 8\notlp_other${label} 9\n`,
  );
  assert.deepEqual(values, { TracesReceived: 5, TracesDropped: 6, LogsRefused: 7 });
});

test('what is no number, or two numbers, is missing', () => {
  const label = '{connector_name="otlp-source"}';
  const { missing, values } = metricsOf(
    `otlp_TracesReceived${label} 5\notlp_DropRate${label} NaN\notlp_LogsReceived${label} 1\notlp_LogsReceived${label} 2\notlp_LogsDropped${label} +Inf\n`,
  );
  assert.deepEqual(values, { TracesReceived: 5 });
  for (const name of ['DropRate', 'LogsReceived', 'LogsDropped']) assert.ok(missing.includes(name), name);
});

test('a page without the connector: nameless series, a cut page, a page that is not of a Connect worker', () => {
  assert.deepEqual(read('otlp_TracesReceived 5\n').metrics, {
    failure: 'absent',
    detail: 'no metrics of otlp-source: the page has such series without the label connector_name',
  });
  assert.deepEqual(readPrometheus('kafka_connect_worker_x 1\n', 'otlp-source', true).metrics, {
    failure: 'malformed',
    detail: 'the page breaks off before any series of otlp-source',
  });
  const other = read('node_load1 0.5\n');
  assert.deepEqual(other, {
    metrics: { failure: 'absent', detail: 'no metrics of otlp-source: the page has no series of an OTLP connector' },
    foreign: true,
  });
  assert.equal(read('kafka_connect_connect_worker_metrics_task_count 1\n').foreign, undefined);
});

test('times on the lines are the time of the reading', () => {
  assert.equal(read('otlp_TracesReceived{connector_name="otlp-source"} 5 1795449923000\n').stampedAt, 1_795_449_923_000);
});

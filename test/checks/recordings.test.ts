import { test } from 'node:test';
import assert from 'node:assert/strict';
import { diagnose } from '../../checks/diagnose.ts';
import type { OverallStatus } from '../../checks/report.ts';
import { factsOfRecording, loadRecording, RECORDINGS } from '../recorded.ts';

/** What the real connector showed, and the cause that has to come first; null: no cause at all. */
const RIGHT: Record<string, readonly [OverallStatus, string | null]> = {
  'broker-down': ['critical', 'kafka-unreachable'],
  'broker-hung-with-traffic': ['critical', 'kafka-unresponsive'],
  'burst-over-queue': ['critical', 'queue-overflow'],
  'client-wrong-path': ['ok', null],
  'config-rejected': ['critical', 'connector-not-found'],
  'converter-mismatch': ['critical', 'converter-mismatch'],
  deleted: ['critical', 'connector-not-found'],
  'grpc-disabled-lookalike-43170': ['ok', null],
  'healthy-custom-ports': ['ok', null],
  'healthy-idle': ['ok', null],
  'healthy-with-traffic': ['ok', null],
  'http-gzip-400': ['warning', 'client-rejected'],
  'http-over-10mib': ['ok', null],
  'http-port-squatted': ['critical', 'port-in-use'],
  'min-isr-above-replicas': ['ok', null],
  'overload-drops': ['critical', 'poll-ceiling'],
  paused: ['critical', 'connector-paused'],
  'paused-and-dropping': ['critical', 'connector-paused'],
  'port-taken-grpc': ['critical', 'port-in-use'],
  'producer-quota': ['critical', 'kafka-throttled'],
  'queue-near-full': ['warning', 'poll-ceiling'],
  'receivers-both-off-new': ['critical', 'configuration-invalid'],
  'record-over-client-limit': ['critical', 'record-too-large'],
  'record-too-large': ['critical', 'record-too-large'],
  stopped: ['critical', 'connector-stopped'],
  'tls-file-gone': ['critical', 'tls-files-unreadable'],
  'tls-ignored': ['warning', 'tls-ignored'],
  'topic-create-fails': ['critical', 'topic-create-failed'],
  'two-connectors-same-ports': ['critical', 'port-in-use'],
  'worker-hung': ['critical', 'worker-frozen'],
  'worker-killed': ['critical', 'worker-down'],
  'wrong-class': ['critical', 'connector-not-found'],
};

const expected = (name: string): readonly [OverallStatus, string | null] => {
  const right = RIGHT[name.replace(/^kafka-4\.1\//, '')];
  assert.ok(right, `${name} has no expected cause`);
  return right;
};

for (const name of RECORDINGS)
  test(`${name}: its cause comes first, and it is the only one`, () => {
    const [status, first] = expected(name);
    const report = diagnose(factsOfRecording(loadRecording(name)));
    const roots = report.diagnoses.filter((diagnosis) => diagnosis.status !== 'ok' && diagnosis.because === null);
    assert.deepEqual(
      roots.map(({ id }) => id),
      first === null ? [] : [first],
      report.summary,
    );
    assert.equal(report.status, status);
    assert.equal(report.diagnoses[0]?.id ?? null, first ?? report.diagnoses[0]?.id ?? null);
  });

test('the same facts give the same report, byte for byte', () => {
  for (const name of RECORDINGS) {
    const once = JSON.stringify(diagnose(factsOfRecording(loadRecording(name))));
    assert.equal(JSON.stringify(diagnose(factsOfRecording(loadRecording(name)))), once, name);
  }
});

test('without log, metrics and host looks no healthy target becomes a fault and no fault becomes health', () => {
  for (const name of RECORDINGS.filter((one) => !/gzip|tls-ignored|queue|overload|quota|burst|broker/.test(one))) {
    const without = ['log', 'metrics', 'jmx.task', 'jmx.errors', 'jmx.producer', 'jmx.jvm', 'host.listeners'] as const;
    const report = diagnose(factsOfRecording(loadRecording(name), { without }));
    assert.equal(report.status, expected(name)[0], `${name}: ${report.summary}`);
  }
});

test('the sentences name who, where and what', () => {
  const summary = (name: string): string => diagnose(factsOfRecording(loadRecording(name))).summary;
  assert.equal(
    summary('port-taken-grpc'),
    'python3 (pid 3884) holds port 4317, so the task cannot start: both receivers are closed and nothing is received.',
  );
  assert.equal(
    summary('two-connectors-same-ports'),
    'Connector otlp-b on the same worker holds port 4317, so this task cannot start: both receivers are closed and nothing is received by it.',
  );
  assert.equal(
    summary('burst-over-queue'),
    'The traces queue of 100 overflows: 326 of 500 offered messages (65 %) were dropped over 5.0 s.',
  );
  assert.equal(
    summary('worker-hung'),
    'The Connect worker (pid 23875) is frozen: REST, gRPC 4317 and HTTP 4318 accept connections and answer nothing.',
  );
  assert.match(
    summary('healthy-with-traffic'),
    /^OK for what was looked at: state, receivers, metrics, log, port owners \(RUNNING, gRPC 4317 and HTTP 4318 accept, 19 messages\/s in, 19 out over 5\.0 s, 0 lost\)\.$/,
  );
});

test('the path is that of the runbook', () => {
  const path = (name: string): string =>
    diagnose(factsOfRecording(loadRecording(name)))
      .path.map(({ step, answer }) => `${step} ${answer}`)
      .join(', ');
  assert.equal(path('port-taken-grpc'), 'connector-state yes, receiver-ports no');
  assert.equal(path('paused'), 'connector-state no');
  assert.equal(path('two-connectors-same-ports'), 'connector-state yes, receiver-ports no');
  assert.equal(path('overload-drops'), 'connector-state yes, receiver-ports yes, message-intake yes, queue-utilization yes');
  assert.equal(
    path('healthy-with-traffic'),
    'connector-state yes, receiver-ports yes, message-intake yes, queue-utilization no, produce-lag no, log-lines yes',
  );
  assert.equal(
    path('healthy-idle'),
    'connector-state yes, receiver-ports yes, message-intake unknown, queue-utilization no, produce-lag no, log-lines yes',
  );
});

test('what must not be said is not said', () => {
  const said = (name: string): string => JSON.stringify(diagnose(factsOfRecording(loadRecording(name))).diagnoses);
  assert.doesNotMatch(said('two-connectors-same-ports'), /"command":"kill/);
  assert.doesNotMatch(said('converter-mismatch'), /tasks\/0\/restart/);
  assert.doesNotMatch(said('overload-drops').slice(0, 2000), /otlp\.message\.queue\.size":"/);
  assert.doesNotMatch(said('producer-quota').split('"because":"kafka-throttled"')[0] ?? '', /queue\.size/);
  assert.doesNotMatch(said('broker-down'), /systemctl|tasks\/0\/restart/);
});

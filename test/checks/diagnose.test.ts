import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { diagnose, statusOf } from '../../checks/diagnose.ts';
import { FACT_IDS } from '../../checks/facts/index.ts';
import type { Facts } from '../../checks/facts/index.ts';
import { worst } from '../../checks/report.ts';
import { RULES } from '../../checks/rules/index.ts';
import { changed, healthy, metrics, refused, skipped, withValue } from '../facts.ts';
import type { Changes } from '../facts.ts';

const changesOf = (id: string): Changes =>
  (JSON.parse(readFileSync(new URL(`../../fixtures/facts/rules/${id}.json`, import.meta.url), 'utf8')) as { changes: Changes }).changes;
const roots = (facts: Facts): string[] =>
  diagnose(facts)
    .diagnoses.filter((diagnosis) => diagnosis.status !== 'ok' && diagnosis.because === null)
    .map(({ id }) => id);
const ids = (facts: Facts): string[] => diagnose(facts).diagnoses.map(({ id }) => id);

test('two independent faults are two causes, the one to act on first first', () => {
  const jolokiaDown = { metrics: { failure: 'refused', detail: 'connect ECONNREFUSED 127.0.0.1:8778' } } as Changes;
  assert.deepEqual(roots(healthy({ ...changesOf('port-in-use'), ...jolokiaDown })), ['port-in-use', 'metrics-unavailable']);
  assert.deepEqual(roots(healthy({ ...changesOf('kafka-throttled'), log: changesOf('client-rejected').log ?? {} })), [
    'kafka-throttled',
    'client-rejected',
  ]);
  assert.deepEqual(roots(healthy(changesOf('port-held-by-other'))), ['port-held-by-other', 'connect-unauthorized']);
  assert.deepEqual(roots(healthy({ ...changesOf('queue-overflow'), log: changesOf('log-unavailable').log ?? {} })), [
    'queue-overflow',
    'log-unavailable',
  ]);
});

test('a worker that answers nothing because its garbage collector takes all there is, is out of heap', () => {
  const frozen = JSON.stringify(changesOf('worker-frozen'));
  const busy = (cpuPercent: number, collectorPercent: number): Facts =>
    healthy(
      JSON.parse(
        frozen.replaceAll('"state":"T"', `"state":"S","cpuPercent":${cpuPercent},"collectorPercent":${collectorPercent}`),
      ) as Changes,
    );
  // The second is one whose processors others want too.
  for (const facts of [busy(190, 176), busy(42, 39)]) assert.deepEqual(roots(facts), ['worker-exhausted']);
  assert.match(
    diagnose(busy(190, 176)).diagnoses[0]!.sentence,
    /^The worker \(pid 23875\) is out of heap: its garbage collector takes 176 % of a processor, and nothing is answered\.$/,
  );
  for (const facts of [busy(190, 60), busy(12, 9), busy(0, 0)]) assert.deepEqual(roots(facts), ['worker-frozen']);
});

test('a collector on the ports that an update took away is told beside it', () => {
  const facts = healthy({
    ...changesOf('configuration-reset'),
    'receiver.grpc': { value: { address: { host: '127.0.0.1', port: 14317 }, spoke: 'http2' } },
    'receiver.http': { value: { address: { host: '127.0.0.1', port: 14318 }, spoke: 'http1', status: 405 } },
    'host.listeners': {
      value: {
        listeners: [
          { address: '127.0.0.1', port: 8083, pid: 23875, command: 'java ConnectDistributed' },
          { address: '127.0.0.1', port: 14317, pid: 99, command: 'otelcol' },
          { address: '127.0.0.1', port: 14318, pid: 99, command: 'otelcol' },
        ],
        complete: true,
      },
    },
  });
  assert.deepEqual(roots(facts), ['configuration-reset', 'port-held-by-other']);
});

test('Kafka gone is believed before RUNNING, and a metrics source that refuses beside it is its echo', () => {
  const facts = healthy({ ...changesOf('kafka-unreachable'), metrics: { failure: 'refused', detail: 'connect ECONNREFUSED' } });
  assert.equal(roots(facts)[0], 'kafka-unreachable');
  assert.deepEqual(diagnose(facts).path, [{ step: 'connector-state', answer: 'no' }]);
});

test('--expect makes a note a fault, and a fault a note', () => {
  const expecting = (facts: Facts, ...expect: string[]): Facts => withValue(facts, 'run', { expect });
  assert.equal(diagnose(healthy(changesOf('receiver-disabled'))).status, 'ok');
  assert.equal(diagnose(expecting(healthy(changesOf('receiver-disabled')), 'grpc')).status, 'critical');
  assert.equal(diagnose(expecting(healthy(changesOf('receiver-disabled')), 'http')).status, 'ok');
  assert.equal(diagnose(expecting(healthy(changesOf('idle')), 'traffic')).status, 'warning');
  assert.equal(diagnose(expecting(healthy({ ...changesOf('connector-paused'), ...changesOf('idle') }), 'state=PAUSED')).status, 'ok');
  assert.equal(diagnose(expecting(healthy(changesOf('connector-stopped')), 'state=STOPPED')).status, 'ok');
});

test('one reading judges no rate: neither healthy nor a fault', () => {
  const facts = healthy({ metrics: { value: metrics({ TracesReceived: 100, TracesDropped: 900, RecordsProduced: 90 }, null) } });
  const report = diagnose(facts);
  assert.equal(report.status, 'ok');
  assert.deepEqual(report.loss, { inWindow: null, inWindowPercent: null, soFar: 900, since: report.loss.since, secondsUntilDrops: null });
  for (const id of ['message-intake', 'drop-rate', 'sink-progress'])
    assert.equal(report.steps.find((step) => step.id === id)?.status, 'skipped', id);
});

test('the bridge is no connector: live gauges are read, it has no ceiling, and it refuses', () => {
  const values = {
    QueueCapacity: 100,
    TracesQueueSize: 95,
    TracesReceived: 12_600,
    RecordsProduced: 2600,
    TracesRefused: 0,
    MetricsRefused: 0,
    LogsRefused: 0,
    TotalMessagesRefused: 0,
  };
  const last = { ...values, TracesReceived: 15_000, RecordsProduced: 5000, TracesRefused: 3000, TotalMessagesRefused: 3000 };
  const base = withValue(healthy(), 'target', { kind: 'bridge' });
  const report = diagnose(
    changed(base, {
      metrics: { value: metrics(values, last, { kind: 'bridge', dead: [] }) },
      'jmx.producer': skipped('the bridge has none'),
    }),
  );
  assert.equal(report.diagnoses[0]?.id, 'queue-overflow');
  assert.match(report.diagnoses[0]?.sentence ?? '', /3,000 of 5,400 offered messages \(56 %\) were refused/);
  assert.ok(!report.diagnoses.some(({ id }) => id === 'poll-ceiling' || id === 'gauges-dead'));
});

test('a neighbour with a near name that serves these very addresses leaves the state open', () => {
  const facts = healthy({
    'rest.status': { failure: 'http', status: 404, detail: 'HTTP 404' },
    target: { value: { ...(healthy().target as { value: object }).value, connector: 'otlp-src', config: null, workerId: null } } as never,
  });
  const report = diagnose(facts);
  assert.equal(report.diagnoses[0]?.id, 'connector-not-found');
  assert.equal(report.status, 'unknown');
  assert.match(report.summary, /otlp-src does not exist .* otlp-source exists and serves these very addresses\./);
  assert.equal(report.next[0], 'otlpctl doctor --connector otlp-source');
});

test('an address that was assumed and refuses is no finding by itself', () => {
  const facts = healthy({
    ...changesOf('connect-unauthorized'),
    'receiver.grpc': { ...refused('localhost', 4317), assumed: true },
    'receiver.http': { ...refused('localhost', 4318), assumed: true },
    metrics: skipped('none found'),
    'host.listeners': skipped('the worker is elsewhere'),
  });
  assert.deepEqual(roots(facts), ['connect-unauthorized']);
});

test('with nothing seen nothing is healthy', () => {
  for (const shape of [skipped('left out'), { unasked: 'unknown', reason: 'the run ended' } as const]) {
    const facts = changed(healthy(), Object.fromEntries(FACT_IDS.filter((id) => id !== 'run' && id !== 'target').map((id) => [id, shape])));
    assert.equal(diagnose(facts).status, 'unknown');
  }
});

/** Every mix of what could not be asked: only the rules that say so may speak. */
test('no rule calls critical what was not seen', () => {
  const fact = fc.constantFrom({ unasked: 'unknown', reason: 'no time' }, { unasked: 'skipped', reason: 'not given' });
  const asked = FACT_IDS.filter((id) => id !== 'run');
  fc.assert(
    fc.property(fc.record(Object.fromEntries(asked.map((id) => [id, fact]))), (changes) => {
      const { diagnoses } = diagnose(changed(healthy(), changes as Changes));
      assert.deepEqual(
        diagnoses.filter((one) => one.scope === 'target' && one.status !== 'ok').map((one) => one.id),
        [],
      );
    }),
    { numRuns: 100 },
  );
});

/** Any fact of any situation laid over any other: whatever comes together, the report holds together. */
test('status, causes and echoes agree, whatever is seen together', () => {
  const situations = RULES.map((rule) => changesOf(rule.id));
  const mix = fc.record(
    Object.fromEntries(FACT_IDS.map((id) => [id, fc.constantFrom(undefined, ...situations.map((changes) => changes[id]))])),
  );
  fc.assert(
    fc.property(mix, (changes) => {
      const facts = changed(healthy(), Object.fromEntries(Object.entries(changes).filter(([, change]) => change !== undefined)) as Changes);
      const report = diagnose(facts);
      assert.equal(report.status, statusOf(report.diagnoses));
      const target = report.diagnoses.filter((one) => one.scope !== 'client').map((one) => one.status);
      assert.ok(report.status === worst(target) || report.diagnoses.some((one) => one.scope === 'client'));
      const place = new Map(report.diagnoses.map((one, index) => [one.id, index]));
      assert.equal(place.size, report.diagnoses.length, 'no id twice, none lost');
      for (const one of report.diagnoses)
        if (one.because !== null)
          assert.ok((place.get(one.because) ?? Infinity) < (place.get(one.id) ?? 0), `${one.id} comes after ${one.because}`);
      const first = report.diagnoses[0];
      assert.ok(first === undefined || first.because === null);
      assert.equal(JSON.stringify(diagnose(facts)), JSON.stringify(report));
      assert.doesNotMatch(JSON.stringify(report.diagnoses.map((one) => one.sentence)), /undefined|NaN/);
    }),
    { numRuns: 200 },
  );
});

test('the report quotes no number for what is absent', () => {
  const report = diagnose(healthy({ metrics: skipped('none found', '--metrics-url URL') }));
  assert.equal(report.status, 'ok');
  assert.deepEqual(report.loss, { inWindow: null, inWindowPercent: null, soFar: null, since: report.loss.since, secondsUntilDrops: null });
  assert.ok(report.summary.startsWith('OK for what was looked at: state, receivers, log, port owners (RUNNING, '));
  assert.deepEqual(report.looked.not, [
    { what: 'metrics', why: 'none found', give: '--metrics-url URL' },
    { what: 'Kafka', why: 'no broker was given', give: '--kafka HOST:PORT' },
  ]);
  assert.ok(!ids(healthy({ metrics: skipped('none found') })).includes('idle'));
});

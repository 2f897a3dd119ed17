import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertsOf } from '../../../checks/alerts/alerts-of.ts';
import type { Judged } from '../../../checks/alerts/judge.ts';
import type { ConnectorMetrics, Facts, Sample } from '../../../checks/facts/index.ts';
import { withPrevious } from '../../../cli/health.ts';
import * as build from '../../facts.ts';

const { NOW } = build;
const CONFIG = { ...build.CONFIG, 'otlp.message.queue.size': '10000' };

/** One reading every `everyS` seconds up to now; `at` seconds since the first gives what is not 0. */
const readings = (seconds: number, at: (s: number) => Record<string, number>, everyS = 15): Sample[] =>
  Array.from({ length: Math.floor(seconds / everyS) + 1 }, (_, i) =>
    build.sample(NOW - seconds * 1000 + i * everyS * 1000, at(i * everyS)),
  );

const facts = (samples: Sample[], change: Partial<ConnectorMetrics> = {}, changes: build.Changes = {}): Facts =>
  build.healthy({
    metrics: { value: { ...build.metrics({}, null), samples, ...change } } as never,
    target: { value: { ...(build.healthy().target as { value: object }).value, config: CONFIG } } as never,
    ...changes,
  });

const alert = (of: Facts, id: string, said = {}): Judged => {
  const found = alertsOf(of, said).alerts.find((one) => one.id === id);
  assert.ok(found, `no alert ${id}`);
  return found;
};
const loud = (of: Facts): string[] =>
  alertsOf(of)
    .alerts.filter(({ state }) => state !== 'silent')
    .map(({ id, state }) => `${state} ${id}`);

const TEN_MINUTES = 600;
const traffic = (s: number) => ({ TracesReceived: 20 * s, RecordsProduced: 20 * s });

test('a healthy connector is silent, and each alert says what it saw', () => {
  const all = alertsOf(facts(readings(TEN_MINUTES, traffic)));
  assert.deepEqual(loud(facts(readings(TEN_MINUTES, traffic))), []);
  assert.equal(all.alerts.length, 15);
  for (const { id, seen, status } of all.alerts) assert.ok(seen.length > 5 && status === 'ok', id);
  assert.equal(all.alerts.find(({ id }) => id === 'HighMessageDropRate')?.seen, 'lost of what was offered: 0 % over 5.0 min.');
});

test('traffic that stopped fires after range and for, and is pending before', () => {
  const stopped = (quietS: number) => readings(1200, (s) => traffic(Math.min(s, 1200 - quietS)));
  assert.equal(alert(facts(stopped(120)), 'OTLPNoMessagesReceived').state, 'silent');
  const pending = alert(facts(stopped(420)), 'OTLPNoMessagesReceived');
  assert.deepEqual([pending.state, pending.status], ['pending', 'ok']);
  const firing = alert(facts(stopped(660)), 'OTLPNoMessagesReceived');
  assert.deepEqual([firing.state, firing.status], ['firing', 'warning']);
  assert.match(firing.seen, /^offered: none for 11\.0 min\.$/);
  assert.equal(alert(facts(stopped(660)), 'TracesNotReceived').state, 'firing');
});

test('two readings of ten minutes apart prove stillness, and nothing of less', () => {
  const look = facts([build.sample(NOW, { TracesReceived: 500, RecordsProduced: 500 })]);
  const before = (seconds: number): Sample => ({
    at: NOW - seconds * 1000,
    values: { TotalMessagesReceived: 500, TotalMessagesDropped: 0, RecordsProduced: 500 },
  });
  assert.equal(alert(withPrevious(look, before(620)), 'OTLPNoMessagesReceived').state, 'firing');
  assert.equal(alert(withPrevious(look, before(320)), 'OTLPNoMessagesReceived').state, 'pending');
  // Perfdata has totals only.
  assert.equal(alert(withPrevious(look, before(620)), 'TracesNotReceived').state, 'unknown');
});

test('a target that nobody sends to is idle, unless traffic is expected', () => {
  const idle = readings(TEN_MINUTES, () => ({}));
  assert.deepEqual(loud(facts(idle)), []);
  const run = build.healthy().run as { value: object };
  const expecting = facts(idle, {}, { run: { value: { ...run.value, expect: ['traffic'] } } as never });
  assert.equal(alert(expecting, 'OTLPNoMessagesReceived').state, 'firing');
});

test('loss is that of the range: old drops are history, fresh ones are not diluted, DropRate has no say', () => {
  const old = readings(TEN_MINUTES, (s) => ({ ...traffic(s), TracesDropped: 300, DropRate: 30 }));
  assert.deepEqual(loud(facts(old)), []);
  const fresh = readings(TEN_MINUTES, (s) => ({ TracesReceived: 100_000 + 20 * s, RecordsProduced: 100_000 + 20 * s, TracesDropped: s }));
  const high = alert(facts(fresh), 'HighMessageDropRate');
  assert.deepEqual([high.state, high.status, Math.round(high.value!)], ['firing', 'critical', 5]);
  assert.deepEqual(
    ['TracesQueueDropping', 'TracesLossHigh', 'LogsQueueDropping'].map((id) => alert(facts(fresh), id).state),
    ['firing', 'firing', 'silent'],
  );
});

test('loss that holds now counts as critical before it has lasted, as doctor judges it', () => {
  const short = alert(
    facts(readings(5, (s) => ({ TracesReceived: 10 * s, RecordsProduced: 10 * s, TracesDropped: 10 * s }), 1)),
    'HighMessageDropRate',
  );
  assert.deepEqual([short.state, short.status, short.value], ['pending', 'critical', 50]);
  assert.match(short.seen, /50 % over 5\.0 s; it fires once that lasts 5\.0 min\.$/);
});

test('what waits goes by the queues as configured and in use, not by a flat 10000', () => {
  const waiting = (n: number) => readings(TEN_MINUTES, (s) => ({ TracesReceived: 20 * s + n, RecordsProduced: 20 * s }));
  assert.equal(alert(facts(waiting(3400)), 'HighProcessingLag').state, 'firing');
  assert.equal(alert(facts(waiting(3200)), 'HighProcessingLag').state, 'silent');
  assert.equal(alert(facts(waiting(8100)), 'HighQueueUtilization').state, 'firing');
  assert.equal(alert(facts(waiting(8100)), 'HighQueueUtilization', { queueSize: 50_000 }).state, 'silent');
  // Three signals in use: the same number is a third of the room.
  const three = readings(TEN_MINUTES, (s) => ({
    TracesReceived: 20 * s + 8100,
    MetricsReceived: 5 * s,
    LogsReceived: 5 * s,
    RecordsProduced: 30 * s,
  }));
  assert.equal(alert(facts(three), 'HighQueueUtilization').state, 'silent');
});

test('without a size of the queues what goes by it is unknown, and says what to give', () => {
  const blind = facts(
    readings(60, traffic),
    {},
    {
      target: { value: { ...(build.healthy().target as { value: object }).value, config: null } } as never,
      'rest.list': build.skipped('x') as never,
    },
  );
  const fill = alert(blind, 'HighQueueUtilization');
  assert.deepEqual([fill.state, fill.status], ['unknown', 'unknown']);
  assert.match(fill.seen, /--queue-size/);
});

test('the poll ceiling fires at its rate under pressure, and at no other', () => {
  const at = (out: number, dropped: number, more = {}) =>
    facts(readings(TEN_MINUTES, (s) => ({ TracesReceived: 700 * s, RecordsProduced: out * s, TracesDropped: dropped * s, ...more })));
  assert.equal(alert(at(478, 320), 'OTLPPollCeiling').state, 'firing');
  assert.equal(alert(at(300, 320), 'OTLPPollCeiling').state, 'silent');
  assert.equal(alert(at(650, 320), 'OTLPPollCeiling').state, 'silent');
  const relaxed = readings(TEN_MINUTES, (s) => ({ TracesReceived: 478 * s, RecordsProduced: 478 * s }));
  assert.equal(alert(facts(relaxed), 'OTLPPollCeiling').state, 'silent');
});

test('a restart between two readings is no negative rate and no loss', () => {
  const samples = readings(TEN_MINUTES, (s) => traffic(s < 300 ? s + 500 : s - 300));
  assert.deepEqual(loud(facts(samples)), []);
});

test('what cannot be read is unknown with its reason, never silent', () => {
  const refused = build.healthy({ metrics: { failure: 'refused', detail: 'connect ECONNREFUSED' } as never });
  const { alerts } = alertsOf(refused);
  assert.equal(alerts.length, 15);
  for (const { id, state, status, seen } of alerts) {
    assert.deepEqual([state, status], ['unknown', 'unknown'], id);
    assert.match(seen, /ECONNREFUSED/);
  }
  const partly = readings(60, traffic).map(({ at, values: { LogsDropped: _none, ...values } }) => ({ at, values }));
  assert.match(alert(facts(partly), 'LogsQueueDropping').seen, /does not have LogsDropped/);
  assert.equal(alert(facts(partly), 'OTLPMetricsAbsent').status, 'unknown');
  assert.equal(alert(facts(partly), 'TracesQueueDropping').state, 'silent');
});

test('one reading makes no rate', () => {
  const once = facts(readings(0, () => ({ TracesReceived: 5, RecordsProduced: 5 })));
  assert.match(alert(once, 'TracesQueueDropping').seen, /--window, --previous or --prometheus-url/);
  assert.equal(alert(once, 'HighQueueUtilization').state, 'silent');
});

test('a bridge: live gauges, refusals, bytes held, no poll ceiling', () => {
  const bridge = (more: (s: number) => Record<string, number>) =>
    facts(
      readings(TEN_MINUTES, (s) => ({
        ...traffic(s),
        TotalMessagesRefused: 0,
        TracesRefused: 0,
        MetricsRefused: 0,
        LogsRefused: 0,
        QueueCapacity: 1000,
        HeldBytes: 10,
        HeldBytesLimit: 100,
        ...more(s),
      })),
      { kind: 'bridge' },
    );
  assert.deepEqual(loud(bridge(() => ({}))), []);
  assert.deepEqual(
    loud(
      bridge((s) => ({
        TracesRefused: 20 * s,
        TotalMessagesRefused: 20 * s,
        MaxQueueUtilizationPercent: 100,
        TracesQueueSize: 1000,
        HeldBytes: 90,
      })),
    ),
    [
      'firing HighMessageDropRate',
      'firing HighProcessingLag',
      'firing HighQueueUtilization',
      'firing TracesLossHigh',
      'firing TracesQueueRefusing',
      'firing HighHeldBytes',
    ],
  );
  assert.equal(
    alertsOf(bridge(() => ({}))).alerts.some(({ id }) => id === 'OTLPPollCeiling'),
    false,
  );
});

const history = (samples: Sample[], until = NOW): Facts['prometheus.history'] =>
  ({
    id: 'prometheus.history',
    source: 'GET http://p/api/v1/query_range',
    at: NOW,
    ms: 5,
    value: { samples, absent: [], from: NOW - 600_000, until, stepMs: 15_000, connectors: [] },
  }) as never;

test("a Prometheus' history makes alerts fire at one look; its own gap fires the guard", () => {
  const one = [build.sample(NOW, { TracesReceived: 12_000, RecordsProduced: 12_000, TracesDropped: 600 })];
  const before = readings(TEN_MINUTES, (s) => ({ ...traffic(s), TracesDropped: s }));
  assert.equal(alert(facts(one, {}, { 'prometheus.history': history(before) }), 'HighMessageDropRate').state, 'firing');
  const gone = before.filter(({ at }) => at < NOW - 400_000);
  const guard = alert(facts(one, {}, { 'prometheus.history': history(gone) }), 'OTLPMetricsAbsent');
  assert.deepEqual([guard.state, guard.status], ['firing', 'unknown']);
  assert.match(guard.seen, /no series of the connector for 6\.8 min/);
  assert.equal(alert(facts(one, {}, { 'prometheus.history': history([]) }), 'OTLPMetricsAbsent').state, 'firing');
  // The target refuses now, and Prometheus has seen it to the end.
  const refusing = facts(one, {}, { metrics: { failure: 'refused', detail: 'no' } as never, 'prometheus.history': history(before) });
  assert.equal(alert(refusing, 'HighMessageDropRate').state, 'firing');
});

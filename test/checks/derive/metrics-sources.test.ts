import assert from 'node:assert/strict';
import { test } from 'node:test';
import { disagreementOf } from '../../../checks/derive/metrics-sources.ts';
import type { Facts, LogSeen } from '../../../checks/facts/index.ts';
import { healthy, log, metrics, NOW } from '../../facts.ts';

/** The log's last task_metrics line, this long before the first reading, beside metrics that say 300. */
const logged = (records: number, ageMs: number, change: Partial<LogSeen> = {}): Facts => {
  const at = NOW - 5000 - ageMs;
  const events = { task_metrics: { count: 3, firstAt: at - 60_000, lastAt: at, fields: { records_produced: String(records) } } };
  return healthy({
    metrics: { value: metrics({ RecordsProduced: 290, TracesReceived: 300 }, { RecordsProduced: 300, TracesReceived: 300 }) },
    log: { value: log({ events, ...change }) },
  });
};

test('the log had counted more before than the metrics have now: one of them is of another task', () => {
  assert.deepEqual(disagreementOf(logged(301, 10_000)), {
    name: 'RecordsProduced',
    here: 300,
    there: 301,
    source: 'task_metrics in /kafka/logs/connect.log',
  });
});

test('less in the log, an old line, one after the reading, and a log without the start say nothing', () => {
  for (const facts of [logged(300, 10_000), logged(301, 61_000), logged(301, -1), logged(301, 10_000, { startedAt: null })])
    assert.equal(disagreementOf(facts), undefined);
});

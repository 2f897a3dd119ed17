import { test } from 'node:test';
import assert from 'node:assert/strict';
import { backlogOf } from '../../../checks/derive/queue.ts';
import { CONFIG, healthy, log, metrics, NOW, withValue } from '../../facts.ts';

const withMetrics = (first: Record<string, number>, last: Record<string, number>, change = {}) =>
  healthy({ metrics: { value: metrics(first, last, change) } });

test('dead gauges: what waits is received - produced, against the size in the configuration or its default', () => {
  const facts = withMetrics({ TracesReceived: 9000, RecordsProduced: 400 }, { TracesReceived: 9900, RecordsProduced: 900 });
  assert.deepEqual(backlogOf(facts), {
    messages: 9000,
    capacity: 10_000,
    source: 'counters',
    fullest: { signal: 'traces', messages: 9000, percent: 90, exact: true },
    growthPerSecond: 80,
    secondsUntilDrops: 12,
  });
  assert.equal(backlogOf(withValue(facts, 'target', { config: { ...CONFIG, 'otlp.message.queue.size': '20000' } }))?.fullest.percent, 45);
});

test('of several signals the fullest holds at least its share, or what the log last said', () => {
  const facts = withMetrics({}, { TracesReceived: 6000, MetricsReceived: 3000, LogsReceived: 1, RecordsProduced: 1 });
  assert.deepEqual(backlogOf(facts)?.fullest, { signal: null, messages: 3000, percent: 30, exact: false });
  const fields = { traces_queue_size: '600', metrics_queue_size: '200', logs_queue_size: '0', queue_capacity: '10000' };
  const told = withValue(facts, 'log', log({ events: { task_metrics: { count: 1, firstAt: NOW, lastAt: NOW - 10_000, fields } } }));
  assert.deepEqual(backlogOf(told)?.fullest, { signal: 'traces', messages: 6750, percent: 67.5, exact: false });
});

test('live gauges are read as they are', () => {
  const gauges = { QueueCapacity: 100, TracesQueueSize: 10, MetricsQueueSize: 95, TracesReceived: 5, MetricsReceived: 5 };
  assert.deepEqual(backlogOf(withMetrics({}, gauges, { dead: [], kind: 'bridge' }))?.fullest, {
    signal: 'metrics',
    messages: 95,
    percent: 95,
    exact: true,
  });
});

test('a queue never shows more than full, and a falling one has no end in sight', () => {
  const backlog = backlogOf(
    withValue(withMetrics({ TracesReceived: 900, RecordsProduced: 400 }, { TracesReceived: 900, RecordsProduced: 600 }), 'target', {
      config: { ...CONFIG, 'otlp.message.queue.size': '200' },
    }),
  );
  assert.equal(backlog?.fullest.percent, 100);
  assert.equal(backlog?.growthPerSecond, -40);
  assert.equal(backlog?.secondsUntilDrops, null);
});

test('no size, no percentage; no metrics, no backlog', () => {
  const facts = withMetrics({ TracesReceived: 9 }, { TracesReceived: 10 });
  const blind = withValue(healthy({ metrics: facts.metrics, 'rest.list': { unasked: 'skipped', reason: 'left out' } }), 'target', {
    config: null,
  });
  assert.equal(backlogOf(blind)?.fullest.percent, null);
  assert.equal(backlogOf(healthy({ metrics: { unasked: 'skipped', reason: 'none' } })), undefined);
});

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { diagnose } from '../../../checks/diagnose.ts';
import { backlogOf } from '../../../checks/derive/queue.ts';
import { atStake } from '../../../checks/derive/remedy.ts';
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

/** The last task_metrics line of a log, and no other source. */
const onlyLog = (fields: Record<string, string>, { ageMs = 12_000, stoppedAgeMs = null as number | null } = {}) => {
  const at = NOW + 5200 - ageMs;
  const stopping = stoppedAgeMs === null ? {} : { task_stopping: { count: 1, firstAt: 0, lastAt: NOW + 5200 - stoppedAgeMs, fields: {} } };
  const none = { unasked: 'skipped', reason: 'none found', give: '--metrics-url URL' } as const;
  return healthy({
    metrics: none,
    log: { value: log({ events: { task_metrics: { count: 4, firstAt: NOW - 90_000, lastAt: at, fields }, ...stopping } }) },
  });
};
const LINE = {
  records_produced: '12345',
  traces_queue_size: '850',
  metrics_queue_size: '10',
  logs_queue_size: '0',
  queue_capacity: '1000',
};

test("without metrics the log's last line has the true queue sizes, with its time and without rates", () => {
  assert.deepEqual(backlogOf(onlyLog(LINE)), {
    messages: 860,
    capacity: 1000,
    source: 'log',
    at: NOW - 6800,
    fullest: { signal: 'traces', messages: 850, percent: 85, exact: true },
    growthPerSecond: null,
    secondsUntilDrops: null,
  });
  const report = diagnose(onlyLog(LINE));
  const step = (id: string) => report.steps.find((one) => one.id === id);
  const when = "by the log's task_metrics line of 2026-11-23 14:59:53 UTC, 12.0 s ago (it comes every 30 s)";
  assert.equal(step('queue-utilization')?.sentence, `860 messages wait; the traces queue holds 850 of 1,000 (85 %), ${when}.`);
  assert.equal(step('produce-lag')?.sentence, `860 messages are received and not produced, ${when}.`);
  assert.deepEqual([step('metrics-source')?.status, step('message-intake')?.status, step('drop-rate')?.status], Array(3).fill('skipped'));
  assert.match(
    step('metrics-source')?.sentence ?? '',
    /\(give --metrics-url URL\)\. 12,345 records were produced and 860 messages waited, by the log's/,
  );
  const [first] = report.diagnoses;
  assert.deepEqual([first?.id, first?.status, first?.evidence[0]?.fact], ['queue-near-capacity', 'warning', 'log']);
  assert.equal(first?.sentence, `The traces queue is 85 % full: 850 of 1,000, ${when}.`);
});

test('an old line, one before the task stopped, and one without sizes tell nothing of now', () => {
  assert.equal(backlogOf(onlyLog(LINE, { ageMs: 61_000 })), undefined);
  assert.equal(backlogOf(onlyLog(LINE, { ageMs: 12_000, stoppedAgeMs: 11_000 })), undefined);
  assert.notEqual(backlogOf(onlyLog(LINE, { ageMs: 12_000, stoppedAgeMs: 13_000 })), undefined);
  assert.equal(backlogOf(onlyLog({ ...LINE, logs_queue_size: 'x' })), undefined);
});

test('empty queues in the log do not promise that a restart discards nothing', () => {
  const empty = { ...LINE, traces_queue_size: '0', metrics_queue_size: '0' };
  assert.equal(atStake(onlyLog(empty)), 'whatever is queued is discarded');
  assert.equal(atStake(onlyLog(LINE)), '860 queued messages are discarded');
});

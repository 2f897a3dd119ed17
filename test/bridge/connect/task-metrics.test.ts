import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventLog } from '../../../bridge/connect/events.ts';
import { emitTaskMetrics, worthALine } from '../../../bridge/connect/task-metrics.ts';
import type { LogLine } from '../../../bridge/log.ts';
import type { PipelineSnapshot } from '../../../bridge/pipeline.ts';

const none = { traces: 0, metrics: 0, logs: 0 };
const snapshot = (queued: number, produced: number): PipelineSnapshot => ({
  ...{
    accepted: none,
    refused: none,
    dropped: none,
    inFlight: none,
    capacity: 100,
    waiting: none,
    late: none,
    tooLarge: none,
    bytes: none,
    place: 'memory',
    troubles: { traces: null, metrics: null, logs: null },
  },
  queued: { ...none, metrics: queued },
  produced: { ...none, metrics: produced },
});
const said = (at: PipelineSnapshot): string => {
  const lines: LogLine[] = [];
  emitTaskMetrics(
    eventLog((line) => lines.push(line), 'c|task-0'),
    at,
    { id: 'session', began: { traces: 0, metrics: 40, logs: 5 } },
  );
  return `${lines[0]!.level} ${lines[0]!.message}`;
};
const line = (queued: number) =>
  `event=task_metrics records_produced=7 traces_queue_size=0 metrics_queue_size=${queued} logs_queue_size=0 queue_capacity=100 traces_seq=0 metrics_seq=47 logs_seq=5 session_id=session`;

test('80 % of a queue is healthy, more is a warning', () => {
  assert.equal(said(snapshot(80, 7)), `INFO ${line(80)} status=HEALTHY`);
  assert.equal(said(snapshot(81, 7)), `WARN ${line(81)} status=HIGH_QUEUE_UTILIZATION`);
});

test('a line is worth it when records flow or a queue is near its end', () => {
  assert.equal(worthALine(snapshot(0, 7), snapshot(0, 8)), true);
  assert.equal(worthALine(snapshot(0, 7), snapshot(80, 7)), false);
  assert.equal(worthALine(snapshot(81, 7), snapshot(81, 7)), true);
});

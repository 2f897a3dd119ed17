import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventLog } from '../../../bridge/connect/events.ts';
import { refusalLog } from '../../../bridge/connect/refusals.ts';
import type { LogLine } from '../../../bridge/log.ts';
import { until } from '../bridge-fixture.ts';

test('says the first refusal at once and the others together, a line a second per signal', () => {
  const lines: LogLine[] = [];
  let at = 5000;
  const refusals = refusalLog(
    eventLog((line) => lines.push(line), 'c|task-0'),
    () => at,
  );
  refusals.note('traces', 100, 'queue_full');
  refusals.note('traces', 100, 'queue_full');
  refusals.note('metrics', 7, 'queue_full');
  at = 5999;
  refusals.note('traces', 100, 'queue_full');
  at = 6000;
  refusals.note('traces', 99, 'queue_full');
  assert.deepEqual(
    lines.map(({ level, message }) => `${level} ${message}`),
    [
      'WARN event=trace_refused reason=queue_full queue_size=100 count=1',
      'WARN event=metric_refused reason=queue_full queue_size=7 count=1',
      'WARN event=trace_refused reason=queue_full queue_size=99 count=3',
    ],
  );
  refusals.note('logs', 1, 'queue_full');
  refusals.note('logs', 2, 'queue_full');
  refusals.flush();
  assert.deepEqual(
    lines.slice(3).map(({ message }) => message),
    ['event=log_refused reason=queue_full queue_size=1 count=1', 'event=log_refused reason=queue_full queue_size=2 count=1'],
  );
});

test('what was counted is said though nothing more is refused', async () => {
  const lines: LogLine[] = [];
  const refusals = refusalLog(
    eventLog((line) => lines.push(line), 'c|task-0'),
    Date.now,
    30,
  );
  refusals.note('logs', 1, 'queue_full');
  refusals.note('logs', 1, 'queue_full');
  const alive = setInterval(() => {}, 1000);
  await until('the second line', () => lines.length === 2);
  clearInterval(alive);
  assert.match(lines[1]!.message, /count=1$/);
});

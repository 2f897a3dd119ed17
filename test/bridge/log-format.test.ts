import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatLogLine } from '../../bridge/log-format.ts';

const AT = new Date(2026, 10, 23, 16, 7, 31, 8).getTime();
const TASK = 'io.conduktor.connect.otel.OpenTelemetrySourceTask';

test("a line has the layout of Connect's own log", () => {
  assert.equal(
    formatLogLine({ level: 'INFO', message: 'event=task_stopping session_id=s', logger: TASK, context: 'otlp-source|task-0' }, AT),
    `[2026-11-23 16:07:31,008] INFO [otlp-source|task-0] event=task_stopping session_id=s (${TASK}:0)\n`,
  );
  assert.equal(formatLogLine({ level: 'WARN', message: 'm', logger: 'l' }, AT), '[2026-11-23 16:07:31,008] WARN m (l:0)\n');
});

test('text from outside cannot make lines or control a terminal', () => {
  assert.equal(
    formatLogLine({ level: 'INFO', message: 'a\nb\r\u001b[31m\u2028c', logger: 'l', context: 'x\n[fake]|worker' }, AT),
    '[2026-11-23 16:07:31,008] INFO [x\\n[fake]|worker] a\\nb\\r\\u001b[31m\\u2028c (l:0)\n',
  );
});

test('a trace stands below its line with its own lines, and nothing else of a terminal', () => {
  assert.equal(
    formatLogLine({ level: 'ERROR', message: 'm', logger: 'l', trace: 'A: b\n\tat c\u001b[2J\n' }, AT),
    '[2026-11-23 16:07:31,008] ERROR m (l:0)\nA: b\n\tat c\\u001b[2J\n',
  );
});

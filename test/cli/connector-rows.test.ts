import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RestList } from '../../checks/facts/index.ts';
import { connectorRows, statusOfRows } from '../../cli/connector-rows.ts';
import { CONNECTOR_RENDERERS } from '../../cli/render/connectors.ts';

const TRACE =
  'org.apache.kafka.connect.errors.ConnectException: Failed to start\n\tat a.b(C.java:1)\nCaused by: java.net.BindException: Address already in use\n\tat x';

const list = (state: string, tasks: { state: string; trace?: string }[]): RestList => ({
  one: {
    status: {
      name: 'one',
      type: 'source',
      connector: { state, worker_id: 'w:8083' },
      tasks: tasks.map((task, id) => ({ id, worker_id: 'w:8083', ...task })),
    },
    info: { type: 'source', config: { 'connector.class': 'OpenTelemetrySource' } },
  },
});

const rows = (state: string, ...tasks: { state: string; trace?: string }[]) => connectorRows(list(state, tasks), ['one']);

test('the deepest cause of a trace stands in one line beside its task', () => {
  const all = rows('RUNNING', { state: 'FAILED', trace: TRACE });
  assert.deepEqual(all[0]!.tasks, [{ id: 0, state: 'FAILED', worker: 'w:8083', cause: 'BindException: Address already in use' }]);
  assert.equal(all[0]!.otlp, true);
  const text = CONNECTOR_RENDERERS.text({ source: '', status: 'critical', rows: all }, { columns: 100, colour: false, verbosity: 0 });
  assert.match(text, /^one +RUNNING +0 +FAILED +w:8083 +BindException: Address already in use$/m);
});

test('anything but RUNNING is critical unless expected; no task is critical; restarting passes', () => {
  assert.equal(statusOfRows(rows('RUNNING', { state: 'RUNNING' }), []), 'ok');
  assert.equal(statusOfRows(rows('RUNNING', { state: 'RUNNING' }, { state: 'UNASSIGNED' }), []), 'critical');
  assert.equal(statusOfRows(rows('RUNNING'), []), 'critical');
  assert.equal(statusOfRows(rows('STOPPED'), []), 'critical');
  assert.equal(statusOfRows(rows('STOPPED'), ['state=STOPPED']), 'ok');
  assert.equal(statusOfRows(rows('RESTARTING', { state: 'RUNNING' }), []), 'warning');
  assert.equal(statusOfRows([], []), 'ok');
});

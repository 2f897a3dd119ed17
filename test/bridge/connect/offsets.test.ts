import assert from 'node:assert/strict';
import { test } from 'node:test';
import { altered, sequencesOf } from '../../../bridge/connect/offsets.ts';
import { folder, running, sendTraces, testSettings, until, type Running } from '../bridge-fixture.ts';

type Offsets = { offsets: { partition: object; offset: { sequence: number; session_id: string } }[] };
const offsetsOf = async ({ rest }: Running) => ((await rest('/connectors/otlp-source/offsets')).json as Offsets).offsets;
const produced = async (run: Running, count: number) => {
  await sendTraces(run.bridge.worker.find('otlp-source')!.task!.ports.http!, count);
  await until('all to be delivered', () => run.bridge.pending() === 0);
};

test('offsets outlive the task and the bridge, and the next task goes on counting there', async (t) => {
  const directory = folder();
  const first = await running(t, testSettings(directory));
  await produced(first, 2);
  const [before] = await offsetsOf(first);
  assert.deepEqual(before!.partition, { connector_name: 'otlp-source', signal_type: 'TRACES' });
  assert.equal(before!.offset.sequence, 2);
  await first.rest('/connectors/otlp-source/tasks/0/restart', { method: 'POST' });
  assert.deepEqual(await offsetsOf(first), [before], 'a new session that has produced nothing has no offset of its own');
  await first.bridge.stop(1000);

  const second = await running(t, testSettings(directory));
  assert.deepEqual(await offsetsOf(second), [before]);
  assert.ok(second.lines.some(({ message }) => /^event=task_started session_id=\S+ traces_seq=2 metrics_seq=0 logs_seq=0$/.test(message)));
  await produced(second, 1);
  const [after] = await offsetsOf(second);
  assert.equal(after!.offset.sequence, 3);
  assert.notEqual(after!.offset.session_id, before!.offset.session_id);
});

test('offsets are laid over by partition, whatever the order of its keys; null takes one away, and one without partition is none', () => {
  const [a, b] = [
    { partition: { x: 1, y: 2 }, offset: { sequence: 1 } },
    { partition: { z: 3 }, offset: { sequence: 1 } },
  ];
  const next = { partition: { y: 2, x: 1 }, offset: { sequence: 9 } };
  assert.deepEqual(altered([a, b], [next]), [next, b]);
  assert.deepEqual(altered([a, b], [{ partition: { z: 3 }, offset: null }]), [a]);
  assert.deepEqual(altered([a], [{ partition: null, offset: { sequence: 5 } }]), [a]);
});

test('a sequence that is no whole number begins at 0', () => {
  const partition = { connector_name: 'c', signal_type: 'LOGS' };
  for (const sequence of ['7', 1.5, null, 2 ** 60])
    assert.equal(sequencesOf({ name: 'c', offsets: [{ partition, offset: { sequence } }] }).logs, 0, String(sequence));
  assert.deepEqual(sequencesOf({ name: 'c', offsets: [{ partition, offset: { sequence: 7 } }] }), { traces: 0, metrics: 0, logs: 7 });
});

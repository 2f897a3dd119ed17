import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actingConnect } from '../../doubles/acting-connect.ts';
import { startBridgeProcess } from '../../doubles/bridge-process.ts';
import { double } from '../../doubles/double.ts';
import { acting, auditOf, stateFolder } from './acting.ts';

test('a task that fails again after its restart is not restarted in a loop; --force goes on', async (t) => {
  const connect = await actingConnect({ taskState: 'FAILED', trace: 'java.lang.RuntimeException: something', manner: () => 'accept' });
  t.after(() => connect.close());
  const folder = stateFolder();
  const first = await acting(connect.url, folder, ['connector', 'restart', '--yes', '--wait', '0.5']);
  assert.equal(first.code, 2, first.stdout);
  const second = await acting(connect.url, folder, ['connector', 'restart-task', '0', '--yes', '--wait', '0.5']);
  assert.deepEqual([second.code, second.stdout], [3, '']);
  assert.match(
    second.stderr,
    /^otlpctl: otlp-source was restarted once in the last .* and is FAILED again: the next restart waits [\d.]+ (?:s|min), find the cause/,
  );
  assert.equal(connect.changes.length, 1);
  const forced = await acting(connect.url, folder, ['connector', 'restart-task', '0', '--yes', '--wait', '0.5', '--force']);
  assert.equal(forced.code, 2);
  assert.equal(connect.changes.length, 2);
  const third = await acting(connect.url, folder, ['connector', 'restart', '--yes']);
  assert.match(third.stderr, /was restarted 2 times in the last .* the next restart waits [\d.]+ min/);
});

test('a restart that meets the same port again is refused, with its holder and what to do first', async (t) => {
  const holder = await double('hang');
  t.after(() => holder.close());
  const bridge = await startBridgeProcess({ 'otlp.grpc.port': String(holder.port) });
  t.after(() => bridge.stop());
  const folder = stateFolder();
  const { code, stderr } = await acting(bridge.connectUrl, folder, [
    'connector',
    'restart-task',
    '0',
    '--yes',
    '--metrics-url',
    bridge.metricsUrl,
  ]);
  assert.equal(code, 3);
  assert.match(
    stderr,
    new RegExp(
      `^otlpctl: a restart cannot help: .* holds port ${holder.port}, .*; the task meets the same port again, first: kill ${process.pid} \\(or give --force\\)\\n$`,
    ),
  );
  assert.deepEqual(
    auditOf(folder)[0]!.events.map(({ event }) => event),
    ['refused'],
  );
  await holder.close();
  const after = await acting(bridge.connectUrl, folder, ['connector', 'restart-task', '0', '--yes', '--metrics-url', bridge.metricsUrl]);
  assert.equal(after.code, 0, after.stdout + after.stderr);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BRIDGE_KEYS, RECEIVER_KEYS } from '../../bridge/settings/keys.ts';
import { inProcess as otlpctl } from '../doubles/in-process.ts';

test('bridge --keys lists every key with its default and starts nothing', async () => {
  const { code, stdout, stderr } = await otlpctl(['bridge', '--keys']);
  assert.deepEqual([code, stderr], [0, '']);
  const listed = stdout.split('\n').filter((line) => /^ {2}\S/.test(line));
  const keys = [...RECEIVER_KEYS, ...BRIDGE_KEYS].map(
    ({ name, default: preset }) => `  ${name}${preset === undefined ? '' : `=${preset}`}`,
  );
  assert.deepEqual(listed.sort(), keys.sort());
  assert.match(stdout, /^ {2}otlp\.bind\.address=127\.0\.0\.1$/m);
  for (const line of stdout.split('\n')) assert.ok(line.length <= 80, line);
});

test('explain leads to them', async () => {
  const { code, stderr } = await otlpctl(['explain', 'bridge.sink']);
  assert.deepEqual([code, stderr], [3, 'otlpctl: there is no page on "bridge.sink", see otlpctl bridge --keys\n']);
});

import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';

test('the demonstration holds, in under 60 seconds', { timeout: 60_000 }, async () => {
  const { exitCode, stdout } = await execa('npm', ['run', '-s', 'demo'], { cwd: resolve(import.meta.dirname, '../..'), reject: false });
  assert.equal(exitCode, 0, stdout);
  assert.doesNotMatch(stdout, /^ {2}NO /m);
});

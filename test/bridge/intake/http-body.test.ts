import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createBudget, inflate } from '../../../bridge/intake/http-body.ts';
import type { Outcome } from '../../../bridge/intake/outcome.ts';

const OVER: Outcome = { is: 'too-large', reason: 'over' };

test('inflating stops at the limit itself, not at the end of the bomb', async () => {
  const bomb = gzipSync(Buffer.alloc(1_000_001));
  // Not assert.equal: it would take minutes to word the difference of a megabyte.
  assert.ok((await inflate(bomb, 'gzip', 1_000_000, OVER)) === OVER);
  assert.equal(((await inflate(bomb, 'gzip', 1_000_001, OVER)) as Buffer).length, 1_000_001);
});

test('a small inflated body does not keep a large chunk alive', async () => {
  const bytes = Buffer.alloc(40_000, 7);
  for (const length of [5000, 20_000, 40_000]) {
    const body = (await inflate(gzipSync(bytes.subarray(0, length)), ' GZIP ', 1_000_000, OVER)) as Buffer;
    assert.ok(body.equals(bytes.subarray(0, length)));
    assert.ok(body.buffer.byteLength <= Math.max(2 * length, Buffer.poolSize), `${length}: ${body.buffer.byteLength}`);
  }
});

test('without an encoding the body is passed on as it is', () => {
  const body = Buffer.from('x');
  for (const encoding of [undefined, '', 'identity']) assert.equal(inflate(body, encoding, 10, OVER), body);
});

test('bodies on their way in share a budget', () => {
  const budget = createBudget(10);
  assert.deepEqual([budget.take(6), budget.take(5), budget.take(4)], [true, false, true]);
  budget.giveBack(6);
  assert.equal(budget.take(6), true);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createBudget } from '../../../bridge/budget.ts';
import { inflate } from '../../../bridge/intake/http-body.ts';
import type { Outcome } from '../../../bridge/intake/outcome.ts';

const budget = () => createBudget(2 ** 30);
const OVER: Outcome = { is: 'too-large', reason: 'over' };

test('inflating stops at the limit itself, not at the end of the bomb', async () => {
  const bomb = gzipSync(Buffer.alloc(1_000_001));
  // Not assert.equal: it would take minutes to word the difference of a megabyte.
  assert.ok((await inflate(bomb, 'gzip', 1_000_000, OVER, budget())) === OVER);
  assert.equal(((await inflate(bomb, 'gzip', 1_000_001, OVER, budget())) as Buffer).length, 1_000_001);
});

test('a small inflated body does not keep a large chunk alive', async () => {
  const bytes = Buffer.alloc(40_000, 7);
  for (const length of [5000, 20_000, 40_000]) {
    const body = (await inflate(gzipSync(bytes.subarray(0, length)), ' GZIP ', 1_000_000, OVER, budget())) as Buffer;
    assert.ok(body.equals(bytes.subarray(0, length)));
    assert.ok(body.buffer.byteLength <= Math.max(2 * length, Buffer.poolSize), `${length}: ${body.buffer.byteLength}`);
  }
});

test('without an encoding the body is passed on as it is', () => {
  const body = Buffer.from('x');
  for (const encoding of [undefined, '', 'identity']) assert.equal(inflate(body, encoding, 10, OVER, budget()), body);
});

test('bodies on their way in share a budget', () => {
  const budget = createBudget(10);
  assert.deepEqual([budget.take(6), budget.take(5), budget.take(4)], [true, false, true]);
  budget.giveBack(6);
  assert.equal(budget.take(6), true);
});

test('what is inflated at the same time shares the budget too, and gives it back', async () => {
  const shared = createBudget(1_500_000);
  const bomb = gzipSync(Buffer.alloc(1_000_000));
  const inflated = () => inflate(bomb, 'gzip', 1_000_000, OVER, shared) as Promise<Buffer | Outcome>;
  const together = await Promise.all([inflated(), inflated(), inflated()]);
  const busy = together.flatMap((one) => (Buffer.isBuffer(one) ? [] : one.is));
  assert.ok(busy.length >= 2 && busy.every((is) => is === 'busy'), `${busy.length}`);
  assert.equal(((await inflated()) as Buffer).length, 1_000_000);
  await inflate(Buffer.from('no gzip'), 'gzip', 10, OVER, shared);
  assert.equal(shared.take(1_500_000), true);
});

test('where there is no room, the largest body that is being inflated gives way, and a smaller one does not', () => {
  const budget = createBudget(100);
  const gaveWay: string[] = [];
  const [large, small] = ['large', 'small'].map((name) => budget.inflating(() => gaveWay.push(name)));
  assert.deepEqual([large!.take(60), small!.take(30)], [true, true]);
  assert.equal(budget.take(70), false, 'nobody is larger than what is asked for');
  assert.deepEqual([small!.take(20), gaveWay, budget.held()], [true, ['large'], 50]);
  assert.deepEqual([large!.take(1), budget.held()], [false, 50], 'it has nothing any more, and gets nothing');
  large!.end();
  assert.equal(small!.take(60), false, 'the largest itself is refused');
  assert.deepEqual([budget.take(40), budget.take(45), gaveWay, budget.held()], [true, true, ['large', 'small'], 85]);
  small!.end();
  assert.equal(budget.held(), 85);
});

test('bombs give way to one another and to a body of common size', async () => {
  const shared = createBudget(4_000_000);
  const bomb = gzipSync(Buffer.alloc(3_000_000));
  const common = Buffer.alloc(500_000, 'common');
  const answers = await Promise.all([
    ...Array.from({ length: 6 }, () => inflate(bomb, 'gzip', 10_000_000, OVER, shared) as Promise<Buffer | Outcome>),
    inflate(gzipSync(common), 'gzip', 10_000_000, OVER, shared) as Promise<Buffer | Outcome>,
  ]);
  const last = answers.at(-1);
  assert.ok(Buffer.isBuffer(last) && last.equals(common));
  assert.ok(answers.some((answer) => !Buffer.isBuffer(answer) && answer.is === 'busy'));
  assert.equal(shared.held(), 0);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFrames } from '../../../../bridge/sinks/kafka/frames.ts';

test('a frame that was given back is used again, one that was not never is', () => {
  const frame = createFrames();
  const [first, second] = [frame(900_000), frame(900_000)];
  assert.deepEqual([first.buffer.length, second.buffer.length], [900_000, 900_000]);
  assert.notEqual(first.buffer.buffer, second.buffer.buffer);
  first.free();
  first.free();
  const third = frame(880_123);
  assert.equal(third.buffer.length, 880_123);
  assert.equal(third.buffer.buffer, first.buffer.buffer);
  const fourth = frame(900_000);
  assert.notEqual(fourth.buffer.buffer, first.buffer.buffer, 'given back twice, lent once');
});

test('small ones are not kept, and none is held for what is much smaller', () => {
  const frame = createFrames();
  const large = frame(2_000_000);
  large.free();
  const small = frame(100_000);
  assert.notEqual(small.buffer.buffer, large.buffer.buffer);
  assert.ok(small.buffer.buffer.byteLength < 200_000);
});

test('few are kept', () => {
  const frame = createFrames();
  const all = Array.from({ length: 10 }, () => frame(100_000));
  for (const one of all) one.free();
  const again = Array.from({ length: 10 }, () => frame(100_000));
  const before = new Set(all.map(({ buffer }) => buffer.buffer));
  assert.equal(again.filter(({ buffer }) => before.has(buffer.buffer)).length, 4);
});

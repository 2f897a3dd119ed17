import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createQueue } from '../../bridge/queue.ts';
import { message, names } from './messages.ts';

test('first in, first out, and full at its capacity', () => {
  const queue = createQueue(3);
  assert.deepEqual(
    [1, 2, 3, 4].map((name) => queue.offer(message(name))),
    [true, true, true, false],
  );
  assert.equal(queue.size(), 3);
  assert.deepEqual(names(queue.take(2, Infinity)), ['1', '2']);
  assert.equal(queue.offer(message(5)), true);
  assert.deepEqual(names(queue.take(10, Infinity)), ['3', '5']);
  assert.deepEqual(names(queue.take(10, Infinity)), []);
  assert.equal(queue.size(), 0);
});

test('a batch ends before it would pass its bytes, and a message that is larger goes alone', () => {
  const queue = createQueue(10);
  for (const size of [4, 4, 4, 99, 1]) queue.offer(message('x'.repeat(size)));
  const sizes = () => queue.take(10, 8).map(({ body }) => body.length);
  assert.deepEqual([sizes(), sizes(), sizes(), sizes()], [[4, 4], [4], [99], [1]]);
});

test('what a message takes beside its body counts too', () => {
  const queue = createQueue(10);
  for (const name of [1, 2, 3, 4, 5]) queue.offer(message(name));
  assert.deepEqual(names(queue.take(10, 8, 3)), ['1', '2']);
  assert.deepEqual(names(queue.take(10, 2, 3)), ['3'], 'one goes even so');
  assert.deepEqual(names(queue.take(10, 8)), ['4', '5']);
});

test('property: behaves like an array with a bound, through growth and wrapping', () => {
  const step = fc.oneof(fc.record({ offer: fc.integer({ min: 1, max: 150 }) }), fc.record({ take: fc.integer({ min: 0, max: 150 }) }));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.array(step, { maxLength: 30 }), (capacity, steps) => {
      const queue = createQueue(capacity);
      const model: string[] = [];
      let next = 0;
      for (const one of steps) {
        if ('take' in one) assert.deepEqual(names(queue.take(one.take, Infinity)), model.splice(0, one.take));
        else
          for (let count = 0; count < one.offer; count++) {
            const name = String(next++);
            const fits = model.length < capacity;
            assert.equal(queue.offer(message(name)), fits);
            if (fits) model.push(name);
          }
        assert.equal(queue.size(), model.length);
      }
    }),
    { numRuns: 200 },
  );
});

test('taking from a long queue costs what taking from a short one does', () => {
  const perTake = (length: number) => {
    const queue = createQueue(1_000_000);
    const one = message('x');
    for (let count = 0; count < length; count++) queue.offer(one);
    const startedAt = performance.now();
    for (let count = 0; count < 1000; count++) queue.take(1, Infinity);
    return performance.now() - startedAt;
  };
  perTake(2000);
  // Shifting a plain array of this length costs hundreds of times as much; the fastest of some rounds is the machine's own speed.
  const fastest = (length: number) => Math.min(...Array.from({ length: 5 }, () => perTake(length)));
  assert.ok(fastest(1_000_000) < 50);
});

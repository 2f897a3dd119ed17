import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { overdueAfter } from '../../../bridge/intake/overdue.ts';

// What is watched keeps no process alive; this does.
const alive = setInterval(() => {}, 1000);
after(() => clearInterval(alive));

test('what is not over in time is ended, in the order in which it began, and each once', async () => {
  const ended: string[] = [];
  const overdue = overdueAfter(50);
  const began = performance.now();
  overdue.begin(() => ended.push('first'));
  const over = overdue.begin(() => ended.push('over in time'));
  const last = Promise.withResolvers<number>();
  setTimeout(() => {
    overdue.begin(() => ended.push('second'));
    overdue.begin(() => {
      ended.push('third');
      last.resolve(performance.now());
    });
  }, 20);
  over();
  const at = await last.promise;
  assert.deepEqual(ended, ['first', 'second', 'third']);
  assert.ok(at - began >= 70, `${at - began} ms`);
});

test('it watches again after everything was over', async () => {
  const overdue = overdueAfter(10);
  for (let round = 0; round < 3; round++) {
    overdue.begin(() => assert.fail('this was over'))();
    await new Promise<void>((ended) => overdue.begin(ended));
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createThrottle } from '../../bridge/throttle.ts';
import { fakeClock } from './clock.ts';

/** Takes as much as it can get for so long; gives how much and in what portions. */
async function taken(perSecond: number | null, most: number, ms: number): Promise<{ total: number; portions: number }> {
  const clock = fakeClock();
  const throttle = createThrottle(perSecond, clock.now, clock.sleep);
  const seen = { total: 0, portions: 0 };
  let isOver = false;
  const run = async () => {
    while (!isOver) {
      const permits = await throttle.take(most);
      if (isOver) return;
      seen.total += permits;
      seen.portions++;
    }
  };
  const running = run();
  await clock.pass(ms);
  isOver = true;
  throttle.lift();
  await running;
  return seen;
}

test('the rate is kept, above and below one message a batch', async () => {
  assert.deepEqual(await taken(50, 200, 2000), { total: 101, portions: 101 });
  assert.deepEqual(await taken(2, 200, 5000), { total: 11, portions: 11 });
  assert.deepEqual(await taken(0.5, 200, 10_000), { total: 6, portions: 6 });
  const fast = await taken(10_000, 200, 1000);
  assert.ok(Math.abs(fast.total - 10_001) <= 1 && fast.portions <= 110, JSON.stringify(fast));
});

test('idle time is caught up with for a tenth of a second, not more', async () => {
  const clock = fakeClock();
  const throttle = createThrottle(100, clock.now, clock.sleep);
  await clock.pass(60_000);
  assert.equal(await throttle.take(200), 10);
});

test('permits that were not used are there for the next', async () => {
  const clock = fakeClock();
  const throttle = createThrottle(100, clock.now, clock.sleep);
  await clock.pass(60_000);
  throttle.giveBack((await throttle.take(200)) - 3);
  assert.equal(await throttle.take(200), 7);
});

test('who waits is served in turn', async () => {
  const clock = fakeClock();
  const throttle = createThrottle(1, clock.now, clock.sleep);
  const served: string[] = [];
  for (const name of ['a', 'b', 'c', 'd']) void throttle.take(1).then(() => served.push(name));
  await clock.pass(0);
  assert.deepEqual(served, ['a']);
  await clock.pass(2000);
  assert.deepEqual(served, ['a', 'b', 'c']);
});

test('no rate is no limit, and neither is a lifted one', async () => {
  const clock = fakeClock();
  assert.equal(await createThrottle(null, clock.now, clock.sleep).take(200), 200);
  const throttle = createThrottle(1, clock.now, clock.sleep);
  assert.equal(await throttle.take(1), 1);
  const waiting = throttle.take(200);
  throttle.lift();
  assert.equal(await waiting, 200);
  assert.equal(await throttle.take(200), 200);
});

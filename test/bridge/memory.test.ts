import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';

const BRIDGE = resolve(import.meta.dirname, '../../bridge');

/** Memory in bytes at its most, and when it was half of that or the deadline had passed. */
type Resident = { most: number; rest: number };

/** A process of its own, whose memory nobody else uses: holds 150 MB of objects, lets go of them, and rests (or works on) until they are given back. */
async function crowd(helped: boolean, rests: boolean, deadlineMs: number): Promise<Resident> {
  const { stdout } = await execa(process.execPath, [
    '--input-type=module',
    '-e',
    `import { giveBackMemory } from '${BRIDGE}/give-back.ts';
    const memory = ${helped ? 'giveBackMemory(100)' : '{ stop() {} }'};
    let held = Array.from({ length: 3_000_000 }, (_, at) => ({ at }));
    const most = process.memoryUsage.rss();
    held = null;
    const end = Date.now() + ${deadlineMs};
    while (process.memoryUsage.rss() > most / 2 && Date.now() < end) {
      const work = Date.now() + ${rests ? 0 : 50};
      while (Date.now() < work);
      await new Promise((next) => setTimeout(next, ${rests ? 50 : 0}));
    }
    console.log(JSON.stringify({ most, rest: process.memoryUsage.rss() }));
    memory.stop();`,
  ]);
  return JSON.parse(stdout) as Resident;
}

test('memory that a busy time has left behind is given back once it is over', async () => {
  const { most, rest } = await crowd(true, true, 20_000);
  assert.ok(rest <= most / 2, `${most} at its most, ${rest} at rest`);
});

for (const [what, helped, rests] of [
  ['by itself', false, true],
  ['while there is work', true, false],
] as const)
  test(`it is not given back ${what}`, async () => {
    const { most, rest } = await crowd(helped, rests, 1500);
    assert.ok(rest > most / 2, `${most} at its most, ${rest} at rest`);
  });

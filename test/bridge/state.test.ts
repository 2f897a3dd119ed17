import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openState } from '../../bridge/state.ts';
import type { StoredConnector } from '../../bridge/state/stored.ts';
import { folder, until } from './bridge-fixture.ts';

const KEPT: StoredConnector = {
  name: '../__proto__',
  config: { name: '../__proto__', ['__proto__']: 'x' },
  wanted: 'PAUSED',
  tasked: true,
  topics: ['t'],
  offsets: [{ partition: { signal_type: 'TRACES' }, offset: { sequence: 7 } }],
};

test('what was kept comes back, under any name, readable by its owner only', () => {
  const directory = join(folder(), 'deep', 'state');
  const first = openState(directory);
  assert.equal(first.isNew, true);
  first.save([KEPT]);
  first.release();
  assert.equal(statSync(directory).mode & 0o777, 0o700);
  assert.equal(statSync(join(directory, 'connectors.json')).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(directory), ['connectors.json']);

  const second = openState(directory);
  assert.equal(second.isNew, false);
  assert.equal(second.clusterId, first.clusterId);
  assert.deepEqual(second.connectors, [KEPT]);
  second.release();
});

test('one live bridge holds a folder, and the second is told which', () => {
  const directory = folder();
  const held = openState(directory);
  assert.throws(() => openState(directory), {
    code: 'bad-input',
    message: `${directory} is held by a running bridge (pid ${process.pid}): stop it, or give another bridge.state.dir or --port-offset`,
  });
  held.release();
  openState(directory).release();
  assert.equal(existsSync(join(directory, 'lock')), false);
});

const STALE: [what: string, lock: string, takenOver: number | null][] = [
  ['of a process that is gone', JSON.stringify({ pid: 2 ** 22 + 5, start: null, token: 'a' }), 2 ** 22 + 5],
  ['of an earlier process with our own pid', JSON.stringify({ pid: process.pid, start: '1', token: 'a' }), process.pid],
  ['that is damaged', '{"pid":', null],
];
for (const [what, lock, takenOver] of STALE) {
  test(`takes over a lock ${what}`, { skip: process.platform !== 'linux' }, () => {
    const directory = folder();
    writeFileSync(join(directory, 'lock'), lock);
    const state = openState(directory);
    assert.equal(state.takenOver, takenOver);
    assert.equal((JSON.parse(readFileSync(join(directory, 'lock'), 'utf8')) as { pid: number }).pid, process.pid);
    assert.throws(() => openState(directory), { code: 'bad-input' });
    state.release();
    assert.deepEqual(readdirSync(directory), []);
  });
}

test(
  'takes over the lock of a process that was killed and that nobody has waited for',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const directory = folder();
    // The shell becomes a sleep that never waits for the child the shell left it.
    const parent = spawn('sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    t.after(() => parent.kill('SIGKILL'));
    const pid = Number(String(((await once(parent.stdout, 'data')) as [Buffer])[0]));
    await until('the child has ended', () => / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
    writeFileSync(join(directory, 'lock'), JSON.stringify({ pid, start: null, token: 'a' }));
    const state = openState(directory);
    assert.equal(state.takenOver, pid);
    state.release();
  },
);

test('a folder that cannot be made is named', { skip: process.platform !== 'linux' }, () => {
  assert.throws(() => openState('/proc/nothing'), {
    code: 'bad-input',
    message: 'bridge.state.dir /proc/nothing cannot be made (no such file or folder): give another one',
  });
});

test('a damaged file is named and left alone, and the folder is free again', () => {
  const directory = folder();
  const file = join(directory, 'connectors.json');
  for (const text of ['{', '{"schemaVersion":2}', '{"schemaVersion":1,"clusterId":"c","connectors":[{"name":1}]}']) {
    writeFileSync(file, text);
    assert.throws(() => openState(directory), {
      code: 'bad-input',
      message: `${file} is damaged or of another version: move it away to begin anew, or give another bridge.state.dir`,
    });
    assert.equal(readFileSync(file, 'utf8'), text);
  }
  assert.deepEqual(readdirSync(directory), ['connectors.json']);
});

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openState } from '../../bridge/state.ts';
import type { StoredConnector } from '../../bridge/state/stored.ts';
import { folder } from './bridge-fixture.ts';

const KEPT: StoredConnector = {
  name: '../__proto__',
  config: { name: '../__proto__', ['__proto__']: 'x' },
  wanted: 'PAUSED',
  tasked: true,
  topics: ['t'],
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

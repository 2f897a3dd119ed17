import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { assertFolder, writeFolder } from '../../cli/output-folder.ts';

function place(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-output-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}
const FILES = { a: 'one\n', b: 'two\n' };
const inside = (folder: string) => Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

test('the folder is made, its files are whole and their owner alone reads them', (t) => {
  const folder = join(place(t), 'deep', 'er');
  writeFolder(folder, FILES, { force: false });
  assert.deepEqual(inside(folder), FILES);
  assert.equal(statSync(join(folder, 'a')).mode & 0o077, 0);
  assert.deepEqual(readdirSync(join(folder, '..')), ['er'], 'nothing is left beside it');
});

test('one file that is there stops all of them, and --force writes over it; others stay', (t) => {
  const folder = place(t);
  writeFileSync(join(folder, 'b'), 'mine\n');
  writeFileSync(join(folder, 'c'), 'other\n');
  assert.throws(() => writeFolder(folder, FILES, { force: false }), {
    code: 'bad-input',
    message: /holds b already: name another folder, or give --force$/,
  });
  assert.deepEqual(inside(folder), { b: 'mine\n', c: 'other\n' });
  writeFolder(folder, FILES, { force: true });
  assert.deepEqual(inside(folder), { ...FILES, c: 'other\n' });
});

test('what cannot be written whole is not written at all', (t) => {
  const folder = join(place(t), 'new');
  // A name that no file can have, after one that could be written.
  assert.throws(() => writeFolder(folder, { a: 'one\n', 'no/such/place': 'two\n' }, { force: false }), {
    code: 'bad-input',
    message: /cannot be written: no such file/,
  });
  assert.equal(existsSync(folder), false);
  assert.deepEqual(readdirSync(join(folder, '..')), []);
});

test('a file is no folder, and a folder below a file is none', (t) => {
  const folder = place(t);
  writeFileSync(join(folder, 'file'), '');
  assert.throws(() => assertFolder(join(folder, 'file')), { code: 'bad-input', message: /is a file: name a folder$/ });
  assert.throws(() => writeFolder(join(folder, 'file', 'x'), FILES, { force: true }), {
    code: 'bad-input',
    message: /^--output .*: not a directory/,
  });
  mkdirSync(join(folder, 'empty'));
  writeFolder(join(folder, 'empty'), FILES, { force: false });
  assert.deepEqual(inside(join(folder, 'empty')), FILES);
});

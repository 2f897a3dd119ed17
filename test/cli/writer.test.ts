import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readRecords } from '../../cli/record-folder.ts';
import { createWriter } from '../../cli/writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'otlpctl-writer-'));
after(() => rmSync(folder, { recursive: true }));

function written(colour = false) {
  const streams = { out: '', err: '' };
  const stdout = Object.assign(new EventEmitter(), { write: (text: string) => (streams.out += text) });
  const stderr = Object.assign(new EventEmitter(), { write: (text: string) => (streams.err += text) });
  return { streams, stdout, writer: createWriter({ stdout, stderr, colour }) };
}

test('secrets and terminal escapes do not leave the program as text', () => {
  const { streams, writer } = written();
  writer.out('http://u:pw@h/ \u001b]0;title\u0007 \u001b[31mred\u001b[39m\n');
  assert.equal(streams.out, 'http://<redacted:userinfo>@h/ \\x1b]0;title\\x07 \\x1b[31mred\\x1b[39m\n');
});

test('with colour only our own colours pass', () => {
  const { streams, writer } = written(true);
  writer.out('\u001b[31mred\u001b[39m \u001b[2J\u001b[8mhidden\n');
  assert.equal(streams.out, '\u001b[31mred\u001b[39m \\x1b[2J\\x1b[8mhidden\n');
});

test('a JSON document is redacted by its keys and stays JSON', () => {
  const { streams, writer } = written();
  writer.out(JSON.stringify({ password: 'x', text: 'a\u009bb\u202e', n: 1 }), 'json');
  assert.deepEqual(JSON.parse(streams.out), { password: '<redacted:password>', text: 'a\u009bb\u202e', n: 1 });
  assert.match(streams.out, /a\\u009bb\\u202e/);
});

test('a reader that went away is no error; another failure of the stream is', () => {
  const { stdout } = written();
  assert.equal(stdout.emit('error', Object.assign(new Error('gone'), { code: 'EPIPE' })), true);
  assert.throws(() => stdout.emit('error', Object.assign(new Error('disk full'), { code: 'ENOSPC' })), { message: 'disk full' });
});

test('a record is written whole, for its owner only, and never over an earlier one', () => {
  const { writer } = written();
  const directory = join(folder, 'deep', 'record');
  writer.record(directory, [{ secret: 'x' }]);
  assert.deepEqual(readdirSync(directory), ['facts.json']);
  assert.equal(statSync(join(directory, 'facts.json')).mode & 0o777, 0o600);
  assert.deepEqual(JSON.parse(readRecords(directory)[0]!.text), { secret: '<redacted:secret>' });
  assert.throws(() => writer.record(directory, [{}]), {
    code: 'bad-input',
    message: `--record ${directory} holds a record already: name another folder`,
  });
  assert.match(readFileSync(join(directory, 'facts.json'), 'utf8'), /redacted/);
});

test('several connectors are numbered, and read back in their order', () => {
  const { writer } = written();
  const directory = join(folder, 'several');
  writer.record(
    directory,
    Array.from({ length: 11 }, (_, n) => ({ n })),
  );
  assert.deepEqual(
    readRecords(directory).map(({ text }) => (JSON.parse(text) as { n: number }).n),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  );
});

test('a folder that cannot be made or read is one sentence, and nothing is left', () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  const { writer } = written();
  assert.throws(() => writer.record(join(file, 'below'), [{}]), {
    code: 'bad-input',
    message: /^--record .*below cannot be (used|written): not a directory$/,
  });
  assert.throws(() => readRecords(join(folder, 'none')), {
    code: 'bad-input',
    message: /^--replay .*none cannot be read: no such file or directory$/,
  });
  assert.throws(() => readRecords(folder), { code: 'bad-input', message: /holds no record: there is no facts\.json in it$/ });
  assert.equal(existsSync(join(file, 'below')), false);
});

test('a record cannot be kept where no folder can be made, and that is said at once', () => {
  const { writer } = written();
  assert.throws(() => writer.record('/proc/nowhere/record', [{}]), { message: /^--record \/proc\/nowhere\/record cannot be written: / });
});

test('output that could not be written is told to whoever wants to know', () => {
  const stdout = Object.assign(new EventEmitter(), { write: () => true });
  const told: string[] = [];
  createWriter({ stdout, stderr: new EventEmitter() as never, colour: false, lost: (error) => void told.push(error.message) });
  stdout.emit('error', Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }));
  stdout.emit('error', Object.assign(new Error('EPIPE'), { code: 'EPIPE' }));
  assert.deepEqual(told, ['ENOSPC: no space left on device, write']);
});

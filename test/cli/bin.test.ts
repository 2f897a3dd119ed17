import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { BIN } from '../doubles/otlpctl.ts';

/** The bin as an older Node.js would run it: only the version it goes by is changed. */
function onNode(version: string, args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const versions = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  const preload = `data:text/javascript,${encodeURIComponent(versions)}`;
  return new Promise((done) =>
    execFile(process.execPath, ['--import', preload, BIN, ...args], (error, stdout, stderr) =>
      done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    ),
  );
}

test('an older Node.js is told so in one sentence, exit code 3', async () => {
  for (const version of ['18.20.4', '20.20.2', '22.18.0']) {
    const { code, stdout, stderr } = await onNode(version, ['doctor']);
    assert.equal(code, 3);
    assert.equal(stdout, '');
    assert.match(stderr, new RegExp(`^otlpctl: needs Node.js 22.19 or later, and this is ${version.replaceAll('.', '\\.')} \\(.*\\)\n$`));
  }
});

test('monitoring reads it on stdout', async () => {
  const { code, stdout, stderr } = await onNode('20.20.2', ['health']);
  assert.equal(code, 3);
  assert.match(stdout, /^OTLP UNKNOWN - needs Node\.js 22\.19 or later.*\n$/);
  assert.equal(stderr, '');
});

test('the oldest Node.js that is good enough passes', async () => {
  assert.equal((await onNode('22.19.0', ['--version'])).code, 0);
});

test(
  'it starts as a user that no account is of, as in a container, with and without a home folder',
  { skip: process.getuid?.() !== 0 },
  async () => {
    const user = ['--reuid', '4242424', '--regid', '4242424', '--clear-groups'];
    // So that it may read this checkout wherever it lies.
    const read = ['--inh-caps', '-all,+dac_read_search', '--ambient-caps', '-all,+dac_read_search'];
    for (const home of [{}, { HOME: '/nowhere' }]) {
      const command = [...user, ...read, '--', process.execPath, BIN, 'capacity', '--peak', '100', '--burst', '1'];
      const { code, stderr } = await new Promise<{ code: number; stderr: string }>((done) =>
        execFile('setpriv', command, { env: { PATH: process.env.PATH, ...home } }, (error, _, said) =>
          done({ code: error === null ? 0 : Number(error.code), stderr: said }),
        ),
      );
      assert.deepEqual([code, stderr], [0, '']);
    }
  },
);

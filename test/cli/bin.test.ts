import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { BIN, cleanEnv } from '../doubles/otlpctl.ts';

/** The bin, or another program, as an older Node.js would run it: only the version it goes by is changed. */
function onNode(version: string, args: readonly string[], program = BIN): Promise<{ code: number; stdout: string; stderr: string }> {
  const versions = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  const preload = `data:text/javascript,${encodeURIComponent(versions)}`;
  return new Promise((done) =>
    execFile(process.execPath, ['--import', preload, program, ...args], (error, stdout, stderr) =>
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

test('the tools of a checkout say so too, each before anything else', async () => {
  const folder = resolve(dirname(BIN), '../test/tools');
  const tools = readdirSync(folder).filter((name) => name !== 'node-version.mjs');
  assert.ok(tools.length >= 4, tools.join());
  for (const name of tools) {
    // Node.js 20 ends at a named import that it does not have, before a line of ours has run.
    assert.doesNotMatch(
      readFileSync(join(folder, name), 'utf8'),
      /import [^;]*\{[^}]*\b(?:globSync|stripTypeScriptTypes|findPackageJSON)\b/,
      name,
    );
    const { code, stdout, stderr } = await onNode('20.20.2', [], join(folder, name));
    assert.deepEqual([code, stdout], [3, ''], name);
    assert.match(stderr, /^needs Node\.js 22\.19 or later, and this is 20\.20\.2 \(.*\): npm ci installs one .*\n$/);
  }
});

/** As a shell starts it, by its first line: by `node` of PATH. */
function byName(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = cleanEnv({ PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) });
  return new Promise((done) =>
    execFile('/bin/sh', [BIN, ...args], { env }, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    ),
  );
}

test("a client's environment is judged and never obeyed: Node.js keeps its hands off --env-file", async () => {
  assert.match(readFileSync(BIN, 'utf8'), /^#!\/bin\/sh\n/);
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-bin-'));
  try {
    const client = join(folder, 'client.env');
    writeFileSync(
      client,
      `OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317\nNODE_OPTIONS=--import=data:text/javascript,console.log("obeyed")\n`,
    );
    const judged = await byName(['exporter-env', '--env-file', client, '--connect-url', 'none', '--format', 'json']);
    assert.equal((JSON.parse(judged.stdout) as { place: string }).place, client);
    const missing = await byName(['exporter-env', '--env-file', join(folder, 'nowhere')]);
    assert.equal(missing.code, 3);
    assert.match(missing.stderr, /^otlpctl: --client-env .*nowhere cannot be read: no such file or directory\n$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
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

import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { LOOK_OPTIONS } from '../../cli/options.ts';
import { readOptions } from '../../cli/read-options.ts';
import { settingsOf, targetOf } from '../../cli/target-options.ts';

const folder = mkdtempSync(join(tmpdir(), 'otlpctl-target-'));
after(() => rmSync(folder, { recursive: true }));

const target = (raw: Record<string, string>) => targetOf(readOptions(LOOK_OPTIONS, raw, {}).values);

test('userinfo leaves the URL and becomes credentials', () => {
  const { connectUrl, connectAuth } = target({ 'connect-url': 'http://ann:p%40ss@connect:8083/' });
  assert.equal(connectUrl?.href, 'http://connect:8083/');
  assert.deepEqual(connectAuth, { user: 'ann', password: 'p@ss' });
});

test('--connect-url none leaves Connect out', () => assert.equal(target({ 'connect-url': 'none' }).connectUrl, null));

function authFile(text: string, mode: number): string {
  const file = join(folder, `auth-${mode.toString(8)}-${text.length}`);
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

test('credentials come from a file of one line, with colons in the password', () => {
  assert.deepEqual(target({ 'connect-auth-file': authFile('ann:a:b\n', 0o600) }).connectAuth, { user: 'ann', password: 'a:b' });
});

test('a credentials file that others can read is refused, and its content never shown', () => {
  const file = authFile('ann:hidden', 0o644);
  assert.throws(() => target({ 'connect-auth-file': file }), {
    code: 'bad-input',
    message: `--connect-auth-file ${file} can be read by others: run chmod 600 ${file}`,
  });
  const noColon = authFile('hidden', 0o600);
  assert.throws(() => target({ 'connect-auth-file': noColon }), {
    message: `--connect-auth-file ${noColon} is not one line user:password`,
  });
});

test('a missing file and a folder are one sentence each', () => {
  assert.throws(() => target({ 'connect-auth-file': folder }), {
    message: `--connect-auth-file ${folder} is a directory: name the file with the line user:password`,
  });
  assert.throws(() => target({ 'connect-ca': folder }), { message: `--connect-ca ${folder} cannot be read: it is a directory` });
  assert.throws(() => target({ 'connect-auth-file': '/nowhere/at/all' }), {
    message: '--connect-auth-file /nowhere/at/all cannot be read: no such file or directory',
  });
});

test('credentials are given once, and to Connect and the metrics alone', () => {
  const file = authFile('ann:b', 0o600);
  assert.throws(() => target({ 'connect-auth-file': file, 'connect-url': 'http://u:p@h:8083' }), {
    message: '--connect-auth-file and user:password@ in --connect-url are both given: leave one out',
  });
  assert.throws(() => target({ 'otlp-http': 'http://u:p@h:4318' }), {
    message: '--otlp-http has user:password@ in it, and only Connect and metrics are asked with credentials: leave it out',
  });
  const { metricsUrl, metricsAuth } = target({ 'metrics-url': 'http://ann:p%40s@h:8778/jolokia/' });
  assert.equal(metricsUrl?.href, 'http://h:8778/jolokia/');
  assert.deepEqual(metricsAuth, { user: 'ann', password: 'p@s' });
});

test('a client certificate and its key belong together', () => {
  assert.throws(() => target({ 'connect-cert': '/c.pem' }), {
    message: '--connect-cert and --connect-key belong together: give the key too',
  });
});

test('settings hold milliseconds and what was given', () => {
  const options = readOptions(LOOK_OPTIONS, { timeout: '2.5', expect: ['traffic'] }, {});
  const now = () => 1;
  assert.deepEqual(settingsOf(options, { env: {}, now, version: '1.2.3', windowSeconds: 5 }), {
    timeoutMs: 2500,
    windowMs: 5000,
    expect: ['traffic'],
    given: ['expect', 'timeout'],
    version: '1.2.3',
    env: {},
    now,
  });
});

test('there is one log: a file or a command', () => {
  assert.deepEqual(target({ 'log-command': `ssh W 'cat "/var/log/a b.log"'` }).logCommand, ['ssh', 'W', 'cat "/var/log/a b.log"']);
  assert.throws(() => target({ 'log-command': 'cat a', 'log-file': 'b' }), {
    code: 'bad-input',
    message: '--log-file and --log-command are both given, and there is one log: leave one out',
  });
  const given = () => readOptions(LOOK_OPTIONS, {}, { OTLPCTL_LOG_COMMAND: 'cat a | tail' });
  assert.throws(given, { message: /^OTLPCTL_LOG_COMMAND has \| outside quotes/ });
});

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { LogSeen } from '../../checks/facts/index.ts';
import { factsOf } from '../../cli/facts-of.ts';
import { LOOK_OPTIONS } from '../../cli/options.ts';
import { readOptions } from '../../cli/read-options.ts';
import { connectDouble } from '../doubles/connect.ts';
import { inProcess as otlpctl } from '../doubles/in-process.ts';
import { BIN, cleanEnv } from '../doubles/otlpctl.ts';
import { loadRecording } from '../recorded.ts';

const folder = mkdtempSync(join(tmpdir(), 'otlpctl-log-options-'));
test.after(() => rmSync(folder, { recursive: true }));
const log = join(folder, 'connect.log');
writeFileSync(log, loadRecording('port-taken-grpc').log.lines.join('\n'));

const CHECK = ['check', 'log-source', '--connect-url', 'none', '--connector', 'otlp-source', '--format', 'json'];

test('a command on the command line or in the environment prints the log', async () => {
  const typed = await otlpctl([...CHECK, '--log-command', `cat ${log}`]);
  assert.equal(typed.code, 0);
  assert.match(typed.stdout, /"sentence": ?"cat \S+connect\.log: 171 lines/);
  const named = await otlpctl(CHECK, { env: { OTLPCTL_LOG_COMMAND: `cat ${log}` } });
  assert.equal(named.code, 0);
  const failed = await otlpctl([...CHECK, '--log-command', 'no-such-tool-of-otlpctl']);
  assert.equal(failed.code, 3);
  assert.match(failed.stdout, /there is no no-such-tool-of-otlpctl on this machine's PATH/);
});

test('standard input is the log, is recorded, and has no part in a replay', async () => {
  const record = join(folder, 'record');
  const looked = await otlpctl([...CHECK, '--log-file', '-', '--record', record], { input: readFileSync(log, 'utf8') });
  assert.equal(looked.code, 0, looked.stderr);
  assert.match(looked.stdout, /standard input: 171 lines/);
  const again = await otlpctl(['check', 'log-source', '--format', 'json', '--replay', record]);
  assert.match(again.stdout, /standard input: 171 lines/);
});

test('standard input that stays open does not keep the look from ending', async () => {
  const child = spawn(process.execPath, [BIN, ...CHECK, '--log-file', '-', '--timeout', '1'], {
    env: cleanEnv({}),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stdin.write(`${readFileSync(log, 'utf8')}\n`);
  const code = await new Promise((done) => child.on('close', done));
  child.stdin.destroy();
  assert.equal(code, 0);
  assert.match(said, /it had not ended when the time was up/);
});

const WRONG: readonly (readonly [args: string[], sentence: string])[] = [
  [['--log-file', log, '--log-command', 'cat x'], '--log-file and --log-command are both given, and there is one log: leave one out'],
  [
    ['--log-command', 'cat x | tail'],
    "--log-command has | outside quotes, and no shell runs it: quote it, or write sh -c '…' around the whole",
  ],
  [['--log-command', 'cat "x'], '--log-command has a " that is never closed'],
  [['--log-command', ' '], '--log-command is empty: give it a value'],
  [['--replay', folder, '--log-command', 'cat x'], '--log-command has no say in a --replay: its facts are those of the record'],
];

for (const [args, sentence] of WRONG) {
  test(`${args.join(' ').replaceAll(folder, '')} is refused in one sentence, exit 3`, async () => {
    const { code, stdout, stderr } = await otlpctl(['doctor', ...args]);
    assert.deepEqual({ code, stdout, stderr }, { code: 3, stdout: '', stderr: `otlpctl: ${sentence}\n` });
  });
}

test('a terminal on standard input is refused, and so are several connectors that want it', async () => {
  const look = (raw: Record<string, string>, isTTY: boolean) =>
    factsOf(
      readOptions(LOOK_OPTIONS, { timeout: '3', 'log-file': '-', ...raw }, {}),
      { env: {}, now: Date.now, version: '1', windowSeconds: 0, stdin: () => Object.assign(new PassThrough().end(), { isTTY }) },
      'each',
    );
  await assert.rejects(look({ 'connect-url': 'none' }, true), {
    code: 'bad-input',
    message: '--log-file - reads the log from standard input, which is a terminal here: pipe a log into it, or name a file',
  });
  const connect = await connectDouble({ connectors: { a: {}, b: {} } });
  try {
    await assert.rejects(look({ 'connect-url': connect.url.href }, false), {
      code: 'bad-input',
      message: 'standard input can be read only once, and a and b want the log: name one with --connector',
    });
    const [facts] = await look({ 'connect-url': connect.url.href, connector: 'a' }, false);
    assert.equal((facts.log as { value?: LogSeen }).value?.lines, 0);
  } finally {
    await connect.close();
  }
});

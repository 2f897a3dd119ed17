import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startBridgeProcess, type BridgeProcess } from '../../doubles/bridge-process.ts';
import { inProcess, start } from '../../doubles/in-process.ts';
import { BIN, cleanEnv } from '../../doubles/otlpctl.ts';
import { until } from '../../doubles/until.ts';
import { auditOf, eventOf, stateFolder } from './acting.ts';

let bridge: BridgeProcess;
before(async () => void (bridge = await startBridgeProcess()));
after(async () => void (await bridge.stop()));

const levelOf = async ({ connectUrl }: BridgeProcess, logger: string): Promise<string> =>
  ((await (await fetch(`${connectUrl}/admin/loggers/${logger}`)).json()) as { level: string }).level;
const OWN = 'io.conduktor.connect.otel';

test('loglevel sets a level and reads it back; debug-window puts it back, also when it is interrupted', async () => {
  const folder = stateFolder();
  const target = ['--state-dir', folder, ...bridge.target];
  const set = await inProcess(['loglevel', 'warn', '--yes', ...target]);
  assert.deepEqual([set.code, await levelOf(bridge, OWN)], [0, 'WARN'], set.stdout);
  const again = await inProcess(['loglevel', 'WARN', '--yes', ...target]);
  assert.match(again.stdout, /^io\.conduktor\.connect\.otel is at WARN: nothing to do\.\n$/);

  const window = await inProcess(['debug-window', '--for', '0.5', '--logger', OWN, '--yes', ...target]);
  assert.deepEqual([window.code, await levelOf(bridge, OWN)], [0, 'WARN'], window.stdout);
  assert.match(window.stdout, /io\.conduktor\.connect\.otel is DEBUG\n[^]*io\.conduktor\.connect\.otel is WARN\n/);

  const running = start(['debug-window', '--for', '600', '--logger', OWN, '--yes', ...target]);
  await until('the level to be raised', async () => ((await levelOf(bridge, OWN)) === 'DEBUG' ? true : undefined));
  running.signal('SIGINT');
  assert.deepEqual([(await running.ran).code, await levelOf(bridge, OWN)], [2, 'WARN']);
  assert.equal(eventOf(auditOf(folder).at(-1)!, 'ended')!.outcome, 'not-seen');
  const { run } = auditOf(folder).at(-1)!;
  const over = await inProcess(['runbook', 'continue', run, '--yes', ...target]);
  assert.deepEqual([over.code, /was interrupted at .* and has put back what it changed/.test(over.stderr)], [3, true]);
});

test('debug-window keeps the log of its time without secrets, also across a rotation and a kill -9', async () => {
  const folder = stateFolder();
  const level = await levelOf(bridge, OWN);
  const log = join(stateFolder(), 'connect.log');
  writeFileSync(log, 'before the window\n');
  const words = ['debug-window', '--logger', OWN, '--yes', '--state-dir', folder, ...bridge.target];
  const raised = () => until('the level to be raised', async () => ((await levelOf(bridge, OWN)) === 'DEBUG' ? true : undefined));

  const whole = start([...words, '--for', '1', '--log-file', log, '--format', 'json']);
  await raised();
  appendFileSync(log, 'first sasl.password=hunter2 \u001b[2J\n');
  renameSync(log, `${log}.1`);
  writeFileSync(log, 'second\n');
  const ran = await whole.ran;
  const { files } = JSON.parse(ran.stdout) as { files: string[] };
  assert.deepEqual([ran.code, files.length, await levelOf(bridge, OWN)], [0, 1, level], ran.stdout);
  assert.match(readFileSync(files[0]!, 'utf8'), /^first sasl\.password=<redacted:password> [^\u001b]*\nsecond\n$/);
  assert.equal(statSync(files[0]!).mode & 0o777, 0o600);

  const child = spawn(process.execPath, [BIN, ...words, '--for', '600', '--log-command', `cat ${log}`], {
    env: cleanEnv(),
    stdio: 'ignore',
  });
  await raised();
  appendFileSync(log, 'third\n');
  child.kill('SIGKILL');
  await once(child, 'close');
  assert.equal(await levelOf(bridge, OWN), 'DEBUG');
  const { run } = auditOf(folder).at(-1)!;
  const going = start(['runbook', 'continue', run, '--yes', ...bridge.target.slice(0, 2), '--state-dir', folder]);
  await until('the window to go on', () => (going.said().includes('waiting for') ? true : undefined));
  going.signal('SIGTERM');
  const ended = await going.ran;
  assert.deepEqual([ended.code, await levelOf(bridge, OWN)], [2, level], ended.stdout);
  assert.match(ended.stdout, /1 lines? of the log \(6 B\) are in .*\.log\n/);
  assert.equal(readFileSync(join(folder, 'logs', `${run}.log`), 'utf8'), 'third\n');

  const blind = await inProcess([...words, '--for', '1', '--log-file', '/nowhere/connect.log']);
  assert.deepEqual([blind.code, await levelOf(bridge, OWN)], [3, level]);
  assert.match(blind.stdout, /\/nowhere\/connect\.log cannot be read: no such file or directory: nothing was changed\./);
  assert.doesNotMatch(blind.stdout, /200 done/);
  assert.deepEqual(
    auditOf(folder)
      .at(-1)!
      .events.filter(({ event }) => event === 'sending'),
    [],
  );
});

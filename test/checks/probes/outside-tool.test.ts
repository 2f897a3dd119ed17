import { test } from 'node:test';
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTool } from '../../../checks/probes/outside-tool.ts';
import { until } from '../../doubles/until.ts';

const signal = new AbortController().signal;
const run = (command: string[], over: { deadlineMs?: number; signal?: AbortSignal; onLine?: (line: string) => void } = {}) =>
  runTool({ command, deadlineMs: 5000, signal, ...over });
const folder = mkdtempSync(join(tmpdir(), 'otlpctl-tool-'));
test.after(() => rmSync(folder, { recursive: true }));

test('lines come whole, whatever the writes, and the last one without its end too', async () => {
  const lines: string[] = [];
  const end = await run(['sh', '-c', String.raw`printf 'one\ntw'; printf 'o\n\nfö\303'; printf '\266'`], {
    onLine: (line) => lines.push(line),
  });
  assert.deepEqual([end, lines], [{ exit: 0, lines: 4 }, ['one', 'two', '', 'föö']]);
});

test('arguments reach the tool as they are, and no shell', async () => {
  const lines: string[] = [];
  await run(['printf', '%s\\n', '$HOME', 'a b', '*', '; echo x'], { onLine: (line) => lines.push(line) });
  assert.deepEqual(lines, ['$HOME', 'a b', '*', '; echo x']);
});

test('standard input is empty: a tool that reads it ends', async () => {
  assert.deepEqual(await run(['cat']), { exit: 0, lines: 0 });
});

test('how a tool ends that does not end well', async () => {
  assert.deepEqual(await run(['sh', '-c', 'echo Error from server: no pod >&2; exit 3']), {
    failure: 'absent',
    detail: 'sh ended with exit code 3: Error from server: no pod',
  });
  assert.deepEqual(await run(['false']), { failure: 'absent', detail: 'false ended with exit code 1 and said nothing on stderr' });
  assert.deepEqual(await run(['sh', '-c', 'kill -9 $$']), {
    failure: 'absent',
    detail: 'sh was ended by SIGKILL and said nothing on stderr',
  });
});

test('a tool that is not there is our trouble; one that may not be run is denied', async () => {
  assert.deepEqual(await run(['no-such-tool-of-otlpctl', 'x']), {
    unasked: 'unknown',
    reason: "there is no no-such-tool-of-otlpctl on this machine's PATH",
  });
  const file = join(folder, 'not-executable');
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, 0o644);
  assert.deepEqual(await run([file]), { failure: 'denied', detail: `${file} may not be run by this user` });
});

const isGone = (pid: number): true | undefined => {
  try {
    process.kill(pid, 0);
    // A zombie that its new parent has not buried yet runs no more.
    return /^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8')) ? true : undefined;
  } catch {
    return true;
  }
};

test('a tool that hangs is ended at the deadline with all that it started', async () => {
  const pids = join(folder, 'pids');
  // Both refuse to end when they are asked to.
  const hang = `trap '' TERM; echo $$ > ${pids}; sh -c "trap '' TERM; echo \\$\\$ >> ${pids}; while :; do sleep 60; done" & while :; do sleep 60; done`;
  const end = run(['sh', '-c', hang], { deadlineMs: 600 });
  const both = await until('both to run', () => {
    const found = existsSync(pids) ? readFileSync(pids, 'utf8').trim().split('\n') : [];
    return found.length === 2 ? found.map(Number) : undefined;
  });
  assert.deepEqual(await end, { failure: 'timeout', detail: 'sh printed nothing in 600 ms and was ended', stage: 'answer' });
  for (const pid of both) await until(`${pid} to be gone`, () => isGone(pid));
});

test('endless output is read until the deadline, in bounded memory, and no line comes after it', async () => {
  let lines = 0;
  const before = process.memoryUsage().rss;
  const end = await run(['yes', 'x'.repeat(200)], { deadlineMs: 500, onLine: () => (lines += 1) });
  const then = lines;
  assert.ok('failure' in end && end.failure === 'timeout');
  assert.match(end.detail, /^yes was still printing, \d+ lines by then, in 500 ms and was ended$/);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(lines, then);
  assert.ok(process.memoryUsage().rss - before < 200 * 1024 * 1024);
});

test('a line that never ends is kept in part', async () => {
  const lengths: number[] = [];
  const end = await run(['sh', '-c', "head -c 5000000 /dev/zero | tr '\\0' x"], { onLine: (line) => lengths.push(line.length) });
  assert.ok('exit' in end);
  assert.equal(lengths.length, 1);
  assert.ok((lengths[0] ?? 0) <= 64 * 1024);
});

test('a look that is called off ends the tool', async () => {
  const before = process.listenerCount('exit');
  const end = await run(['sleep', '60'], { signal: AbortSignal.timeout(50) });
  assert.equal('failure' in end && end.failure, 'timeout');
  assert.equal(process.listenerCount('exit'), before);
});

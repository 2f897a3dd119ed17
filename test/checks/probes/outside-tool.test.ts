import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runTool } from '../../../checks/probes/outside-tool.ts';
import type { ToolRun } from '../../../checks/probes/outside-tool.ts';
import { until } from '../../doubles/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'otlpctl-tool-'));
after(() => rmSync(folder, { recursive: true }));
const run = (command: string, args: readonly string[], over: Partial<ToolRun> = {}) =>
  runTool({ command, args, deadlineMs: 5000, signal: new AbortController().signal, ...over });
const sh = (script: string, over: Partial<ToolRun> = {}) => run('/bin/sh', ['-c', script], over);

test('what a tool prints, and its lines as they come', async () => {
  const lines: string[] = [];
  const { outcome, stderr } = await sh('echo one; echo two >&2; printf three', {
    onLine: (line, from) => void lines.push(`${from} ${line}`),
  });
  assert.deepEqual(outcome, { value: 'one\nthree' });
  assert.equal(stderr, 'two');
  assert.deepEqual(lines.sort(), ['stderr two', 'stdout one', 'stdout three']);
});

test('an argument stays one, whatever is in it', async () => {
  const { outcome } = await run('/bin/echo', ['a b', '$HOME', '`id`', "'"]);
  assert.deepEqual(outcome, { value: "a b $HOME `id` '" });
});

test('the environment given is all there is', async () => {
  process.env['OTLPCTL_TEST_SECRET'] = 'x';
  const { outcome } = await run('/usr/bin/env', [], { env: { ONLY: 'this' } });
  delete process.env['OTLPCTL_TEST_SECRET'];
  assert.deepEqual(outcome, { value: 'ONLY=this' });
});

test('a tool that is not there is unknown, one that may not be run is denied', async () => {
  const missing = join(folder, 'nothing');
  assert.deepEqual((await run(missing, [])).outcome, { unasked: 'unknown', reason: `${missing} is not installed here` });
  const file = join(folder, 'plain');
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, 0o644);
  assert.deepEqual((await run(file, [])).outcome, { failure: 'denied', detail: `${file} may not be run (EACCES)` });
});

test('a tool that fails says why', async () => {
  assert.deepEqual((await sh('echo "no such host" >&2; exit 3')).outcome, {
    failure: 'malformed',
    detail: '/bin/sh ended with exit code 3: no such host',
  });
});

test('a tool that hangs ends at the deadline with all that it started, and what it had said is kept', async () => {
  const pid = join(folder, 'pid');
  const began = performance.now();
  const { outcome, stderr } = await sh(`echo waiting >&2; sleep 60 & echo $! >${pid}; wait`, { deadlineMs: 700 });
  assert.ok('failure' in outcome);
  assert.deepEqual([outcome.failure, outcome.detail.replace(/in .*/, '')], ['timeout', '/bin/sh did not end ']);
  assert.equal(stderr, 'waiting');
  assert.ok(performance.now() - began < 3000);
  const grandchild = Number(readFileSync(pid, 'utf8'));
  await until('the process that it started to be gone', () => (isRunning(grandchild) ? undefined : true));
});

test('a look that is given up ends it too', async () => {
  const given = new AbortController();
  const { outcome } = await sh('echo ready; exec sleep 60', { signal: given.signal, onLine: () => given.abort() });
  assert.ok('failure' in outcome && outcome.failure === 'timeout');
});

test('output without end is cut', async () => {
  const { outcome } = await sh('exec yes');
  assert.deepEqual(outcome, { failure: 'malformed', detail: '/bin/sh said more than 1048576 characters' });
});

/** A zombie that nobody reaps yet has ended. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

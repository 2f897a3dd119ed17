import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { execa } from 'execa';
import { brokerFor, runAsDeployed } from './bridge-run.ts';
import { deployed, filledIn } from './files.ts';

const UNIT = 'otlpctl-bridge.service';
const unit = () => deployed(UNIT);
/** Every value of a directive, in order. */
const valuesOf = (name: string) => [...unit().matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value!);
const one = (name: string): string => {
  const values = valuesOf(name);
  assert.equal(values.length, 1, name);
  return values[0]!;
};

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-deploy-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** The unit as it is but for the program, which has to be there to be judged. */
function installed(t: TestContext, places: Record<string, string> = {}): string {
  const folder = folderOf(t);
  const program = join(folder, 'otlpctl');
  writeFileSync(program, '#!/bin/sh\n');
  chmodSync(program, 0o755);
  const file = join(folder, UNIT);
  writeFileSync(file, filledIn(unit(), { '/usr/bin/otlpctl': program, ...places }));
  return file;
}

const analyze = (...args: string[]) => execa('systemd-analyze', args, { reject: false, all: true });

test('systemd takes the unit, and says so of one that is wrong', async (t) => {
  const { exitCode, all } = await analyze('verify', installed(t));
  assert.deepEqual([exitCode, all], [0, '']);
  assert.match((await analyze('verify', installed(t, { 'Restart=on-failure': 'Restart=sometimes' }))).all, /sometimes/);
});

test('the unit is hardened as far as systemd counts: 1.5 of 10 at most', async (t) => {
  const judged = (file: string) => analyze('security', '--offline=yes', '--threshold=15', '--no-pager', file);
  const { exitCode, all } = await judged(installed(t));
  assert.equal(exitCode, 0, all);
  assert.notEqual((await judged(installed(t, { 'PrivateUsers=yes\n': '', 'PrivateDevices=yes\n': '' }))).exitCode, 0);
});

test('a stop has the time that the settings allow it, and ends by SIGTERM', () => {
  const settings = JSON.parse(deployed('bridge.json')) as Record<string, number>;
  const longest = settings['bridge.stop.grace.ms']! + settings['bridge.flush.timeout.ms']!;
  assert.ok(Number(one('TimeoutStopSec')) * 1000 >= longest + 10_000);
  assert.equal(one('KillSignal'), 'SIGTERM');
  assert.equal(one('Restart'), 'on-failure');
});

test('what the unit starts serves, with its settings, its state folder and its credentials', async (t) => {
  const folder = folderOf(t);
  const [credentials, state] = [join(folder, 'credentials'), join(folder, 'state')];
  for (const path of [credentials, state]) mkdirSync(path);
  const kafka = await brokerFor(t);
  const files: Record<string, string> = {
    '/etc/otlpctl/auth': 'bearer t0ken\n',
    '/etc/otlpctl/bridge.json': filledIn(deployed('bridge.json'), { 'kafka-1:9092,kafka-2:9092,kafka-3:9092': kafka }),
  };
  for (const [id, source] of valuesOf('LoadCredential').map((one) => one.split(':'))) {
    assert.ok(files[source!] !== undefined, source);
    writeFileSync(join(credentials, id!), files[source!]!, { mode: 0o400 });
  }
  const [program, ...args] = filledIn(one('ExecStart'), { '%S': state, '%d': credentials }).split(' ');
  assert.equal(program, '/usr/bin/otlpctl');
  assert.ok(args.includes(`bridge.state.dir=${state}/${one('StateDirectory')}`), 'the state folder is the one that systemd makes');
  await runAsDeployed(t, args, { folder: state, token: 't0ken', kafka });
});

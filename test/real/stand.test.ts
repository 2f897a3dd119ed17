import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { until } from '../doubles/until.ts';
import { isAlive } from './stand/part.ts';
import { freePorts } from './stand/ports.ts';
import { startStand } from './stand/stand.ts';

const SCRIPT = `
import { startStand } from ${JSON.stringify(new URL('stand/stand.ts', import.meta.url).href)};
await startStand({ kafka: '3.9.1', folder: process.argv[1] });
`;

test('nothing of a stand outlives its owner, killed without warning while the stand starts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-stand-'));
  const owner = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  const pids = await until('two processes', () => {
    const groups = existsSync(join(folder, 'groups')) ? readFileSync(join(folder, 'groups'), 'utf8').trim().split('\n') : [];
    return groups.length === 2 ? groups.map(Number) : undefined;
  });
  assert.deepEqual(pids.map(isAlive), [true, true]);
  pids.forEach((pid) => process.kill(pid, 'SIGSTOP'));
  owner.kill('SIGKILL');
  await until('every process and the folder to be gone', () => (pids.some(isAlive) || existsSync(folder) ? undefined : true));
});

test('two workers of one group share the connectors, and one that was killed comes back', async (t) => {
  // A short session, so that the group soon knows of the killed worker.
  const stand = await startStand({
    kafka: '3.9.1',
    workers: 2,
    broker: { 'group.min.session.timeout.ms': 1000 },
    worker: { 'session.timeout.ms': 4000, 'heartbeat.interval.ms': 1000 },
  });
  t.after(stand.stop);
  const [http] = (await freePorts(1)) as [number];
  const status = await stand.createConnector('otlp-a', { 'otlp.grpc.enabled': 'false', 'otlp.http.port': String(http) });
  const hosts = stand.workers.map((worker) => new URL(worker.connectUrl).host);
  assert.ok(hosts.includes(status.tasks[0]!.worker_id));
  const [, second] = stand.workers;
  await second!.kill();
  await assert.rejects(fetch(second!.connectUrl));
  await second!.start();
  assert.equal((await fetch(`${second!.connectUrl}/connectors/otlp-a/status`)).status, 200);
  await stand.stop();
  assert.deepEqual(stand.record().pids.map(isAlive), [false, false, false]);
});

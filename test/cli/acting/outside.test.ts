import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { actingConnect } from '../../doubles/acting-connect.ts';
import { double } from '../../doubles/double.ts';
import { otlpctl } from '../../doubles/otlpctl.ts';
import { acting, auditOf, stateFolder } from './acting.ts';

const rungsOf = (stdout: string) =>
  (JSON.parse(stdout) as { rungs: { rung: string; outcome: string }[] }).rungs.map(({ rung, outcome }) => [rung, outcome]);

test('shutdown goes from rung to rung as far as it was told, until one helps; the last lists every connector that it stops', async (t) => {
  const connect = await actingConnect();
  t.after(() => connect.close());
  const folder = stateFolder();
  const stop = await acting(connect.url, folder, ['shutdown', '--rung', 'stop', '--rung', 'delete', '--yes', '--format', 'json']);
  assert.deepEqual([stop.code, connect.state(), rungsOf(stop.stdout)], [0, 'STOPPED', [['stop', 'done']]], stop.stdout);
  const how = await acting(connect.url, folder, ['shutdown', '--rung', 'worker', '--yes']);
  assert.match(how.stderr, /^otlpctl: --rung worker needs to know how, give --worker-command /);
  const worker = await acting(connect.url, folder, ['shutdown', '--rung', 'worker', '--worker-command', 'true', '--yes']);
  assert.equal(worker.code, 0, worker.stdout);
  assert.match(worker.stdout, /Every connector of this worker stops: otlp-source\.\n/);
  const broken = await acting(connect.url, folder, ['shutdown', '--rung', 'worker', '--worker-command', 'false', '--yes']);
  assert.deepEqual([broken.code, /false ended with exit code 1/i.test(broken.stdout)], [2, true]);
  const missing = await acting(connect.url, folder, ['shutdown', '--rung', 'worker', '--worker-command', 'no-such-tool', '--yes']);
  assert.equal(missing.code, 3, missing.stdout);
});

test('a rung that does not help, or that this Connect does not have, is followed by the next; --yes alone is the first', async (t) => {
  const stuck = await actingConnect({ manner: ({ url }) => (url.endsWith('/stop') ? { status: 500, message: 'no' } : 'usual') });
  const old = await actingConnect({ version: '3.4.0' });
  t.after(() => Promise.all([stuck.close(), old.close()]));
  const first = await acting(stuck.url, stateFolder(), ['shutdown', '--yes']);
  assert.deepEqual([first.code, stuck.state(), first.stderr], [2, 'RUNNING', 'next rung: otlpctl shutdown --rung delete\n']);
  const rungs = ['--rung', 'delete', '--rung', 'stop', '--yes', '--format', 'json'];
  const second = await acting(stuck.url, stateFolder(), ['shutdown', ...rungs]);
  assert.deepEqual(
    [second.code, stuck.state(), rungsOf(second.stdout)],
    [
      0,
      'absent',
      [
        ['stop', 'not-seen'],
        ['delete', 'done'],
      ],
    ],
    second.stdout,
  );
  const folder = stateFolder();
  const without = await acting(old.url, folder, ['shutdown', ...rungs]);
  assert.deepEqual(
    [without.code, old.state(), rungsOf(without.stdout)],
    [
      0,
      'absent',
      [
        ['stop', 'not-tried'],
        ['delete', 'done'],
      ],
    ],
    without.stdout,
  );
  assert.match(without.stderr, /^otlpctl: Kafka Connect 3\.4\.0 has no PUT \/connectors\/NAME\/stop: it came with 3\.5/);
  assert.deepEqual(
    auditOf(folder).map(({ events }) => events.at(-1)!.event),
    ['refused', 'ended'],
  );
});

test('firewall allow shows the commands, and runs them with --yes alone, as root alone', { skip: process.getuid?.() !== 0 }, async (t) => {
  const connect = await actingConnect();
  t.after(() => connect.close());
  const [grpc, http] = [connect.ports['otlp.grpc.port'], connect.ports['otlp.http.port']];
  const plan = await acting(connect.url, stateFolder(), ['firewall', 'allow']);
  assert.equal(plan.code, 0, plan.stderr);
  assert.match(
    plan.stdout,
    new RegExp(
      `does {5}ufw allow ${grpc}/tcp\\n +ufw allow ${http}/tcp\\n +waits +until the packet filter lets ${grpc}/tcp and\\s+${http}/tcp in\\nThis is the plan; nothing was sent\\.\\n$`,
    ),
  );
  // A tool that says what it was told, and one that fails: what is real here is how otlpctl meets them.
  const bin = stateFolder();
  const said = join(bin, 'said');
  const ufw = (body: string): void => writeFileSync(join(bin, 'ufw'), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  const args = ['firewall', 'allow', '--yes', '--connect-url', connect.url, '--wait', '2', '--state-dir'];
  const run = (folder: string, path = `${bin}:/bin:/usr/bin`) => otlpctl([...args, folder], { env: { PATH: path } });
  const none = await run(stateFolder(), stateFolder());
  assert.deepEqual([none.code, /there is no ufw on this machine's PATH: nothing was done\./i.test(none.stdout)], [3, true], none.stdout);
  ufw(`echo "$@" >> ${said}; [ $2 = ${grpc}/tcp ]`);
  const folder = stateFolder();
  const half = await run(folder);
  assert.deepEqual([half.code, readFileSync(said, 'utf8')], [2, `allow ${grpc}/tcp\nallow ${http}/tcp\n`], half.stdout);
  assert.match(half.stdout, /ufw ended with exit code 1/i);
  ufw('sleep 60');
  const late = await run(stateFolder());
  assert.deepEqual([late.code, /ufw printed nothing in 2\.0 s and was ended/i.test(late.stdout)], [2, true], late.stdout);
});

test('topic partitions without a Kafka that answers is one sentence, exit 3', async (t) => {
  const connect = await actingConnect();
  t.after(() => connect.close());
  const args = ['topic', 'partitions', '12', '--yes'];
  const blind = await acting(connect.url, stateFolder(), args);
  assert.deepEqual(
    [blind.code, blind.stderr],
    [3, 'otlpctl: the topics could not be read, so nobody knows how many partitions they have, give --kafka HOST:PORT\n'],
  );
  for (const kind of ['refused', 'hang', 'html', 'reset'] as const) {
    const other = await double(kind);
    t.after(() => other.close());
    const ran = await acting(connect.url, stateFolder(), [...args, '--kafka', `127.0.0.1:${other.port}`, '--timeout', '1.5']);
    assert.deepEqual([ran.code, ran.stdout], [3, ''], kind);
    assert.match(ran.stderr, /^otlpctl: the topics could not be read/);
  }
});

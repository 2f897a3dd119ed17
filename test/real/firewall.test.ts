import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { auditOf, eventOf, stateFolder } from '../cli/acting/acting.ts';
import { BIN, type Ran } from '../doubles/otlpctl.ts';
import { until } from '../doubles/until.ts';
import { BOTH, heldLock, TROUBLES } from './firewall/troubles.ts';
import { WORKER, workerHost, type WorkerHost } from './firewall/worker-host.ts';
import { kindOf, type BothWays } from './remedies/kind.ts';

/** The kernel gives namespaces and joins them, or says why not: then nothing of this can be tried here. */
function refusal(): string | false {
  try {
    const words = ['--mount', '--net', '--pid', '--fork', '--mount-proc', 'sh', '-c', 'ip link add a0 type veth peer name b0'];
    execFileSync('unshare', words, { stdio: 'pipe' });
    return false;
  } catch (error) {
    return `NO NAMESPACES HERE, so no packet filter was tried: ${String((error as { stderr?: Buffer }).stderr).trim()}`;
  }
}
const skip = refusal();

const PLACES = ['--otlp-grpc', `${WORKER}:4317`, '--otlp-http', `http://${WORKER}:4318`];

async function diagnosesFrom(host: WorkerHost, where: 'worker' | 'peer', ...more: string[]): Promise<BothWays[]> {
  const { stdout } = await host.run(where, ['otlpctl', 'doctor', '--format', 'json', '--window', '0', ...PLACES, ...more]);
  const { diagnoses } = JSON.parse(stdout) as { diagnoses: { id: string; remedies: Omit<BothWays, 'id'>[] }[] };
  return diagnoses.flatMap(({ id, remedies }) => remedies.map((remedy) => ({ ...remedy, id })));
}
const remedyOf = (all: readonly BothWays[], kind: string): BothWays => {
  const found = all.find((one) => kindOf(one) === kind);
  assert.ok(found, `${kind} is not among ${all.map(kindOf).join(', ')}`);
  return found;
};

/** As the check on the worker's host has it. */
const rules = async (host: WorkerHost): Promise<string> => {
  const { stdout } = await host.run('worker', [
    'otlpctl',
    'check',
    'firewall-rules',
    '--connect-url',
    'none',
    ...PLACES,
    '--format',
    'json',
  ]);
  const [step] = (JSON.parse(stdout) as { steps: { status: string; sentence: string }[] }).steps;
  return `${step!.status}: ${step!.sentence}`;
};
const reached = (host: WorkerHost): Promise<boolean[]> => Promise.all([4317, 4318].map((port) => host.reaches(port)));
/** Rows of `ufw status` for IPv4. */
const rows = async (host: WorkerHost): Promise<string[]> =>
  (await host.type('ufw status')).stdout.split('\n').flatMap((row) => /^(\d+\/tcp)\s+ALLOW/.exec(row)?.[1] ?? []);

for (const way of ['command', 'byHand'] as const)
  test(
    `receiver-unreachable: firewall allow (${way}): ufw lets nobody in, a peer is told what to do, and gets through then`,
    { skip, timeout: 120_000 },
    async (t) => {
      const host = await workerHost(t, 'shut');
      assert.deepEqual(await reached(host), [false, false]);
      assert.match(await rules(host), /^critical: .*ufw closes port 4317 to other hosts/);
      const seen = await diagnosesFrom(host, 'peer', '--connect-url', 'none', '--host-command', host.prefix.join(' '));
      const remedy = remedyOf(seen, 'receiver-unreachable: firewall allow');
      const state = { XDG_STATE_HOME: stateFolder() };
      if (way === 'command') {
        // As it stands there it shows what it would do.
        const plan = await host.type(remedy.command, state);
        assert.equal(plan.code, 0, plan.stderr);
        assert.match(
          plan.stdout,
          /ufw allow 4317\/tcp\n +ufw allow 4318\/tcp\n +waits +until the packet filter lets 4317\/tcp and\s+4318\/tcp in\nThis is the plan; nothing was sent\.\n$/,
        );
        assert.deepEqual(await reached(host), [false, false]);
      }
      const did = await host.type(way === 'command' ? `${remedy.command} --yes` : remedy.byHand, state);
      assert.equal(did.code, 0, did.stdout + did.stderr);
      t.diagnostic(did.stdout.trim());
      assert.deepEqual(await reached(host), [true, true]);
      assert.match(await rules(host), /^ok: .*port 4317 is open and port 4318 is open/);
      const after = await diagnosesFrom(host, 'peer', '--connect-url', 'none', '--host-command', host.prefix.join(' '));
      assert.ok(!after.some(({ id }) => id === 'receiver-unreachable'), JSON.stringify(after));
    },
  );

for (const way of ['command', 'byHand'] as const)
  test(
    `receiver-bound-to-loopback: connector config set otlp.bind.address (${way}) opens it to a peer`,
    { skip, timeout: 120_000 },
    async (t) => {
      const host = await workerHost(t, 'none', { 'otlp.bind.address': '127.0.0.1' });
      assert.deepEqual(await reached(host), [false, false]);
      const remedy = remedyOf(await diagnosesFrom(host, 'worker'), 'receiver-bound-to-loopback: connector config set otlp.bind.address');
      const did = await host.type(way === 'command' ? `${remedy.command} --yes` : remedy.byHand, { XDG_STATE_HOME: stateFolder() });
      assert.equal(did.code, 0, did.stdout + did.stderr);
      assert.deepEqual(await reached(host), [true, true]);
    },
  );

test('firewalld: both ports are open now and after a restart of it', { skip, timeout: 120_000 }, async (t) => {
  const host = await workerHost(t, 'firewalld');
  assert.match(await rules(host), /port 4318 is open to some/);
  const words = ['firewall', 'allow', '--tool', 'firewalld', '--yes', '--connect-url', 'none', ...PLACES, '--state-dir', stateFolder()];
  const did = await host.run('worker', ['otlpctl', ...words]);
  assert.equal(did.code, 0, did.stdout + did.stderr);
  assert.match(await rules(host), /^ok: .*port 4317 is open and port 4318 is open \(/);
  const kept = await host.type('firewall-cmd --permanent --list-ports');
  assert.deepEqual(kept.stdout.trim().split(' ').sort(), ['4317/tcp', '4318/tcp']);
});

test('firewall allow meets every trouble of a real ufw', { skip, timeout: 120_000 }, async (t) => {
  const host = await workerHost(t, 'shut');
  const otlpctl = (folder: string, words: readonly string[]): string[] => [process.execPath, BIN, ...words, '--state-dir', folder];
  const allow = ['firewall', 'allow', '--yes', '--connect-url', 'none', ...PLACES];
  const begin = async (): Promise<string> => {
    await host.type('ufw delete allow 4317/tcp; ufw delete allow 4318/tcp');
    return stateFolder();
  };
  const complete = (folder: string, outcome: string): string => {
    const [record, ...others] = auditOf(folder);
    assert.deepEqual([others.length, eventOf(record!, 'ended')!.outcome], [0, outcome]);
    const count = (name: string): number => record!.events.filter(({ event }) => event === name).length;
    assert.equal(count('sending'), count('answered'));
    return record!.run;
  };

  for (const [name, { user, before, as = [], wait = '20', code, said, refused, rows: wanted }] of Object.entries(TROUBLES))
    await t.test(name, async (t) => {
      const folder = await begin();
      if (user !== undefined) chownSync(folder, user, user);
      const is = user === undefined ? [] : ['setpriv', '--reuid', String(user), '--clear-groups', 'env', `HOME=${folder}`];
      const letGo = await before?.(host, t);
      const ran = await host.run('worker', [...is, ...as, ...otlpctl(folder, [...allow, '--wait', wait])]);
      if (typeof letGo === 'function') (letGo as () => void)();
      assert.deepEqual([ran.code, said.test(ran.stdout + ran.stderr)], [code, true], ran.stdout + ran.stderr);
      assert.deepEqual(await rows(host), wanted);
      if (refused === true) {
        const events = auditOf(folder).flatMap(({ events }) => events.map(({ event }) => event));
        assert.deepEqual(events, ['refused']);
      } else complete(folder, code === 0 ? 'done' : code === 2 ? 'not-seen' : 'not-tried');
    });

  const continued = async (folder: string): Promise<Ran> => {
    const { run, events } = auditOf(folder)[0]!;
    assert.equal(events.at(-1)!.event, 'sending');
    return host.run('worker', otlpctl(folder, ['runbook', 'continue', run, '--yes', '--wait', '20']));
  };

  /** A signal comes while the first command waits for ufw's lock. */
  const signalled = async (t: TestContext, folder: string, signal: NodeJS.Signals): Promise<Ran> => {
    const letGo = await heldLock(host, t);
    const { child, ran } = host.start(otlpctl(folder, allow));
    await until('the first command', () => auditOf(folder)[0]?.events.some(({ event }) => event === 'sending') || undefined);
    child.kill(signal);
    const ended = await ran;
    letGo();
    return ended;
  };

  await t.test('killed while the first command runs, and gone on with', async (t) => {
    const folder = await begin();
    await signalled(t, folder, 'SIGKILL');
    const went = await continued(folder);
    assert.equal(went.code, 0, went.stdout + went.stderr);
    assert.deepEqual(await rows(host), BOTH);
  });

  await t.test('killed between its two commands, and gone on with', async () => {
    const folder = await begin();
    const bin = stateFolder();
    writeFileSync(join(bin, 'ufw'), `#!/bin/sh\n/usr/sbin/ufw "$@"\nkill -KILL $PPID\n`, { mode: 0o755 });
    const ran = await host.run('worker', otlpctl(folder, allow), { PATH: `${bin}:${process.env.PATH}` });
    assert.notEqual(ran.code, 0, ran.stdout);
    assert.deepEqual(await rows(host), BOTH.slice(0, 1));
    const went = await continued(folder);
    assert.equal(went.code, 0, went.stdout + went.stderr);
    assert.deepEqual(await rows(host), BOTH);
  });

  await t.test('told to end while a command runs', async (t) => {
    const folder = await begin();
    const { code, stdout } = await signalled(t, folder, 'SIGTERM');
    assert.deepEqual([code, /\nInterrupted /.test(stdout)], [2, true], stdout);
    complete(folder, 'not-seen');
    assert.deepEqual(await rows(host), []);
  });
});

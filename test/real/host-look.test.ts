import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { diagnose } from '../../checks/diagnose.ts';
import { gather, probesFor } from '../../checks/gather.ts';
import { EVERY_PROBE } from '../../checks/probes/on-demand.ts';
import { RULES } from '../../checks/rules/index.ts';
import { stepsOf } from '../../checks/steps/on-demand.ts';
import { THRESHOLDS } from '../../checks/thresholds.ts';
import { settings } from '../doubles/settings.ts';

/** A host of its own as far as network, processes and packet filter go; it is reached by nsenter, as another by ssh. */
async function host(t: { after(cleanUp: () => void): unknown }, filter: string): Promise<string[]> {
  const inside = resolve(import.meta.dirname, 'firewall/inside.sh');
  const namespaces = ['--mount', '--net', '--pid', '--fork', '--mount-proc'];
  const listen = `require('node:net').createServer().listen(4317, '0.0.0.0', () => console.log('up'))`;
  const host = spawn('unshare', [...namespaces, 'bash', inside, filter, process.execPath, '-e', listen], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  t.after(() => host.kill('SIGKILL'));
  const [line] = (await once(createInterface(host.stdout), 'line')) as [string];
  assert.equal(line, 'up');
  // unshare waits for its child, which is the host's process 1.
  const child = spawn('pgrep', ['-P', String(host.pid)], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [pid] = (await once(createInterface(child.stdout), 'line')) as [string];
  t.after(() => process.kill(Number(pid), 'SIGKILL'));
  return ['nsenter', '-t', pid, '-m', '-n', '-p'];
}

const IDS = ['firewall-rules', 'port-holders', 'broker-load'];

async function look(hostCommand: readonly string[]) {
  const target = {
    connectUrl: null,
    otlpGrpc: { host: '127.0.0.1', port: 4317 },
    otlpHttp: new URL('http://127.0.0.1:4318'),
    hostCommand,
  };
  const probes = probesFor(['target', 'host.firewall', 'host.listeners', 'host.io'], EVERY_PROBE);
  const facts = await gather(target, settings({ env: process.env, timeoutMs: 30_000, windowMs: 1000, now: Date.now }), probes);
  const { steps } = diagnose(facts, THRESHOLDS, RULES, stepsOf(facts, IDS));
  return (id: string) => steps.find((step) => step.id === id)!;
}

const EXPECTED: readonly [filter: string, status: string, said: RegExp][] = [
  ['none', 'ok', /port 4317 is open and port 4318 is open \(ufw is off, firewalld is off and nft is off\)\.$/],
  ['nft', 'ok', /port 4317 is open and port 4318 is open \(.* nft filters\)\.$/],
  ['ufw', 'ok', /port 4317 is open and port 4318 is open to some: 4318\/tcp ALLOW IN 10\.0\.0\.0\/8 \(ufw filters/],
  ['firewalld', 'ok', /port 4317 is open and port 4318 is open to some: zone public has rule .*10\.0\.0\.0\/8/],
];

for (const [filter, status, said] of EXPECTED)
  test(`a host behind --host-command: its packet filter (${filter}), who holds a port, its disks and network`, async (t) => {
    const prefix = await host(t, filter);
    const step = await look(prefix);
    const firewall = step('firewall-rules');
    assert.equal(firewall.status, status, firewall.sentence);
    assert.match(firewall.sentence, said);
    assert.match(step('port-holders').sentence, /^gRPC 4317 is listened on by node \(pid \d+\)/);
    const load = step('broker-load');
    assert.ok(['ok', 'warning'].includes(load.status), load.sentence);
    assert.match(load.sentence, /busy, reads .* writes .*receives .* and sends .* over /);
  });

test('a user who is not root is told nothing, and that is no open port', async (t) => {
  const prefix = await host(t, 'ufw');
  const step = await look([...prefix, 'setpriv', '--reuid', '65534', '--clear-groups']);
  const { status, sentence } = step('firewall-rules');
  assert.equal(status, 'unknown', sentence);
  assert.match(sentence, /ufw and nft told this user nothing; give --host-command 'sudo -n', or run as root\.$/);
});

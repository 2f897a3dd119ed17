import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gather, probesFor } from '../../../checks/gather.ts';
import { hostProbe, lookAtHolders } from '../../../checks/probes/host.ts';
import { targetProbe } from '../../../checks/probes/target.ts';
import { processorUse } from '../../../checks/probes/proc-collector.ts';
import { findHolders, mainClass } from '../../../checks/probes/proc-holders.ts';
import { parseProcNet } from '../../../checks/probes/proc-net.ts';
import { listen } from '../../doubles/listen.ts';
import { factOf, said, settings } from '../../doubles/settings.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const row = (local: string, state = '0A', inode = '44131'): string =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0000000000000000 100 0 0 10 0`;

test('rows of /proc/net/tcp: address, port and inode of those that listen', () => {
  assert.deepEqual(
    parseProcNet([HEAD, row('0100007F:10DD'), row('0100007F:10DE', '01', '7'), row('00000000:0050', '0A', '9'), ''].join('\n')),
    [
      { address: '127.0.0.1', port: 4317, inode: '44131' },
      { address: '0.0.0.0', port: 80, inode: '9' },
    ],
  );
});

test('IPv6 addresses, mapped ones as IPv4', () => {
  const address = (hex: string): string | undefined => parseProcNet(`${HEAD}\n${row(`${hex}:10DD`)}`)[0]?.address;
  assert.equal(address('00000000000000000000000000000000'), '::');
  assert.equal(address('00000000000000000000000001000000'), '::1');
  assert.equal(address('0000000000000000FFFF00000100007F'), '127.0.0.1');
  assert.equal(address('000080FE00000000FF5A0002F1BE3CFE'), 'fe80::200:5aff:fe3c:bef1');
  assert.equal(address('B80D0120000000000100000000000000'), '2001:db8::1:0:0');
});

test('a machine of the other byte order prints its words the other way', () => {
  assert.equal(parseProcNet(`${HEAD}\n${row('7F000001:10DD')}`, false)[0]?.address, '127.0.0.1');
});

test('what java runs, and nothing else of its command line', () => {
  assert.equal(
    mainClass(['java', '-Xmx1g', '-cp', '/libs/*', '-Dpassword=x', 'org.apache.kafka.connect.cli.ConnectDistributed', 'worker.properties']),
    'ConnectDistributed',
  );
  assert.equal(mainClass(['java', '-javaagent:/a.jar', '-jar', '/opt/app/service.jar', '--token', 'x']), 'service.jar');
  assert.equal(mainClass(['java', '-version']), undefined);
});

/** A /proc of our own: one process with one socket, and one whose descriptors no one may read. */
function procOf(processes: Record<number, { sockets: string[]; stat: string; comm: string; cmdline: string; limits?: string }>): string {
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-proc-'));
  for (const [pid, { sockets, stat, comm, cmdline, limits }] of Object.entries(processes)) {
    mkdirSync(join(folder, pid, 'fd'), { recursive: true });
    sockets.forEach((inode, fd) => symlinkSync(`socket:[${inode}]`, join(folder, pid, 'fd', String(fd))));
    writeFileSync(join(folder, pid, 'stat'), stat);
    writeFileSync(join(folder, pid, 'comm'), comm);
    writeFileSync(join(folder, pid, 'cmdline'), cmdline);
    if (limits !== undefined) writeFileSync(join(folder, pid, 'limits'), limits);
  }
  return folder;
}

const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max processes             63432                63432                processes
Max open files            1024                 524288               files
`;

test('the holder of a socket with its state, also when its name has brackets', async () => {
  const proc = procOf({
    12: { sockets: ['1', '2'], stat: '12 (we (ird) T) S 1 12', comm: 'we (ird) T\n', cmdline: '' },
    7: { sockets: ['44131'], stat: '7 (java) T 1 7', comm: 'java\n', cmdline: 'java\0-cp\0a\0org.x.ConnectDistributed\0', limits: LIMITS },
  });
  try {
    const { byInode, complete } = await findHolders(new Set(['44131', '2']), new AbortController().signal, proc);
    assert.deepEqual(byInode.get('44131'), { pid: 7, command: 'java ConnectDistributed', state: 'T', files: 1, filesMax: 1024 });
    assert.deepEqual(byInode.get('2'), { pid: 12, command: 'we (ird) T', state: 'S', files: 2 });
    assert.equal(complete, true);
  } finally {
    rmSync(proc, { recursive: true });
  }
});

test('what a JVM uses of a processor, and what of that its garbage collector does', async () => {
  const proc = mkdtempSync(join(tmpdir(), 'otlpctl-proc-'));
  const ticks = (user: number, system: number) => `7 (java) S ${'0 '.repeat(10)}${user} ${system} 0 0`;
  const put = (all: number, collector: number): void => {
    writeFileSync(join(proc, '7', 'stat'), ticks(all, 3));
    writeFileSync(join(proc, '7', 'task', '8', 'stat'), ticks(collector, 0));
    writeFileSync(join(proc, '7', 'task', '9', 'stat'), ticks(all - collector, 0));
  };
  for (const [thread, name] of [
    ['8', 'GC Thread#1'],
    ['9', 'task-thread-otl'],
  ] as const) {
    mkdirSync(join(proc, '7', 'task', thread), { recursive: true });
    writeFileSync(join(proc, '7', 'task', thread, 'comm'), `${name}\n`);
  }
  try {
    put(500, 100);
    const using = processorUse(7, new AbortController().signal, proc);
    put(600, 180);
    const use = await using;
    assert.ok(use !== undefined && use.cpuPercent > 0);
    assert.ok(Math.abs(use.collectorPercent - use.cpuPercent * 0.8) <= 1, JSON.stringify(use));
    assert.equal(await processorUse(99, new AbortController().signal, proc), undefined);
  } finally {
    rmSync(proc, { recursive: true });
  }
});

test(
  'descriptors that may not be read leave the picture incomplete',
  { skip: process.getuid?.() === 0 ? 'root reads everything' : false },
  async () => {
    const proc = procOf({ 7: { sockets: [], stat: '7 (x) S', comm: 'x', cmdline: '' } });
    try {
      chmodSync(join(proc, '7', 'fd'), 0);
      const { complete } = await findHolders(new Set(['5']), new AbortController().signal, proc);
      assert.equal(complete, false);
    } finally {
      chmodSync(join(proc, '7', 'fd'), 0o700);
      rmSync(proc, { recursive: true });
    }
  },
);

test(
  'this very process is found behind a port that it listens on',
  { skip: process.platform === 'linux' ? false : 'only Linux has /proc' },
  async () => {
    const server = await listen(createServer());
    try {
      const otlpGrpc = { host: '127.0.0.1', port: server.port };
      const fact = await factOf('host.listeners', { connectUrl: null, workerHost: '127.0.0.1', otlpGrpc });
      assert.ok('value' in fact);
      const ours = fact.value.listeners.find(({ port }) => port === server.port);
      assert.deepEqual([ours?.address, ours?.pid], ['127.0.0.1', process.pid]);
      assert.match(ours?.state ?? '', /^[RSD]$/);
      assert.equal(ours?.command, 'node');
    } finally {
      await server.close();
    }
  },
);

test('a worker elsewhere is not looked at', { skip: process.platform === 'linux' ? false : 'only Linux has /proc' }, async () => {
  assert.deepEqual(said(await factOf('host.listeners', { connectUrl: null, workerHost: '198.51.100.7' })), {
    source: '/proc/net/tcp, /proc/PID/fd',
    unasked: 'skipped',
    reason: "the worker's host 198.51.100.7 is not this machine",
  });
});

test('who holds a port alone is told without measuring what a JVM uses', { skip: process.platform !== 'linux' }, async (t) => {
  const listening = "require('net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })";
  const jvm = spawn(process.execPath, ['-e', listening], { argv0: 'java', stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => jvm.kill());
  const [port] = (await once(jvm.stdout, 'data')) as [Buffer];
  const target = { connectUrl: null, workerHost: '127.0.0.1', otlpGrpc: { host: '127.0.0.1', port: Number(port) } };
  const look = async (probe: typeof hostProbe) => {
    const { 'host.listeners': fact } = await gather(target, settings(), [...probesFor(['target'], [targetProbe]), probe]);
    assert.ok('value' in fact, JSON.stringify(fact));
    return fact.value.listeners.find(({ pid }) => pid === jvm.pid)!;
  };
  assert.equal(typeof (await look(hostProbe)).cpuPercent, 'number');
  const alone = await look({ ...hostProbe, look: (one) => lookAtHolders(one, { alone: true }) });
  assert.match(alone.command!, /^java/);
  assert.equal(alone.cpuPercent, undefined);
});

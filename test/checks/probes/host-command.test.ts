import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { ioLoad } from '../../../checks/derive/io.ts';
import { readIo } from '../../../checks/probes/host-io.ts';
import { readHeads, readLinks } from '../../../checks/probes/host-remote.ts';
import { listen } from '../../doubles/listen.ts';
import { factOf } from '../../doubles/settings.ts';

const onLinux = { skip: process.platform === 'linux' ? false : 'only Linux has /proc' };
/** Reaches the nearest host there is. */
const hostCommand = ['env'];

test('port holders behind a command are the ones that /proc shows here', onLinux, async () => {
  const server = await listen(createServer());
  try {
    const target = { connectUrl: null, workerHost: '127.0.0.1', otlpGrpc: { host: '127.0.0.1', port: server.port } };
    const behind = await factOf('host.listeners', { ...target, hostCommand }, { env: process.env });
    const here = await factOf('host.listeners', target);
    assert.ok('value' in behind && 'value' in here, JSON.stringify(behind));
    const ours = ({ value }: typeof here & { value: unknown }) =>
      (value as typeof here.value).listeners
        .filter(({ port }) => port === server.port)
        .map(({ address, pid, command }) => ({ address, pid, command }));
    assert.deepEqual(ours(behind), [{ address: '127.0.0.1', pid: process.pid, command: 'node' }]);
    assert.deepEqual(ours(behind), ours(here));
  } finally {
    await server.close();
  }
});

test('a host without /proc is unknown, one that is not reached too', onLinux, async () => {
  const target = { connectUrl: null, otlpGrpc: { host: 'h', port: 4317 } };
  const gone = await factOf('host.listeners', { ...target, hostCommand: ['sh', '-c', 'exit 255'] }, { env: process.env });
  assert.ok('unasked' in gone && gone.unasked === 'unknown');
  assert.match(gone.reason, /sh ended with exit code 255/);
  const bare = ['sh', '-c', 'echo "cat: /proc/net/tcp: No such file or directory" >&2; exit 1'];
  const other = await factOf('host.listeners', { ...target, hostCommand: bare }, { env: process.env });
  assert.ok('unasked' in other && other.unasked === 'unknown');
  assert.match(other.reason, /does not show its sockets: .*No such file/);
});

test('links of several processes, quoted or not, and the files of each', () => {
  const text = `/proc/1/fd:
total 0
lrwx------ 1 root root 64 Nov 28 15:00 0 -> /dev/null
lrwx------ 1 root root 64 Nov 28 15:00 5 -> 'socket:[77]'

/proc/12/fd:
total 0
lrwx------ 1 root root 64 Nov 28 15:00 3 -> socket:[78]
`;
  assert.deepEqual(
    [...readLinks(text, new Set(['77', '78', '79']))],
    [
      ['77', { pid: 1, files: 2 }],
      ['78', { pid: 12, files: 1 }],
    ],
  );
  assert.deepEqual(
    [...readHeads('==> /proc/7/stat <==\n7 (java) S 1\n\n==> /proc/7/cmdline <==\njava\0-cp\0a')],
    [
      ['/proc/7/stat', '7 (java) S 1\n'],
      ['/proc/7/cmdline', 'java\0-cp\0a'],
    ],
  );
});

const IO = `   7       0 loop0 1 0 2 0 0 0 0 0 0 0 0
 254       0 vda 100 0 2000 50 300 0 4000 250 0 500 300 0 0 0 0 0 0
 254       1 vda1 100 0 2000 50 300 0 4000 250 0 500 300 0 0 0 0 0 0
 259       0 nvme0n1 1 0 2 3 4 5 6 7 0 8 9
 259       1 nvme0n1p1 1 0 2 3 4 5 6 7 0 8 9
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 310606943  124437    0    0    0     0          0         0 310606943  124437    0    0    0     0       0          0
  eth0:853046316   37929    1    2    0     0          0         0  4044978   32702    3    4    0     0       0          0
`;

test('disks without partitions, loops and memory; interfaces with what they lost', () => {
  const values = readIo(IO);
  assert.deepEqual(
    Object.keys(values).filter((key) => key.endsWith('busyMs') || key.endsWith('troubles')),
    ['disk.vda.busyMs', 'disk.nvme0n1.busyMs', 'net.lo.troubles', 'net.eth0.troubles'],
  );
  assert.deepEqual([values['disk.vda.readBytes'], values['disk.vda.writtenBytes'], values['disk.vda.waitMs']], [1_024_000, 2_048_000, 300]);
  assert.deepEqual(
    [values['net.eth0.receivedBytes'], values['net.eth0.sentBytes'], values['net.eth0.troubles']],
    [853_046_316, 4_044_978, 10],
  );
});

test('rates are over the time between two readings; one reading makes none', () => {
  const first = { at: 1000, values: readIo(IO) };
  const grown = IO.replace('vda 100 0 2000 50 300 0 4000 250 0 500', 'vda 100 0 2000 50 400 0 6000 450 0 1500');
  const load = ioLoad({ samples: [first, { at: 3000, values: readIo(grown) }], absent: [] });
  assert.deepEqual(load?.disks[0], {
    name: 'vda',
    readPerSecond: 0,
    writtenPerSecond: 512_000,
    requestsPerSecond: 50,
    busyPercent: 50,
    waitMs: 2,
  });
  assert.equal(ioLoad({ samples: [first], absent: [] }), undefined);
});

test('disks and network are read twice also without a window, behind a command and here', onLinux, async () => {
  for (const target of [
    { hostCommand },
    { workerHost: '127.0.0.1' },
    { workerHost: '198.51.100.7', kafka: [{ host: '127.0.0.1', port: 1 }] },
  ]) {
    const fact = await factOf('host.io', { connectUrl: null, ...target }, { env: process.env, now: Date.now, timeoutMs: 9000 });
    assert.ok('value' in fact, JSON.stringify(fact));
    const [first, last] = fact.value.samples;
    assert.ok(first !== undefined && last !== undefined && last.at - first.at >= 990);
    assert.ok(Object.keys(last.values).some((key) => key.startsWith('net.lo.')));
  }
  const elsewhere = await factOf('host.io', { connectUrl: null, workerHost: '198.51.100.7' });
  assert.ok('unasked' in elsewhere && elsewhere.unasked === 'skipped' && elsewhere.give === "--host-command 'ssh HOST'");
});

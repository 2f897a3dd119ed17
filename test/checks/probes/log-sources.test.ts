import { test } from 'node:test';
import assert from 'node:assert/strict';
import { createReadStream, mkdtempSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { Fact, LogSeen } from '../../../checks/facts/index.ts';
import { readLogFile } from '../../../checks/probes/log-file.ts';
import { localHour } from '../../../checks/probes/log-lines.ts';
import type { Outcome } from '../../../checks/probes/probe.ts';
import { factOf } from '../../doubles/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'otlpctl-logs-'));
test.after(() => rmSync(folder, { recursive: true }));

const signal = new AbortController().signal;
const NOW = localHour(2026, 11, 23, 16);
const MINUTE = 60_000;
const two = (n: number): string => String(n).padStart(2, '0');

/** A line that many minutes before NOW, in local time. */
function line(minutesAgo: number, rest: string): string {
  const d = new Date(NOW - minutesAgo * MINUTE);
  const day = `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
  return `[${day} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())},000] ${rest}`;
}
const start = (minutesAgo: number): string => line(minutesAgo, 'INFO event=task_starting connector_name=otlp-source topics=a (x.T:1)');
const error = (minutesAgo: number, what: string): string => line(minutesAgo, `ERROR [otlp-source|task-0] ${what} (k.E:1)`);

/** A file whose last change was so many minutes before NOW. */
function write(name: string, lines: string[], minutesAgo: number, pack: (text: string) => string | Buffer = (text) => text): string {
  const file = join(folder, name);
  writeFileSync(file, pack(`${lines.join('\n')}\n`));
  utimesSync(file, new Date(NOW - minutesAgo * MINUTE), new Date(NOW - minutesAgo * MINUTE));
  return file;
}
const gz = (text: string): Buffer => gzipSync(text);
const read = (path: string, over: { mostBytes?: number; now?: number; signal?: AbortSignal } = {}): Promise<Outcome<LogSeen>> =>
  readLogFile(path, 'otlp-source', { signal, now: NOW, ...over });
function seen(outcome: Outcome<LogSeen> | Fact<LogSeen>): LogSeen {
  assert.ok('value' in outcome, JSON.stringify(outcome));
  return outcome.value;
}
const messages = (log: LogSeen): string[] => log.troubles.map(({ message }) => message).sort();

test('a compressed file is read like the file itself, by its ending or by its first bytes', async () => {
  const lines = [start(30), error(20, 'it broke')];
  const plain = seen(await read(write('plain.log', lines, 20)));
  for (const name of ['packed.log.gz', 'packed-without-ending.log']) {
    const path = write(name, lines, 20, gz);
    assert.deepEqual(seen(await read(path)), { ...plain, place: path });
  }
});

test('a gzip that is broken is malformed and names the file', async () => {
  const packed = gzipSync(Array.from({ length: 2000 }, (_, n) => error(n, `broke ${n * 7919}`)).join('\n'));
  const cut = write('cut.log.gz', [], 1, () => packed.subarray(0, packed.length - 100));
  assert.deepEqual(await read(cut), { failure: 'malformed', detail: `${cut} is no whole gzip file: unexpected end of file` });
  const none = write('none.log.gz', ['text'], 1);
  assert.deepEqual(await read(none), { failure: 'malformed', detail: `${none} is no whole gzip file: incorrect header check` });
});

/** How log4j and log4j2 name what they rotate; each with an older one. */
const NAMES: readonly (readonly [older: string, newer: string])[] = [
  ['connect.log.2026-11-23-13', 'connect.log.2026-11-23-14'],
  ['connect.log.2', 'connect.log.1'],
  ['connect.log.2.gz', 'connect.log.1'],
  ['connect-2026-11-23-1.log.gz', 'connect-2026-11-23-2.log.gz'],
  ['connect.log.2026-11-22.gz', 'connect.log.2026-11-23.gz'],
];

for (const [older, newer] of NAMES) {
  test(`the last start is looked for in rotated files: ${older}, ${newer}`, async () => {
    const sub = mkdtempSync(join(folder, 'rotated-'));
    const at = (name: string): string => join(sub.slice(folder.length + 1), name);
    const pack = (name: string) => (name.endsWith('.gz') ? gz : undefined);
    write(at(older), [error(130, 'of the run before'), start(120), error(110, 'first')], 110, pack(older));
    write(at(newer), [error(60, 'second')], 60, pack(newer));
    write(at('connect-2.log'), [start(90), error(80, 'of another worker')], 80);
    const path = write(at('connect.log'), [error(1, 'third')], 1);
    const log = seen(await read(path));
    assert.deepEqual(messages(log), ['first', 'second', 'third']);
    assert.deepEqual([log.startedAt, log.lines], [NOW - 120 * MINUTE, 5]);
    assert.equal(log.place, `${path} (after ${older}, ${newer})`);
    assert.deepEqual(log.files, [join(sub, older), join(sub, newer), path]);
  });
}

test('rotated files are left alone when the start is in the log, and only as many read as it takes', async () => {
  write('a.log.1', [start(60), error(50, 'old')], 50);
  const path = write('a.log', [start(10), error(5, 'new')], 5);
  const log = seen(await read(path));
  assert.deepEqual([log.place, messages(log), log.files], [path, ['new'], undefined]);
  write('b.log.2', [start(90), error(80, 'two back')], 80);
  write('b.log.1', [start(60), error(50, 'one back')], 50);
  assert.deepEqual(messages(seen(await read(write('b.log', [error(5, 'new')], 5)))), ['new', 'one back']);
});

test('all of it stays within the bound, and a rotated file that is broken ends it', async () => {
  const many = Array.from({ length: 100 }, (_, n) => error(100 - n / 10, 'old'));
  write('c.log.1', [start(200), ...many], 90);
  const path = write('c.log', [error(5, 'new')], 5);
  const log = seen(await read(path, { mostBytes: 1000 }));
  assert.ok(log.lines < 20 && log.startedAt === null, `${log.lines} lines`);
  assert.deepEqual(messages(log), ['new', 'old']);
  write('d.log.1.gz', [start(60)], 60);
  write('d.log.2', [start(90)], 90);
  const broken = seen(await read(write('d.log', [error(5, 'new')], 5)));
  assert.deepEqual([broken.startedAt, broken.place], [null, join(folder, 'd.log')]);
});

test('a log that is cut short or rotated away while it is read is read as far as it goes', async () => {
  const many = Array.from({ length: 200_000 }, () => error(5, 'old'));
  const path = write('e.log', many, 5);
  const reading = read(path);
  truncateSync(path, 1000);
  assert.ok(seen(await reading).lines <= 200_000);
  const other = write('f.log', many, 5);
  const rotating = read(other);
  renameSync(other, `${other}.1`);
  const outcome = await rotating;
  assert.ok('value' in outcome || ('failure' in outcome && outcome.failure === 'absent'));
});

/** minutes that the last line is before NOW; minutes that the file's change is; what is added. */
const ZONES: readonly (readonly [last: number, changed: number, offset: number | undefined])[] = [
  [0, 0, undefined],
  [300, 300, undefined],
  [120, 0, 120],
  [-330, 0, -330],
  [-765, 0, -765],
  [60 * 14 + 30, 0, undefined],
  [7, 0, undefined],
  // Written an hour before, and copied 61 minutes later: no offset between zones.
  [61, 0, undefined],
  [-31, 0, -30],
];

for (const [last, changed, offset] of ZONES) {
  test(`last line ${last} min ago, file changed ${changed} min ago: ${offset ?? 'no'} minutes added`, async () => {
    const log = seen(await read(write(`zone${last}-${changed}.log`, [start(last + 10), error(last, 'it broke')], changed)));
    assert.equal(log.zoneOffsetMinutes, offset);
    const moved = (offset ?? 0) * MINUTE;
    const at = NOW - last * MINUTE + moved;
    assert.deepEqual([log.lastAt, log.startedAt, log.fromAt], [at, at - 10 * MINUTE, at - 10 * MINUTE]);
    assert.deepEqual([log.troubles[0]?.lastAt, log.events['task_starting']?.firstAt], [at, at - 10 * MINUTE]);
  });
}

const byCommand = (...logCommand: string[]): Promise<Fact<LogSeen>> =>
  factOf('log', { connectUrl: null, connector: 'otlp-source', logCommand }, { now: () => NOW });

test('a command prints the log: as the file says, with the command in its place', async () => {
  const path = write('by command.log', [start(30), error(20, 'it broke'), error(10, 'Failed to flush, timed out while waiting')], 10);
  const fact = await byCommand('cat', path);
  assert.equal(fact.source, `cat '${path}'`);
  assert.deepEqual(seen(fact), { ...seen(await read(path)), place: `cat '${path}'`, command: `cat '${path}'` });
});

test('a log from the future that has no file is moved to now, by quarters of an hour', async () => {
  for (const [ahead, offset] of [
    [130, -135],
    [120, -120],
    [1, undefined],
    [60 * 15, undefined],
  ] as const) {
    const log = seen(await byCommand('printf', '%s\\n', error(-ahead, 'it broke')));
    assert.equal(log.zoneOffsetMinutes, offset, `${ahead} min ahead`);
    assert.equal(log.lastAt, NOW + (ahead + (offset ?? 0)) * MINUTE);
  }
});

test('secrets of a command do not get into the fact', async () => {
  const fact = await byCommand('echo', '--password', 'hunter2', 'x');
  assert.ok(!JSON.stringify(fact).includes('hunter2'), JSON.stringify(fact));
});

const byStdin = (stream: Readable): Promise<Fact<LogSeen>> =>
  factOf('log', { connectUrl: null, connector: 'otlp-source', logFile: '-' }, { now: () => NOW, timeoutMs: 600, stdin: () => stream });

test('standard input is read to its end, compressed or not', async () => {
  for (const pack of [(text: string) => text, gz]) {
    const path = write('stdin.log', [start(30), error(20, 'it broke')], 20, pack);
    const log = seen(await byStdin(createReadStream(path)));
    assert.deepEqual([log.place, log.lines, log.startedAt, messages(log)], ['standard input', 2, NOW - 30 * MINUTE, ['it broke']]);
  }
  assert.equal(seen(await byStdin(Readable.from([]))).lines, 0);
});

test('standard input that does not end: what came by the deadline, and it is closed', async () => {
  const stream = new PassThrough();
  stream.write(`${error(20, 'it broke')}\n`);
  const log = seen(await byStdin(stream));
  assert.deepEqual([log.unended, messages(log), stream.destroyed], [true, ['it broke'], true]);
  const fact = await byStdin(new PassThrough());
  assert.deepEqual('failure' in fact && [fact.failure, fact.detail], ['timeout', 'nothing came on standard input in 600 ms']);
  const broken = await byStdin(Readable.from([Buffer.from([0x1f, 0x8b, 1, 2, 3])]));
  assert.equal('failure' in broken && broken.failure, 'malformed');
});

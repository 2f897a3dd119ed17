import { test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { MARKS } from '../../../checks/probes/log-marks.ts';
import { createLogScan } from '../../../checks/probes/log-scan.ts';
import { writeWorkerLog } from '../../bench/worker-log.ts';
import { loadRecording, RECORDINGS } from '../../recorded.ts';
import { byLines, quiet, readBytes } from './log-two-ways.ts';

test('bytes in pieces of any size say the same as the lines, for every recording', () => {
  for (const name of RECORDINGS) {
    const text = loadRecording(name).log.lines.join('\n');
    for (const connector of ['otlp-source', null])
      for (const size of [97, 4096, 1 << 20])
        assert.deepEqual(readBytes(text, size, connector).log, byLines(text, connector), `${name} ${size}`);
  }
});

test('of a long log only the lines that matter are decoded; the rest is counted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-bytes-'));
  try {
    const file = join(folder, 'connect.log');
    writeWorkerLog(file, 20_000, Date.parse('2026-11-23T15:00:00Z'));
    const text = readFileSync(file, 'utf8').slice(0, -1);
    const { log, decoded } = readBytes(text, 64 * 1024);
    assert.deepEqual(log, byLines(text));
    const heads = text.split('\n').filter((line) => /^\S+ \S+ (?:WARN|ERROR|INFO (?:\[.*\] )?event=)/.test(line));
    const repeated = heads.filter((line) => line.includes('event=trace_dropped')).length;
    const below = text.split('\n').filter((line) => /^(?:org|Caused)/.test(line)).length;
    assert.ok(repeated > 900 && text.split('\n').filter((line) => line.startsWith('\t')).length > 2000);
    // Beside those that matter the first line; of the repeated ones, those whose place in the memory another line took.
    assert.ok(decoded <= heads.length - repeated + below + 1 + 200, `${decoded} of ${heads.length}, ${repeated} repeated`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('lines of no interest are never decoded but the first, which tells when the log begins', () => {
  const { log, decoded } = readBytes(Array.from({ length: 999 }, (_, n) => quiet(n)).join('\n'), 10_000);
  assert.deepEqual(
    [log.lines, decoded, log.fromAt, log.lastAt],
    [999, 1, Date.UTC(2026, 10, 23, 10), Date.UTC(2026, 10, 23, 10, 0, 0, 998)],
  );
});

test('a mark in the trace below a line that was passed over is found, also when the piece ends between them', () => {
  const lines = [
    quiet(1),
    quiet(2),
    'java.lang.IllegalStateException: x',
    '\tat a.B.c(B.java:1)',
    'Caused by: java.lang.OutOfMemoryError: Java heap space',
    quiet(3),
  ];
  const text = lines.join('\n');
  for (let size = 40; size < text.length; size += 7) {
    const { log } = readBytes(text, size, 'a');
    assert.equal(log.marks['out-of-memory']?.count, 1, `pieces of ${size}`);
    assert.equal(log.marks['out-of-memory']?.lastAt, Date.UTC(2026, 10, 23, 10, 0, 0, 2));
  }
});

test('events that differ in numbers are told apart where a number is a name or only part of a value', () => {
  const event = (text: string): string => `[2026-11-23 10:00:00,000] WARN event=trace_dropped ${text} (k.E:1)`;
  for (const [one, other] of [
    ['connector_name=7 n=1', 'connector_name=12 n=1'],
    ['session_id=12345678-59d4-4213-a538-3b3bf60ee791 n=1', 'session_id=123456789-59d4-4213-a538-3b3bf60ee791 n=1'],
    ['n=1a', 'n=2a'],
    ['of 1 n=1', 'of 2 n=1'],
  ] as const)
    assert.equal(readBytes([event(one), event(other)].join('\n'), 1000, '7').decoded, 2, other);
  const { log, decoded } = readBytes([event('n=9 m=1'), event('n=10 m=200'), event('n=11 m=3')].join('\n'), 1000, '7');
  assert.deepEqual([decoded, log.events['trace_dropped']?.count, log.events['trace_dropped']?.fields], [1, 3, { n: '11', m: '3' }]);
});

test('a line without an end is kept in part, and the lines after it are read', () => {
  const text = `${quiet(1)}\n${'x'.repeat(300_000)}\n[2026-11-23 10:00:01,000] ERROR it broke (k.E:1)`;
  for (const size of [1000, 70_000, 1 << 20]) {
    const { log } = readBytes(text, size);
    assert.deepEqual([log.lines, log.troubles[0]?.message], [3, 'it broke'], `pieces of ${size}`);
  }
});

test('carriage returns, empty lines and an end without a line end', () => {
  const text = `${quiet(1)}\r\n\r\n[2026-11-23 10:00:01,000] ERROR it broke (k.E:1)\r\n\n`;
  const { log } = readBytes(text, 50);
  assert.deepEqual([log.lines, log.troubles[0]?.logger], [4, 'k.E']);
});

const texts = MARKS.flatMap(({ any }) => any);

test('the scan finds every mark wherever it stands in a line, and none where there is none', () => {
  const { bytes, records, rooms, kinds, scan } = createLogScan(texts);
  const isMarked = (line: string): boolean => {
    const length = bytes.write(`${line}\n`, rooms[0]);
    // With an entry open every line is given.
    assert.equal(scan(rooms[0], rooms[0] + length, true, true), 1);
    return (records[0]! & kinds['MARKED']) !== 0;
  };
  const around = fc.string({ maxLength: 60 }).map((text) => `x${text.replace(/\n/g, ' ')}`);
  fc.assert(
    fc.property(fc.constantFrom(...texts), around, around, (text, before, after) => {
      assert.ok(isMarked(`${before}${text}${after}`));
      const short = `${before}${text.slice(0, -1)}`;
      assert.equal(isMarked(short), texts.includes(text) && texts.some((one) => short.includes(one)));
    }),
  );
});

test('a mark that is too short for the scan is refused', () => {
  assert.throws(() => createLogScan(['too short']), /"too short" is too short/);
});

const number = fc.oneof(fc.nat(3), fc.nat(2000), fc.constantFrom(99, 100, 10 ** 12));
const session = fc.constantFrom('bdd18d1d-59d4-4213-a538-3b3bf60ee791', '12345678-59d4-4213-a538-3b3bf60ee791');
const name = fc.constantFrom('a', 'b', '7', 'b|task-1', 'a long name of a connector, longer than what is kept of the others');
const context = fc.oneof(
  fc.constantFrom('', '', '[AdminClient clientId=x] ', '[unfinished '),
  fc.tuple(name, fc.constantFrom('worker', 'task-0', 'task-3|offsets')).map(([connector, scope]) => `[${connector}|${scope}] `),
);
const message = fc.oneof(
  fc.constantFrom('nothing to see', 'it broke', 'event', 'ev', "connector 'b' is gone", 'ümläut', 'event=odd queue_size=', ''),
  fc.tuple(fc.constantFrom('', 'x', 'far before it '), fc.constantFrom(...texts)).map(([before, mark]) => `${before}${mark} 7 `),
  number.map((n) => `Node ${n} disconnected`),
  fc.tuple(number, number).map(([n, m]) => `event=trace_dropped reason=queue_full queue_size=${n} left=${m}`),
  fc.tuple(number, session).map(([n, id]) => `event=task_metrics records_produced=${n} session_id=${id} status=HEALTHY`),
  fc.tuple(name, number).map(([connector, n]) => `event=task_starting connector_name=${connector} grpc_port=${n}`),
  fc
    .tuple(fc.constantFrom('session_initialized', 'task_stopping', 'task_stopped'), session)
    .map(([event, id]) => `event=${event} session_id=${id}`),
  fc.constantFrom('event=task_stopping', 'event=task_stopped', 'event=task_stoppage n=1'),
  number.map((n) => `event=message_draining_completed drained_count=${n} trace=1`),
  number.map((n) => `event=http_trace_error error=no such 'thing' request=${n}`),
);
const level = fc.constantFrom('INFO', 'INFO', 'INFO', 'INFO', 'DEBUG', 'TRACE', 'WARN', 'ERROR', 'FATAL');
const logger = fc.constantFrom(' (k.N:1)', ' (k.N:1)', ' (k.N:1)', ' (k.M)', ' (k.N:1) [main (1)]', '');
const two = (n: number): string => String(n).padStart(2, '0');
/** By its milliseconds in the day. */
const TIMES: readonly ((h: string, tail: string, ms: string) => string)[] = [
  ...Array.from({ length: 6 }, () => (h: string, tail: string, ms: string) => `[2026-11-23 ${h}${tail},${ms}] `),
  (h, tail, ms) => `2026-11-23 ${h}${tail},${ms} `,
  (h, tail, ms) => `2026-11-23T${h}${tail}.${ms} `,
  (h, tail, ms) => `[2026-11-23T${h}${tail}.${ms}Z] `,
  (h, tail) => `[2026-11-23 ${h}${tail}] `,
];
const time = fc
  .tuple(fc.constantFrom(...TIMES), fc.oneof(fc.constant(36_000_000), fc.integer({ min: 35_990_000, max: 36_010_000 })))
  .map(([form, ms]) =>
    form(
      two(Math.floor(ms / 3_600_000)),
      `:${two(Math.floor(ms / 60_000) % 60)}:${two(Math.floor(ms / 1000) % 60)}`,
      String(ms % 1000).padStart(3, '0'),
    ),
  );
const head = fc.tuple(time, level, context, message, logger).map(([at, ...parts]) => `${at}${parts[0]} ${parts.slice(1).join('')}`);
const frames = fc.array(fc.constantFrom('\tat a.B.c(B.java:1)', '\t... 3 more', '\tat x (k.L:1)'), { maxLength: 3 });
const cause = fc.constantFrom(
  'java.net.SocketException: Too many open files',
  'k.UnknownTopicOrPartitionException: t',
  'k.E: of no interest',
);
const below = fc
  .tuple(fc.option(cause, { nil: undefined }), frames, fc.array(fc.tuple(cause, frames), { maxLength: 2 }))
  .map(([first, at, causes]) => [
    ...(first === undefined ? [] : [first]),
    ...at,
    ...causes.flatMap(([text, more]) => [`Caused by: ${text}`, ...more]),
  ]);
const foreign = fc.constantFrom(
  ['Nov 23, 2026 4:05:28 PM io.grpc.x notifyTerminated'],
  ['Nov 3x', 'text'],
  ['', 'goes on (k.G:7)'],
  ['goes on (k.G:7)\r'],
);
/** What only looks like the beginning of an entry. */
const odd = fc.tuple(
  fc.constantFrom('[2026-11-2x 10:00:00,000] INFO ', '[2026-11-23 10:00:00,000] INFORMAL ', '[2026-11-23 10:00:00,000] '),
  context,
  message,
  logger,
);
const entry = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .tuple(head, fc.oneof(fc.constant([]), below), fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, foreign))
      .map(([first, trace, after]) => [first, ...trace, ...after]),
  },
  { weight: 1, arbitrary: odd.map((parts) => [parts.join('')]) },
);

test('any log in any pieces says the same as its lines read one by one', () => {
  const log = fc.array(fc.tuple(entry, fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(log, fc.integer({ min: 1, max: 3000 }), fc.constantFrom('a', 'b', '7', null), (entries, size, connector) => {
      const text = entries.flatMap(([lines, times]) => Array.from({ length: times }, () => lines).flat()).join('\n');
      assert.deepEqual(readBytes(text, size, connector).log, byLines(text, connector));
    }),
    { numRuns: 300 },
  );
});

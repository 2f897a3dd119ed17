import { test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { LogSeen } from '../../../checks/facts/index.ts';
import { createByteSearch } from '../../../checks/probes/byte-search.ts';
import { createLogReader, readLog } from '../../../checks/probes/log.ts';
import { createLogBytes } from '../../../checks/probes/log-bytes.ts';
import { utcHour } from '../../../checks/probes/log-lines.ts';
import { MARKS } from '../../../checks/probes/log-marks.ts';
import { writeWorkerLog } from '../../bench/worker-log.ts';
import { loadRecording, RECORDINGS } from '../../recorded.ts';

/** Through the bytes, in pieces of that size, out of one buffer that is used again and again. */
function readBytes(text: string, pieceLength: number, connector: string | null = 'otlp-source'): { log: LogSeen; decoded: number } {
  const reader = createLogReader(connector, 'connect.log', utcHour);
  const log = createLogBytes(reader);
  const [all, piece] = [Buffer.from(text), Buffer.alloc(pieceLength)];
  for (let at = 0; at < all.length; at += pieceLength) log.add(piece.subarray(0, all.copy(piece, 0, at, at + pieceLength)));
  const { decoded } = log.end();
  return { log: reader.end(), decoded };
}

const byLines = (text: string, connector: string | null = 'otlp-source'): LogSeen =>
  readLog(text.replace(/\n$/, '').split('\n'), connector, 'connect.log', utcHour);

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

const quiet = (n: number): string => `[2026-11-23 10:00:00,${String(n).padStart(3, '0')}] INFO [a|task-0] nothing to see (k.N:1)`;

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

test('a logger of another kind in between ends the entry', () => {
  const lines = [quiet(1), quiet(2), 'Nov 23, 2026 4:05:28 PM io.grpc.x notifyTerminated', 'java.lang.OutOfMemoryError: of something else'];
  assert.deepEqual(readBytes(lines.join('\n'), 1000, 'a').log, byLines(lines.join('\n'), 'a'));
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

test('the search finds every text wherever it stands, and nothing where there is none', () => {
  const texts = MARKS.flatMap(({ any }) => any);
  const search = createByteSearch(texts);
  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      fc.string({ maxLength: 60 }),
      fc.string({ maxLength: 60 }),
      fc.integer({ min: 0, max: 3 }),
      (text, before, after, shift) => {
        const bytes = Buffer.from(`${' '.repeat(shift)}${before}${text}${after}`).subarray(shift);
        assert.ok(search(bytes).length > 0);
        assert.deepEqual(
          search(bytes.subarray(0, Buffer.byteLength(before) + text.length - 1)).length > 0,
          texts.some((one) => `${before}${text.slice(0, -1)}`.includes(one)),
        );
      },
    ),
  );
});

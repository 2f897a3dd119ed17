import { test } from 'node:test';
import assert from 'node:assert/strict';
import { byLines, quiet, readBytes } from './log-two-ways.ts';

test('a mark below the line of another logger is found, at the time of that line', () => {
  const foreign = ['Nov 23, 2026 10:05:28 AM io.grpc.internal.SerializingExecutor run', 'SEVERE: Exception while executing runnable x'];
  const lines = [quiet(1), quiet(2), ...foreign, 'java.lang.OutOfMemoryError: Java heap space', '\tat io.netty.b.C.d(C.java:1)', quiet(3)];
  for (const from of [0, 2]) {
    const text = lines.slice(from).join('\n');
    for (let size = 40; size < text.length; size += 7) {
      const { log } = readBytes(text, size, 'a');
      assert.deepEqual(log, byLines(text, 'a'), `pieces of ${size} from line ${from}`);
      const { count, lastAt, text: said } = log.marks['out-of-memory']!;
      assert.deepEqual([count, lastAt, said], [1, Date.UTC(2026, 10, 23, 10, 5, 28), 'java.lang.OutOfMemoryError: Java heap space']);
    }
  }
});

test('what the JVM says of itself has the time of the line before it', () => {
  for (const [said, mark] of [
    ['Exception in thread "grpc-default-worker-ELG-3-1" java.lang.OutOfMemoryError: Java heap space', 'out-of-memory'],
    ['Exception: java.lang.OutOfMemoryError thrown from the UncaughtExceptionHandler in thread "x"', 'out-of-memory'],
    ['Terminating due to java.lang.OutOfMemoryError: Java heap space', 'out-of-memory'],
    ['Exception in thread "main" java.net.SocketException: Too many open files', 'too-many-files'],
  ] as const)
    for (const around of [quiet, (n: number) => quiet(n).replace('INFO', 'WARN')]) {
      const text = [around(1), around(2), said, '\tat a.B.c(B.java:1)', around(3)].join('\n');
      for (let size = 40; size < text.length; size += 7) {
        const { log } = readBytes(text, size, 'a');
        assert.deepEqual(log, byLines(text, 'a'), `pieces of ${size}`);
        assert.deepEqual(log.marks, { [mark]: { count: 1, lastAt: Date.UTC(2026, 10, 23, 10, 0, 0, 2), text: said } });
      }
    }
});

test('a logger of another kind in between ends the entry, and its hours are those of a clock with two halves', () => {
  for (const [said, hour] of [
    ['12:05:28 AM', 0],
    ['9:05:28 AM', 9],
    ['12:05:28 PM', 12],
    ['4:05:28 PM', 16],
  ] as const) {
    const lines = [
      '[2026-11-22 10:00:00,000] ERROR it broke (k.E:1)',
      `Nov 23, 2026 ${said} io.grpc.x run`,
      'java.lang.OutOfMemoryError: x',
    ];
    const { log } = readBytes(lines.join('\n'), 1000, 'a');
    assert.deepEqual([log.troubles[0]?.cause, log.marks['out-of-memory']?.lastAt], [undefined, Date.UTC(2026, 10, 23, hour, 5, 28)]);
  }
});

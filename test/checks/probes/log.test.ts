import { test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogSeen } from '../../../checks/facts/index.ts';
import { readLog } from '../../../checks/probes/log.ts';
import { readLogFile as readFile, type LogFileOptions } from '../../../checks/probes/log-file.ts';
import { readFields, utcHour } from '../../../checks/probes/log-lines.ts';
import { factOf } from '../../doubles/settings.ts';
import { factsOfRecording, loadRecording, RECORDINGS } from '../../recorded.ts';

const logOf = (name: string): LogSeen => {
  const { log } = factsOfRecording(loadRecording(name));
  assert.ok('value' in log);
  return log.value;
};
const read = (...lines: string[]): LogSeen => readLog(lines, 'otlp-source', 'connect.log', utcHour);
/** A look long after: nothing is in the future. */
const readLogFile = (path: string, connector: string | null, options: Omit<LogFileOptions, 'now'>) =>
  readFile(path, connector, { now: Date.parse('2026-12-01T00:00:00Z'), ...options });
const at = (time: string): number => Date.parse(`2026-11-23T${time}Z`);
const line = (time: string, rest: string): string => `[2026-11-23 ${time.replace('.', ',')}] ${rest}`;

test('a taken port: the start, its failure and the deepest cause', () => {
  const log = logOf('port-taken-grpc');
  assert.equal(log.startedAt, at('16:07:36.660'));
  assert.deepEqual(log.events['otlp_receiver_start_failed'], {
    count: 1,
    firstAt: at('16:07:36.675'),
    lastAt: at('16:07:36.675'),
    fields: { error: 'Failed to bind to address /127.0.0.1:4317' },
  });
  const trouble = log.troubles.find(({ message }) => message.startsWith('event=otlp_receiver_start_failed'));
  assert.deepEqual(
    [trouble?.level, trouble?.logger, trouble?.cause],
    [
      'ERROR',
      'io.conduktor.connect.otel.OpenTelemetrySourceTask',
      'io.grpc.netty.shaded.io.netty.channel.unix.Errors$NativeIoException: bind(..) failed: Address already in use',
    ],
  );
});

test('a broker that hangs: what Connect says of it, and the queue that was thrown away', () => {
  const log = logOf('broker-hung-with-traffic');
  assert.deepEqual(Object.keys(log.marks).sort(), [
    'broker-silent',
    'coordinator-lost',
    'coordinator-unreachable',
    'drained',
    'graceful-stop-failed',
    'orphan-task',
  ]);
  assert.equal(log.events['message_draining_completed']?.fields['drained_count'], '1673');
  assert.equal(log.marks['drained']?.text, 'event=message_draining_completed drained_count=1673 duration_ms=101');
});

test('a broker that is down refuses', () => {
  const log = logOf('broker-down');
  assert.equal(log.marks['broker-refuses']?.count, 99);
  assert.match(log.marks['coordinator-lost']?.text ?? '', /coordinator unavailable/);
});

test('drops are counted, and the true queue sizes come from task_metrics', () => {
  const log = logOf('overload-drops');
  assert.equal(log.events['trace_dropped']?.count, loadRecording('overload-drops').log['trace_dropped lines']);
  assert.deepEqual(log.events['trace_dropped']?.fields, { reason: 'queue_full', queue_size: '200' });
  const full = logOf('healthy-with-traffic').events['task_metrics'];
  assert.deepEqual([full?.fields['traces_queue_size'], full?.fields['queue_capacity'], full?.fields['status']], ['3', '10000', 'HEALTHY']);
});

test('lines of Kafka 4.1 (log4j2) are read alike', () => {
  const log = logOf('kafka-4.1/record-too-large');
  assert.equal(log.events['task_starting']?.fields['connector_name'], 'otlp-source');
  assert.match(log.marks['record-too-large']?.text ?? '', /RecordTooLargeException: The request included a message larger than/);
  assert.equal(logOf('kafka-4.1/healthy-with-traffic').marks['unknown-topic']?.count, 1);
});

test('every recorded line that begins an entry is one: no message is without its logger', () => {
  for (const name of RECORDINGS) {
    for (const trouble of logOf(name).troubles) assert.notEqual(trouble.logger, '', `${name}: ${trouble.message}`);
  }
});

test("a neighbour's lines are not ours, with and without Connect's context", () => {
  const log = logOf('two-connectors-same-ports');
  assert.equal(log.events['task_starting']?.count, 1);
  const session = '11111111-2222-3333-4444-555555555555';
  const dropped = 'WARN event=trace_dropped reason=queue_full queue_size=100 (io.conduktor.connect.otel.OtlpReceiver:261)';
  const other = read(
    line('10:00:00.000', 'INFO [otlp-b|task-0] event=task_starting connector_name=otlp-b grpc_port=1 (x.T:1)'),
    line('10:00:00.001', `INFO event=session_initialized session_id=${session} (x.T:1)`),
    line('10:00:01.000', `INFO event=task_metrics records_produced=1 session_id=${session} status=HEALTHY (x.T:1)`),
    line('10:00:02.000', dropped),
    line(
      '10:00:03.000',
      'WARN [Producer clientId=connector-producer-otlp-b-0] Connection to node 1 could not be established. Node may not be available. (k.N:1)',
    ),
  );
  assert.deepEqual([other.events, other.troubles, other.marks], [{}, [], {}]);
  const alone = read(line('10:00:02.000', dropped));
  assert.equal(alone.events['trace_dropped']?.count, 1);
});

test('a stop without context belongs to the task whose session it names', () => {
  const [ours, theirs] = ['aaaaaaaa-0000-0000-0000-000000000000', 'bbbbbbbb-0000-0000-0000-000000000000'];
  const log = read(
    line('10:00:00.000', 'INFO event=task_starting connector_name=otlp-b topics=a (x.T:1)'),
    line('10:00:00.001', `INFO event=session_initialized session_id=${theirs} (x.T:1)`),
    line('10:00:00.002', 'INFO event=task_starting connector_name=otlp-source topics=a (x.T:1)'),
    line('10:00:00.003', `INFO event=session_initialized session_id=${ours} (x.T:1)`),
    line('10:00:05.000', `INFO event=task_stopping session_id=${theirs} (x.T:1)`),
    line('10:00:05.001', 'INFO event=message_draining_completed drained_count=7 duration_ms=1 (x.T:1)'),
    line('10:00:05.002', `INFO event=task_stopped session_id=${theirs} (x.T:1)`),
    line('10:00:06.000', `INFO event=task_stopping session_id=${ours} (x.T:1)`),
    line('10:00:06.001', 'INFO event=message_draining_completed drained_count=9 duration_ms=1 (x.T:1)'),
  );
  assert.deepEqual(log.events['message_draining_completed'], {
    count: 1,
    firstAt: at('10:00:06.001'),
    lastAt: at('10:00:06.001'),
    fields: { drained_count: '9', duration_ms: '1' },
  });
});

test('what was before the last start is history', () => {
  const log = read(
    line('10:00:00.000', 'ERROR [otlp-source|task-0] event=http_trace_error error=old (x.T:1)'),
    line('10:00:01.000', 'INFO [otlp-source|task-0] event=task_starting connector_name=otlp-source topics=a (x.T:1)'),
    line('10:00:02.000', 'WARN [otlp-source|task-0] event=trace_dropped reason=queue_full queue_size=100 (x.T:1)'),
  );
  assert.deepEqual([log.fromAt, log.startedAt, log.lastAt, log.lines], [at('10:00:00.000'), at('10:00:01.000'), at('10:00:02.000'), 3]);
  assert.deepEqual(Object.keys(log.events), ['task_starting', 'trace_dropped']);
  assert.deepEqual(
    log.troubles.map(({ level, count }) => [level, count]),
    [['WARN', 1]],
  );
});

test('lines of one shape are one trouble; the deepest cause is kept; frames of another logger are not its trace', () => {
  const log = read(
    line('10:00:00.000', "ERROR [otlp-source|task-0] Sending record 17 to 'a' failed (k.Sender:9)"),
    'java.lang.RuntimeException: outer',
    '\tat a.b.C.d(C.java:1)',
    'Caused by: java.io.IOException: middle',
    'Caused by: java.net.SocketException: Too many open files',
    line('10:00:01.000', "ERROR [otlp-source|task-0] Sending record 18 to 'b' failed (k.Sender:9)"),
    'Nov 23, 2026 4:05:28 PM io.grpc.netty.NettyServerTransport notifyTerminated',
    'java.lang.IllegalStateException: of something else',
  );
  assert.deepEqual(log.troubles, [
    { level: 'ERROR', logger: 'k.Sender', message: "Sending record 18 to 'b' failed", count: 2, lastAt: at('10:00:01.000') },
  ]);
  assert.deepEqual(log.marks['too-many-files'], {
    count: 1,
    lastAt: at('10:00:00.000'),
    text: 'Caused by: java.net.SocketException: Too many open files',
  });
});

test('a delay of a rebalance is a mark only when there is one, and its number is shown', () => {
  const joined = (delay: number) =>
    line(
      '10:00:00.000',
      `INFO [Worker clientId=c, groupId=g] Joined group at generation 9 with protocol version 2 and got assignment: Assignment{error=0, leader='${'x'.repeat(300)}', taskIds=[]} with rebalance delay: ${delay} (k.D:1)`,
    );
  assert.deepEqual(read(joined(0)).marks, {});
  assert.match(read(joined(300000)).marks['rebalance-delay']?.text ?? '', /^… .*with rebalance delay: 300000$/);
});

test('other layouts: no brackets, ISO times, a thread after the logger', () => {
  const log = read(
    '2026-11-23 10:00:00,123 WARN [otlp-source|task-0] event=trace_dropped reason=queue_full queue_size=5 (x.T) [grpc-1]',
    '2026-11-23T10:00:01.5Z WARN event=log_dropped reason=queue_full queue_size=6 (x.T:9)',
  );
  assert.deepEqual([log.fromAt, log.lastAt], [at('10:00:00.123'), at('10:00:01.500')]);
  assert.deepEqual(log.events['log_dropped']?.fields, { reason: 'queue_full', queue_size: '6' });
  assert.deepEqual(
    log.troubles.map(({ logger }) => logger),
    ['x.T', 'x.T'],
  );
});

test('fields: a value with blanks ends at the next key, an error takes the rest', () => {
  assert.deepEqual(readFields("event=tls message='not yet there' port=1"), { event: 'tls', message: "'not yet there'", port: '1' });
  assert.deepEqual(readFields('event=x uri=/v1 error=bad key=value in text'), { event: 'x', uri: '/v1', error: 'bad key=value in text' });
});

test('troubles are bounded, worst first', () => {
  const letters = (index: number) =>
    String.fromCharCode(97 + (index % 26), 97 + (Math.floor(index / 26) % 26), 97 + Math.floor(index / 676));
  const warnings = Array.from({ length: 900 }, (_, index) => line('10:00:00.000', `WARN trouble ${letters(index)} (k.W:1)`));
  const log = read(line('09:00:00.000', 'ERROR the one error (k.E:1)'), ...warnings);
  assert.equal(log.troubles.length, 50);
  assert.equal(log.troubles[0]?.message, 'the one error');
});

test('secrets and terminal escapes do not get into the fact', () => {
  const log = read(line('10:00:00.000', 'ERROR [otlp-source|task-0] login with password=hunter2 \u001b[2Jfailed (k.E:1)'));
  assert.equal(log.troubles[0]?.message, 'login with password=<redacted:password> \\x1b[2Jfailed');
});

test('a file is read line by line; of a long one only the end, and it is said', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-log-'));
  const signal = new AbortController().signal;
  try {
    const file = join(folder, 'connect.log');
    writeFileSync(file, loadRecording('port-taken-grpc').log.lines.join('\n'));
    const whole = await readLogFile(file, 'otlp-source', { signal, hourAt: utcHour });
    assert.ok('value' in whole);
    assert.deepEqual({ ...whole.value, place: '' }, { ...logOf('port-taken-grpc'), place: '' });

    appendFileSync(
      file,
      `\n${line('23:00:00.000', 'WARN [otlp-source|task-0] event=log_dropped reason=queue_full queue_size=1 (x.T:1)')}\r\n`,
    );
    const end = await readLogFile(file, 'otlp-source', { signal, mostBytes: 150, hourAt: utcHour });
    assert.ok('value' in end);
    assert.deepEqual(
      [end.value.lines, Object.keys(end.value.events), end.value.cut?.readBytes, end.value.fromAt],
      [1, ['log_dropped'], 150, at('23:00:00.000')],
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a file that is not there, a folder, one that no one may read, an end that comes too soon', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-log-'));
  const signal = new AbortController().signal;
  try {
    const missing = join(folder, 'none.log');
    assert.deepEqual(await readLogFile(missing, null, { signal }), { failure: 'absent', detail: `there is no file ${missing}` });
    assert.deepEqual(await readLogFile(folder, null, { signal }), {
      failure: 'absent',
      detail: `${folder} is a directory, not a log file`,
    });
    const loop = join(folder, 'loop.log');
    symlinkSync(loop, loop);
    const looped = await readLogFile(loop, null, { signal });
    assert.ok('failure' in looped);
    assert.match(looped.detail, /loop\.log cannot be read: ELOOP/);
    const file = join(folder, 'connect.log');
    writeFileSync(file, 'x');
    const late = await readLogFile(file, null, { signal: AbortSignal.abort() });
    assert.ok('failure' in late);
    assert.equal(late.failure, 'timeout');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a file that this user may not read', { skip: process.getuid?.() === 0 ? 'root reads everything' : false }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-log-'));
  try {
    const file = join(folder, 'connect.log');
    writeFileSync(file, 'x', { mode: 0 });
    const outcome = await readLogFile(file, null, { signal: new AbortController().signal });
    assert.deepEqual(outcome, { failure: 'denied', detail: `${file} may not be read by this user` });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the usual place is skipped where no file is; a given one that is missing is not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-log-'));
  try {
    const usual = await factOf('log', { connectUrl: null }, { env: { KAFKA_HOME: folder } });
    assert.ok('unasked' in usual);
    assert.deepEqual([usual.unasked, usual.reason, usual.give], ['skipped', 'no file at $KAFKA_HOME/logs/connect.log', '--log-file PATH']);
    const unset = await factOf('log', { connectUrl: null });
    assert.ok('unasked' in unset);
    assert.equal(unset.reason, 'no log file is given and KAFKA_HOME is not set');
    const given = await factOf('log', { connectUrl: null, logFile: join(folder, 'no.log') });
    assert.ok('failure' in given);
    assert.equal(given.failure, 'absent');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, mkdtempSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { inProcess, start } from '../doubles/in-process.ts';
import { until } from '../doubles/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'otlpctl-logs-'));
after(() => rmSync(folder, { recursive: true }));

const STARTING =
  '[2026-11-23 16:07:30,000] INFO [otlp-source|task-0] event=task_starting connector_name=otlp-source grpc_port=4317 (io.conduktor.connect.otel.Task:63)';
const DROPPED =
  '[2026-11-23 16:07:31,628] WARN [otlp-source|task-0] event=trace_dropped reason=queue_full queue_size=100 (io.conduktor.connect.otel.OtlpReceiver:393)';
const PLAIN = '[2026-11-23 16:07:32,000] INFO Nothing that anybody knows \u001b[31mred\u001b[39m (org.example.Thing:7)';
const KILLED = [
  '[2026-11-23 16:07:33,100] ERROR [otlp-source|task-0] WorkerSourceTask{id=otlp-source-0} Task threw an uncaught and unrecoverable exception. Task is being killed and will not recover until manually restarted (org.apache.kafka.connect.runtime.WorkerTask:233)',
  'org.apache.kafka.connect.errors.ConnectException: Failed to start OTLP receiver',
  '\tat io.conduktor.connect.otel.Task.start(Task.java:101)',
  '\tat org.apache.kafka.connect.runtime.WorkerTask.run(WorkerTask.java:242)',
  'Caused by: java.net.BindException: Address already in use',
  '\t... 8 more',
];
const OLD = '[2026-11-23 16:00:00,000] INFO Kafka Connect starting (org.apache.kafka.connect.runtime.Connect:50)';
const LINES = [OLD, STARTING, DROPPED, PLAIN, ...KILLED, ''];

function logFile(lines: readonly string[] = LINES, name = `connect-${Math.random()}.log`): string {
  const file = join(folder, name);
  writeFileSync(file, lines.join('\n'));
  return file;
}

type Entry = {
  at: string;
  level: string;
  connector: string | null;
  message: string;
  trace: string[];
  means: { id: string; means: string } | null;
};
type Document = { schemaVersion: number; place: string; omitted: number; sinceStart: boolean; zoneOffsetMinutes: number; entries: Entry[] };
const json = async (...args: string[]): Promise<Document> => {
  const { code, stdout, stderr } = await inProcess(['logs', ...args, '--format', 'json']);
  assert.deepEqual([code, stderr], [0, '']);
  return JSON.parse(stdout) as Document;
};

test('each known line has its name and meaning, others are as they are, a trace is one with its line', async () => {
  const { code, stdout } = await inProcess(['logs', '--log-file', logFile()]);
  assert.equal(code, 0);
  const lines = stdout.split('\n');
  assert.equal(lines[0], OLD);
  assert.ok(lines.includes(DROPPED));
  assert.match(lines[lines.indexOf(DROPPED) + 1]!, /^ {2}-> trace_dropped: \S.*\.$/);
  const plain = lines.findIndex((line) => line.includes('Nothing that anybody knows'));
  assert.ok(lines[plain + 1]!.startsWith('[2026-11-23 16:07:33,100] ERROR'), 'an unknown line has nothing below it');
  assert.deepEqual(lines.slice(plain + 2), [
    KILLED[1],
    KILLED[4],
    '    (3 frames of the trace, -v shows them)',
    '  -> port-in-use: Another process, or another connector on the same worker, has one of the ports.',
    '',
  ]);
  assert.ok(!stdout.includes('\u001b'), 'terminal escapes of the log are harmless');
  const verbose = await inProcess(['logs', '--log-file', logFile(), '-v']);
  assert.ok(verbose.stdout.includes('    at io.conduktor.connect.otel.Task.start(Task.java:101)\n'));
});

test('JSON is one document, its times in UTC', async () => {
  const file = logFile();
  const document = await json('--log-file', file);
  assert.deepEqual([document.schemaVersion, document.place, document.omitted, document.zoneOffsetMinutes], [1, file, 0, 0]);
  const [, , dropped, plain, killed] = document.entries;
  assert.equal(dropped?.at, new Date(2026, 10, 23, 16, 7, 31, 628).toISOString());
  assert.deepEqual([dropped?.level, dropped?.connector, dropped?.means?.id, plain?.means], ['WARN', 'otlp-source', 'trace_dropped', null]);
  assert.equal(dropped?.message, 'event=trace_dropped reason=queue_full queue_size=100');
  assert.deepEqual(killed?.trace, KILLED.slice(1));
});

test('--since-start begins at the last start of the task, and says so where there is none', async () => {
  const { entries } = await json('--log-file', logFile([OLD, STARTING, DROPPED, STARTING, PLAIN, '']), '--since-start');
  assert.deepEqual(
    entries.map(({ means }) => means?.id ?? null),
    ['task_starting', null],
  );
  const none = await inProcess(['logs', '--log-file', logFile([OLD, DROPPED, '']), '--since-start']);
  assert.match(none.stderr, /^note: no start of the task is in .*: all that was read is shown$/m);
  assert.ok(none.stdout.includes(OLD));
  const others = await json('--log-file', logFile([OLD, STARTING, DROPPED, '']), '--since-start', '--connector', 'another');
  assert.deepEqual([others.sinceStart, others.entries.length], [false, 3]);
});

test('--match takes a text in any case, below the first line too, or a name of the catalogue', async () => {
  const file = logFile();
  const ids = async (text: string) =>
    (await json('--log-file', file, '--match', text)).entries.map(({ means, message }) => means?.id ?? message.slice(0, 12));
  assert.deepEqual(await ids('QUEUE_FULL'), ['trace_dropped']);
  assert.deepEqual(await ids('BindException'), ['port-in-use']);
  assert.deepEqual(await ids('port-in-use'), ['port-in-use']);
  assert.deepEqual(await ids('nothing THAT'), ['Nothing that']);
  assert.deepEqual(await ids('moon'), []);
});

test('--lines keeps the last ones and counts what it leaves out', async () => {
  const document = await json(
    '--log-file',
    logFile(Array.from({ length: 500 }, (_, at) => PLAIN.replace('knows', `knows ${at}`))),
    '--lines',
    '3',
  );
  assert.equal(document.omitted, 497);
  assert.deepEqual(
    document.entries.map(({ message }) => /knows (\d+)/.exec(message)?.[1]),
    ['497', '498', '499'],
  );
});

test('a log of another time zone is moved into ours, as doctor does', async () => {
  const file = logFile();
  const written = new Date(2026, 10, 23, 14, 7, 33, 100);
  utimesSync(file, written, written);
  const { zoneOffsetMinutes, entries } = await json('--log-file', file);
  assert.equal(zoneOffsetMinutes, -120);
  assert.equal(entries.at(-1)?.at, written.toISOString());
  const { stdout, stderr } = await inProcess(['logs', '--log-file', file]);
  assert.ok(stdout.includes('[2026-11-23 14:07:31,628] WARN [otlp-source|task-0] event=trace_dropped'));
  assert.match(stderr, /^note: the log was written in another time zone: -120 minutes make its times ours$/m);
});

test('standard input and a command are read too; secrets are not shown', async () => {
  const line = '[2026-11-23 16:07:31,628] INFO sasl.jaas.config = username="a" password="hunter2"; (org.x.Y:1)';
  const piped = await inProcess(['logs', '--log-file', '-'], { input: `${line}\n${DROPPED}\n` });
  assert.equal(piped.code, 0);
  assert.ok(piped.stdout.includes('-> trace_dropped') && !piped.stdout.includes('hunter2'));
  const document = await json('--log-command', `cat ${logFile()}`);
  assert.equal(document.entries.length, 5);
});

const REFUSED: readonly [string[], RegExp][] = [
  [['logs', '--log-file', '/nowhere/connect.log'], /^otlpctl: there is no file \/nowhere\/connect\.log/],
  [['logs'], /^otlpctl: no log is given and KAFKA_HOME is not set, give --log-file PATH/],
  [['logs', '--log-command', 'sh -c "echo gone >&2; exit 1"'], /^otlpctl: sh ended with exit code 1: gone/],
  [['logs', '--log-command', 'sh -c "echo gone >&2; exit 1"', '--follow'], /^otlpctl: sh ended with exit code 1: gone/],
  [['logs', '--log-file', '/x', '--lines', 'many'], /^otlpctl: --lines "many" is not a number of entries from 1 to 1000000 \(try 100\)/],
  [['logs', '--log-file', '/x', '--match', ''], /^otlpctl: --match is empty/],
  [['logs', '--log-command', 'cat x', '--follow', '--since-start'], /^otlpctl: --since-start with --follow needs a file/],
];
for (const [args, sentence] of REFUSED)
  test(`${args.join(' ')} is one sentence, exit 3`, async () => {
    const { code, stdout, stderr } = await inProcess(args, { env: { KAFKA_HOME: '' } });
    assert.deepEqual([code, stdout], [3, '']);
    assert.match(stderr, sentence);
  });

const has = (text: string, said: () => string): Promise<true> =>
  until(`"${text}" to be shown`, async () => said().includes(text) || undefined);
const numbered = (number: number): string => `[2026-11-23 16:08:00,000] INFO line number ${number}. (a.B:1)\n`;

test('--follow shows what is written, across a rename, a cut and a file that is gone for a while, until Ctrl-C', async (t) => {
  const file = logFile();
  const { ran, said, signal } = start(['logs', '--log-file', file, '--follow', '--format', 'json']);
  t.after(() => signal('SIGINT'));
  await has('WorkerSourceTask', said);
  appendFileSync(file, numbered(1));
  await has('line number 1.', said);
  // As log4j rotates: the old file gets a last line, the new one begins under the same name.
  appendFileSync(file, numbered(2));
  renameSync(file, `${file}.1`);
  await has('line number 2.', said);
  writeFileSync(file, `[2026-11-23 16:08:00,000] INFO ${'a long line, '.repeat(400)} (a.B:1)\n${numbered(3)}`);
  await has('line number 3.', said);
  // As copytruncate does: what is there then is less than what was read.
  copyFileSync(file, `${file}.2`);
  truncateSync(file, 0);
  appendFileSync(file, `${KILLED.join('\n')}\n`);
  await until(
    'the trace',
    async () =>
      said()
        .split('\n')
        .filter((line) => line.includes('port-in-use')).length === 2 || undefined,
  );
  signal('SIGINT');
  const { code, stdout, stderr } = await ran;
  assert.deepEqual([code, stderr], [0, '']);
  const entries = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry);
  assert.deepEqual(
    entries.slice(-5).map(({ message, trace }) => [message.slice(0, 14), trace.length]),
    [
      ['line number 1.', 0],
      ['line number 2.', 0],
      ['a long line, a', 0],
      ['line number 3.', 0],
      ['WorkerSourceTa', 5],
    ],
  );
});

test('--follow ends at --timeout, and with a command that ends; a trace that comes in pieces stays one', async () => {
  const file = logFile();
  const timed = await inProcess(['logs', '--log-file', file, '--follow', '--timeout', '0.5', '--match', 'dropped']);
  assert.deepEqual([timed.code, timed.stdout.split('\n').length], [0, 3]);
  const ended = await inProcess(['logs', '--log-command', `cat ${file}`, '--follow', '--format', 'json']);
  assert.equal(ended.code, 0);
  assert.equal(ended.stdout.trimEnd().split('\n').length, 5);
});

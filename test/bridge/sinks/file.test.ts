import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test, type TestContext } from 'node:test';
import { execa } from 'execa';
import { spill } from '../../../bridge/sinks/file.ts';
import { openSink } from '../../../bridge/sinks/index.ts';
import { openTopicFile } from '../../../bridge/sinks/topic-file.ts';
import type { Message } from '../../../bridge/message.ts';
import { message, to } from '../messages.ts';

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'otlpctl-sink-'));
  t.after(() => rmSync(path, { recursive: true }));
  return join(path, 'out');
}

const open = (directory: string) => openSink({ sink: 'file', kafka: null, fileDirectory: directory }, () => {});
const linesOf = (path: string): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1);

test('a message is one line: the record that Kafka would get', async (t) => {
  const directory = folder(t);
  const sink = await open(directory);
  assert.equal(sink.place, `file ${directory}`);
  const json: Message = { signal: 'logs', body: Buffer.from('{"ü":1}'), encoding: 'json', receivedAt: 1795476252577 };
  await sink.open(to('otlp-traces')).write([message('\x00\xff'), message('b')]);
  await sink.open(to('my.topic_1')).write([json]);
  assert.equal(
    readFileSync(join(directory, 'otlp-traces.jsonl'), 'utf8'),
    `{"timestamp":1,"topic":"otlp-traces","headers":{"signal":"traces","content-type":"application/x-protobuf"},"value":"AMO/"}\n` +
      `{"timestamp":1,"topic":"otlp-traces","headers":{"signal":"traces","content-type":"application/x-protobuf"},"value":"Yg=="}\n`,
  );
  const record = JSON.parse(linesOf(join(directory, 'my.topic_1.jsonl'))[0]!) as { value: string };
  assert.deepEqual(record, {
    timestamp: 1795476252577,
    topic: 'my.topic_1',
    headers: { signal: 'logs', 'content-type': 'application/json' },
    value: json.body.toString('base64'),
  });
  assert.ok(Buffer.from(record.value, 'base64').equals(json.body));
  await sink.close();
});

test('folder and files are the owner’s alone', async (t) => {
  const directory = join(folder(t), 'deeper');
  const sink = await open(directory);
  await sink.open(to('a')).write([message(1)]);
  await sink.close();
  assert.deepEqual([statSync(directory).mode & 0o777, statSync(join(directory, 'a.jsonl')).mode & 0o777], [0o700, 0o600]);
});

test('a file goes on where it ended, and half a line is closed first', async (t) => {
  const directory = folder(t);
  mkdirSync(directory);
  writeFileSync(join(directory, 'torn.jsonl'), '{"timestamp":1}\n{"timest');
  writeFileSync(join(directory, 'whole.jsonl'), '{"timestamp":1}\n');
  writeFileSync(join(directory, 'empty.jsonl'), '');
  const sink = await open(directory);
  for (const topic of ['torn', 'whole', 'empty']) for (const name of ['a', 'b']) await sink.open(to(topic)).write([message(name)]);
  await sink.close();
  const values = (topic: string) => linesOf(join(directory, `${topic}.jsonl`)).map((line) => /"value":"(.*)"/.exec(line)?.[1] ?? line);
  assert.deepEqual(values('torn'), ['{"timestamp":1}', '{"timest', 'YQ==', 'Yg==']);
  assert.deepEqual(values('whole'), ['{"timestamp":1}', 'YQ==', 'Yg==']);
  assert.deepEqual(values('empty'), ['YQ==', 'Yg==']);
});

test('two signals on one topic do not mix their lines', async (t) => {
  const directory = folder(t);
  const sink = await open(directory);
  const big = 'x'.repeat(300_000);
  await Promise.all([
    sink.open(to('all')).write([message(`t${big}`), message('t')]),
    sink.open(to('all')).write([message(`l${big}`, 'logs')]),
    sink.open(to('all')).write([message('m', 'metrics')]),
  ]);
  await sink.close();
  const signals = linesOf(join(directory, 'all.jsonl')).map((line) => (JSON.parse(line) as { headers: { signal: string } }).headers.signal);
  assert.deepEqual(signals, ['traces', 'traces', 'logs', 'metrics']);
});

for (const topic of ['', '.', '..', '../up', 'a/b', 'a\0b', 'ü', 'a b', 'x'.repeat(250)])
  test(`no topic of Kafka, no file: ${JSON.stringify(topic).slice(0, 20)}`, async (t) => {
    const directory = folder(t);
    const sink = await open(directory);
    await assert.rejects(sink.open(to(topic)).write([message(1)]), /topic/);
    assert.deepEqual(readdirSync(directory), []);
    await sink.close();
  });

test('a file that cannot be opened rejects, and is tried again', async (t) => {
  const directory = folder(t);
  const sink = await open(directory);
  const path = join(directory, 'a.jsonl');
  mkdirSync(path);
  await assert.rejects(sink.open(to('a')).write([message(1)]), { code: 'EISDIR' });
  rmSync(path, { recursive: true });
  await sink.open(to('a')).write([message(2)]);
  assert.equal(linesOf(path).length, 1);
  await sink.close();
});

/** Runs in a process that may write no file beyond 2048 bytes: the second append is cut in the middle by the system. */
const CUT = `
  const { openTopicFile } = await import(process.argv[1]);
  const file = await openTopicFile(process.argv[2]);
  const seen = [];
  for (const size of [1500, 1500, 400]) seen.push(await file.append(Buffer.from('x'.repeat(size - 1) + '\\n')).then(() => 'stored', (error) => error.code));
  await file.close();
  process.stdout.write(seen.join(' '));
`;

test('a write that the system cuts is taken back: nothing of the batch stays', async (t) => {
  const directory = folder(t);
  mkdirSync(directory);
  const path = join(directory, 'a.jsonl');
  const module = resolve(import.meta.dirname, '../../../bridge/sinks/topic-file.ts');
  const { stdout } = await execa('bash', [
    '-c',
    'ulimit -f 2; exec "$@"',
    'bash',
    process.execPath,
    '--input-type=module',
    '-e',
    CUT,
    module,
    path,
  ]);
  assert.equal(stdout, 'stored EFBIG stored');
  assert.deepEqual(
    linesOf(path).map(({ length }) => length + 1),
    [1500, 400],
  );
});

test('a file that is moved away or removed is begun anew, one that is emptied goes on, and without its folder nothing is taken', async (t) => {
  const directory = folder(t);
  mkdirSync(directory);
  const path = join(directory, 'topic.jsonl');
  const file = await openTopicFile(path, 0);
  const append = (text: string) => file.append(Buffer.from(`${text}\n`));
  await append('a');
  renameSync(path, `${path}.1`);
  await append('b');
  assert.deepEqual([linesOf(`${path}.1`), linesOf(path)], [['a'], ['b']]);
  rmSync(path);
  await append('c');
  truncateSync(path);
  await append('d');
  assert.deepEqual(linesOf(path), ['d']);
  rmSync(directory, { recursive: true });
  await assert.rejects(append('e'), { code: 'ENOENT' });
  await assert.rejects(append('e'), { code: 'ENOENT' });
  mkdirSync(directory);
  await append('e');
  assert.deepEqual(linesOf(path), ['e']);
  await file.close();
});

test('messages that no sink took are kept in a file of their own, in their order', async (t) => {
  const directory = folder(t);
  const topics = { traces: to('tt'), metrics: to('mm'), logs: to('ll') };
  const left = [message('a', 'logs', 1), message('b', 'traces', 2), message('c', 'metrics', 3)];
  const [first, second] = await Promise.all([spill(directory, left, topics), spill(directory, left.slice(0, 1), topics)]);
  assert.notEqual(first, second);
  assert.match(first, /\/spilled-\d{8}T\d{9}Z(-\d+)?\.jsonl$/);
  assert.deepEqual(
    linesOf(first)
      .map((line) => JSON.parse(line) as { topic: string; value: string })
      .map(({ topic, value }) => [topic, Buffer.from(value, 'base64').toString()]),
    [
      ['ll', 'a'],
      ['tt', 'b'],
      ['mm', 'c'],
    ],
  );
  assert.equal(statSync(first).mode & 0o777, 0o600);
  assert.equal(linesOf(second).length, 1);
});

test('a spill that cannot be written is the system error', async (t) => {
  const directory = folder(t);
  writeFileSync(directory, '');
  await assert.rejects(spill(directory, [message('a')], { traces: to('t'), metrics: to('m'), logs: to('l') }), { code: 'EEXIST' });
});

test(
  'a folder that cannot be made is named, also where the system knows no folder above as missing',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const file = folder(t);
    writeFileSync(file, '');
    for (const [directory, why] of [
      ['/proc/nothing/here', 'no such file or folder'],
      [file, 'a file has that name'],
      [join(file, 'below'), 'a file stands in its path'],
    ])
      await assert.rejects(async () => open(directory!), {
        code: 'bad-input',
        message: `bridge.file.dir ${directory} cannot be made (${why}): give another one`,
      });
  },
);

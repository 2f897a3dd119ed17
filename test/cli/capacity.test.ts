import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planCapacity } from '../../checks/plans/capacity.ts';
import { bytes, capacityText } from '../../cli/render/capacity.ts';
import { inProcess as otlpctl } from '../doubles/in-process.ts';

const EXAMPLE = ['capacity', '--peak', '5000', '--burst', '10'];

test('the example as it is printed', async () => {
  const { code, stdout, stderr } = await otlpctl(EXAMPLE);
  assert.equal(code, 0);
  assert.equal(stderr, '');
  assert.equal(
    stdout,
    `Queue per signal    16,667   5,000 msg/s x 10 s / 3 queues
Recommended         25,000   + 50 % headroom
Memory              150 MB   25,000 x 2 KB x 3, about 200 MB with overhead
Heap                800 MB   4 x, at least
Format            protobuf   above 1,000 msg/s

Set
         otlp.message.queue.size=25000
         otlp.message.format=protobuf
         -Xmx800m

Beware   One busy signal drains at most about 480 msg/s on this connector,
         whatever the queue: at 5,000 msg/s of one signal plan 11 instances, or
         larger client batches.
Note     An equal split over traces, metrics and logs is assumed: a burst of one
         signal alone needs a queue of 50,000.
Note     What is drained while the burst lasts is ignored: the size errs on the
         large side.
Note     The heap is what these queues need. A Connect worker has 2 GiB where
         nobody says otherwise: keep that where it is more.
`,
  );
});

test('the example as JSON: the document of the contract and nothing else', async () => {
  const { code, stdout, stderr } = await otlpctl([...EXAMPLE, '--format', 'json']);
  assert.equal(code, 0);
  assert.equal(stderr, '');
  const { notes, ...document } = JSON.parse(stdout) as { notes: unknown[] };
  assert.deepEqual(document, {
    schemaVersion: 1,
    input: { peakPerSecond: 5000, burstSeconds: 10, messageSizeBytes: 2000, headroomPercent: 50 },
    queueSize: 16667,
    recommendedQueueSize: 25000,
    queueMemoryBytes: 150000000,
    memoryWithOverheadBytes: 200000000,
    heapBytes: 800000000,
    format: 'protobuf',
    tier: 'high',
    config: { 'otlp.message.queue.size': '25000', 'otlp.message.format': 'protobuf' },
  });
  assert.equal(notes.length, 4);
  for (const note of notes) assert.equal(typeof note, 'string');
});

const BAD: readonly [string[], string][] = [
  [['--peak', '100', '--burst', '10 minutes'], '--burst "10 minutes" is not a number of seconds (try 600)'],
  [['--burst', '10'], '--peak is needed, see otlpctl capacity --help'],
  [['--peak', '100', '--burst'], '--burst expects a value, see otlpctl capacity --help'],
  [
    ['--peak', '9007199254740991', '--burst', '10'],
    '--peak 9007199254740991 for --burst 10 with --message-size 2KB and --headroom 50% makes the queue size larger than can be counted exactly: give smaller numbers',
  ],
];

for (const [args, sentence] of BAD) {
  test(`capacity ${args.join(' ')} is refused in one sentence, exit 3`, async () => {
    const { code, stdout, stderr } = await otlpctl(['capacity', ...args]);
    assert.deepEqual({ code, stdout, stderr }, { code: 3, stdout: '', stderr: `otlpctl: ${sentence}\n` });
  });
}

test('an error is a JSON document where JSON is wanted', async () => {
  const { code, stdout, stderr } = await otlpctl(['capacity', '--peak', '1e3', '--burst', '1', '--format', 'json']);
  assert.equal(code, 3);
  assert.equal(stderr, '');
  assert.deepEqual(JSON.parse(stdout), {
    schemaVersion: 1,
    error: { code: 'bad-input', message: '--peak "1e3" is not a number of messages per second in plain digits (try 1000)', hint: null },
  });
});

const BYTES: readonly [number, string][] = [
  [1, '1 B'],
  [999, '999 B'],
  [2000, '2 KB'],
  [2048, '2.05 KB'],
  [1_536_000, '1.54 MB'],
  [800_000_000, '800 MB'],
  [12_000_000_000_000_000, '12,000 TB'],
];
for (const [value, text] of BYTES) test(`${value} bytes are ${text}`, () => assert.equal(bytes(value), text));

for (const columns of [40, 80]) {
  test(`lines keep to ${columns} columns`, () => {
    for (const peakPerSecond of [1, 5000, 9_000_000]) {
      const plan = planCapacity({ peakPerSecond, burstSeconds: 3600, messageSizeBytes: 5_000_000, headroomPercent: 50 });
      assert.ok(!('tooLarge' in plan));
      const long = capacityText(plan, { columns, colour: false })
        .split('\n')
        .filter((line) => line.length > columns);
      assert.deepEqual(long, []);
    }
  });
}

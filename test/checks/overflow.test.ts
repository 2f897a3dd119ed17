import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnose } from '../../checks/diagnose.ts';
import { healthy, metrics, withValue } from '../facts.ts';

const CAPACITY = 10_000;
const MB = 1_000_000;

/** Two readings of one used signal: what waits in its queue at each, and 500 dropped between them. */
const overflowing = (waitingBefore: number, waitingAfter: number) => {
  const [taken, made] = [20_000, 20_000 - waitingBefore];
  const report = diagnose(
    healthy({
      metrics: {
        value: metrics(
          { TracesReceived: taken, RecordsProduced: made },
          { TracesReceived: taken + 1000, TracesDropped: 500, RecordsProduced: taken + 1000 - waitingAfter },
        ),
      },
    }),
  );
  const { id, sentence, remedies } = report.diagnoses[0]!;
  return { id, sentence, commands: remedies.map(({ command }) => command).join('\n') };
};

test('a queue that is full at some readings only meets bursts: it is to hold them', () => {
  const { id, sentence, commands } = overflowing(40, CAPACITY);
  assert.equal(id, 'queue-overflow');
  assert.doesNotMatch(sentence, /all the time/);
  assert.match(commands, /otlp\.message\.queue\.size/);
});

test('a queue that is full at every reading is no matter of its size', () => {
  const { id, sentence, commands } = overflowing(CAPACITY, CAPACITY);
  assert.equal(id, 'queue-overflow');
  assert.match(sentence, /; it was full all the time: 300 a second come and 200 leave\.$/);
  assert.doesNotMatch(commands, /otlp\.message\.queue\.size/);
});

/** Two readings of a bridge whose queues are nearly empty of messages: what it held of 20 MB at each, and how many were refused for which limit. */
const bridge = (heldBefore: number, heldAfter: number, forQueue: number, forBytes: number) => {
  const [before, after] = [heldBefore, heldAfter].map((HeldBytes) => ({ HeldBytes, HeldBytesLimit: 20 * MB, QueueCapacity: CAPACITY }));
  const refused = {
    TracesRefused: forQueue + forBytes,
    TotalMessagesRefused: forQueue + forBytes,
    RefusedQueueFull: forQueue,
    RefusedQueueBytesFull: forBytes,
  };
  const none = { TracesRefused: 0, TotalMessagesRefused: 0, RefusedQueueFull: 0, RefusedQueueBytesFull: 0 };
  const facts = healthy({
    metrics: {
      value: metrics(
        { ...before, ...none, TracesReceived: 20_000, RecordsProduced: 19_990, TracesQueueSize: 10 },
        { ...after, ...refused, TracesReceived: 20_500, RecordsProduced: 20_490, TracesQueueSize: 10 },
        { kind: 'bridge', dead: [] },
      ),
    },
  });
  const report = diagnose(withValue(facts, 'target', { kind: 'bridge' }));
  const { id, sentence, evidence, remedies } = report.diagnoses[0]!;
  const dropRate = report.steps.find((step) => step.id === 'drop-rate')!.sentence;
  return { id, sentence, dropRate, evidence, commands: remedies.map(({ command }) => command).join('\n') };
};

test('a bridge that refused for the bytes it holds needs more of them, and no larger queue', () => {
  const { id, sentence, dropRate, evidence, commands } = bridge(2 * MB, 19 * MB, 0, 500);
  assert.equal(id, 'queue-overflow');
  assert.equal(
    sentence,
    'Bytes held reached bridge.queue.max.bytes (now 19 MB of 20 MB, 95 %): 500 of 1,000 offered messages (50 %) were refused over 5.0 s.',
  );
  assert.match(dropRate, /were refused for the limit of bytes held, and their senders told so over/);
  assert.ok(evidence.some(({ path, value }) => path === 'samples.1.values.HeldBytes' && value === 19 * MB));
  assert.match(commands, /^otlpctl bridge --set bridge\.queue\.max\.bytes=40000000$/m);
  assert.match(commands, /^otlpctl capacity --peak 200 --burst 10 --message-size 1900000B$/m);
  assert.doesNotMatch(commands, /otlp\.message\.queue\.size/);
});

test('where the limit of bytes is met all the time, a larger one is no answer', () => {
  const { id, sentence, commands } = bridge(19 * MB, 19 * MB, 0, 500);
  assert.equal(id, 'queue-overflow');
  assert.match(sentence, /; it was full all the time: 200 a second come and 100 leave\.$/);
  assert.doesNotMatch(commands, /bridge\.queue\.max\.bytes=|otlp\.message\.queue\.size/);
});

test('a bridge that refused for both limits says how many for each, and both are to be raised', () => {
  const { sentence, commands } = bridge(2 * MB, 12 * MB, 300, 200);
  assert.match(
    sentence,
    /^The traces queue of 10,000 overflows: 500 of 1,000 .* refused \(300 for a full queue and 200 for the limit of bytes held\)/,
  );
  assert.match(commands, /bridge\.queue\.max\.bytes=40000000/);
  assert.match(commands, /otlp\.message\.queue\.size/);
});

test('a bridge that refused for a full queue says nothing of bytes', () => {
  const { sentence, dropRate, commands } = bridge(2 * MB, 12 * MB, 500, 0);
  assert.match(sentence, /^The traces queue of 10,000 overflows: 500 of 1,000 offered messages \(50 %\) were refused over/);
  assert.match(dropRate, /were refused for a full queue, and/);
  assert.doesNotMatch(commands, /max\.bytes/);
});

test('bytes held that come near their limit are told of before anything is refused', () => {
  const { id, sentence, commands } = bridge(2 * MB, 19 * MB, 0, 0);
  assert.equal(id, 'queue-near-capacity');
  assert.equal(sentence, 'Bytes held come near bridge.queue.max.bytes (now 19 MB of 20 MB, 95 %).');
  assert.match(commands, /bridge\.queue\.max\.bytes=40000000/);
});

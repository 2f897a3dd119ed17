import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnose } from '../../checks/diagnose.ts';
import { healthy, metrics } from '../facts.ts';

const CAPACITY = 10_000;

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

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planCapacity } from '../../../checks/plans/capacity.ts';
import { ceilingOf, compared, partitionAdvice, type Forms, type Live } from '../../../checks/plans/measured.ts';
import type { Split } from '../../../checks/plans/sizing.ts';
import type { Traffic } from '../../../checks/plans/traffic.ts';

const plan = (peakPerSecond: number, split?: Split) => {
  const made = planCapacity({ peakPerSecond, burstSeconds: 10, messageSizeBytes: 2000, headroomPercent: 50 }, split);
  assert.ok(!('tooLarge' in made));
  return made;
};
const live = (said: Partial<Live> = {}): Live => ({
  ...{ connector: 'otlp-source', kind: 'connector', queueSize: 10_000, format: 'json', heapBytes: null, heldBytesLimit: null },
  ...said,
});
const connector = (perSecond: number): Split => ({ busiest: { signal: 'traces', perSecond }, kind: 'connector' });
const statuses = (made: ReturnType<typeof plan>, of: Live, forms: Forms | null = null) =>
  Object.fromEntries(compared(made, of, forms).map(({ what, status }) => [what, status]));

test('an even split gives what the formula gives; one busy signal needs all of it in one queue', () => {
  assert.equal(plan(3000, connector(1000)).queueSize, plan(3000).queueSize);
  assert.equal(plan(3000, connector(3000)).queueSize, 3 * plan(3000).queueSize);
});

test('the live queue, heap and format stand to the plan as they do; what was not seen is not judged', () => {
  assert.deepEqual(statuses(plan(5000), live()), { queue: 'warning', heap: 'unknown', format: 'warning' });
  assert.deepEqual(statuses(plan(5000), live({ queueSize: 25_000, heapBytes: 800e6, format: 'protobuf' })), {
    ...{ queue: 'ok', heap: 'ok', format: 'ok' },
  });
  assert.deepEqual(statuses(plan(5000), live({ queueSize: null, heapBytes: 799e6, format: null })), {
    ...{ queue: 'unknown', heap: 'warning', format: 'unknown' },
  });
  const [queue] = compared(plan(5000), live({ queueSize: 17_000 }), null);
  assert.match(queue!.sentence, /^17,000 now: enough without the headroom, 25,000 are recommended\.$/);
});

test('a bridge is measured by what it may hold, not by a heap', () => {
  const of = (heldBytesLimit: number | null) => statuses(plan(5000), live({ kind: 'bridge', heldBytesLimit })).heap;
  assert.deepEqual([of(150e6), of(149e6), of(null)], ['ok', 'warning', 'unknown']);
});

test('protobuf that saves little of these records is not advised', () => {
  const forms = (jsonBytes: number): Forms => ({ records: 50, form: 'connect-json', jsonBytes, protobufBytes: 1000 });
  assert.equal(statuses(plan(5000), live(), forms(3000)).format, 'warning');
  assert.equal(statuses(plan(5000), live(), forms(1200)).format, 'ok');
  assert.match(
    compared(plan(5000), live(), forms(3000))[2]!.sentence,
    /of 50 of its own records JSON takes 3\.0 kB and protobuf 1\.0 kB, 3\.0 times less/,
  );
});

test('past the poll ceiling instances are the answer, on a connector and of one signal alone', () => {
  const busiest = (perSecond: number) => ({ signal: 'traces', perSecond }) as const;
  assert.equal(ceilingOf(busiest(480), 'connector'), null);
  assert.deepEqual(ceilingOf(busiest(481), 'connector'), { perSecond: 480, signal: 'traces', peakPerSecond: 481, instances: 2 });
  assert.equal(ceilingOf(busiest(5000), 'bridge'), null);
  assert.equal(ceilingOf(null, 'connector'), null);
  const beware = (split: Split) => plan(1300, split).notes.filter((note) => note.beware && note.text.includes('480'));
  assert.match(beware(connector(1000))[0]!.text, /traces peak at 1,000: no queue answers that.*--instances 3/);
  assert.deepEqual(beware(connector(450)), []);
  assert.ok(!plan(5000, { ...connector(5000), kind: 'bridge' }).notes.some(({ text }) => text.includes('480')));
});

test('partitions follow the bytes that were seen, not a flat twelve', () => {
  const traffic = { signals: { traces: 300, metrics: 12_000, logs: null } } as unknown as Traffic;
  const topics = (['traces', 'metrics', 'logs'] as const).map((signal) => ({ name: `otlp-${signal}`, signal, partitions: 1 }));
  const advice = partitionAdvice(topics, traffic, 2000);
  assert.deepEqual(
    advice.map(({ topic, wanted }) => [topic, wanted]),
    [
      ['otlp-traces', 1],
      ['otlp-metrics', 3],
    ],
  );
  assert.match(advice[1]!.sentence, /^otlp-metrics has 1 and wants 3: 12,000 msg\/s are 24 MB\/s, 240 % of what one partition takes\.$/);
});

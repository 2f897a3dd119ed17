import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measured, type Said } from '../../cli/measure.ts';
import { measuredDocument, measuredText } from '../../cli/render/measured.ts';
import { healthy, metrics, refused, skipped, withValue, CONFIG, type Changes } from '../facts.ts';

const SAID: Said = { headroomPercent: 50, historySeconds: 86_400 };
const plan = (changes: Changes = {}, said: Partial<Said> = {}) => measured(healthy(changes), {}, { ...SAID, ...said });

test('a connector by its metrics: peak of the window, size as its producer says, heap as its worker has it', async () => {
  const made = await plan();
  assert.deepEqual([made.peak.value, made.peak.from], [20, 'metrics']);
  assert.deepEqual([made.burst.value, made.burst.from], [10, 'assumed']);
  assert.deepEqual([made.size.value, made.size.from], [25_059, 'producer']);
  assert.equal(made.live.queueSize, 10_000);
  assert.ok(made.live.heapBytes! > 0);
  assert.equal(made.plan.recommendedQueueSize, 300, '20 x 10 and a half more: all of it is traces');
});

test('what is given stands in place of its measurement', async () => {
  const made = await plan({}, { peak: 600, burst: 4, size: 1000 });
  assert.deepEqual(
    [made.peak, made.burst, made.size].map(({ value, from }) => [value, from]),
    [
      [600, 'given'],
      [4, 'given'],
      [1000, 'given'],
    ],
  );
  assert.equal(made.plan.queueSize, 2400, 'split as it was seen: all of it is traces');
  assert.deepEqual([made.ceiling?.signal, made.ceiling?.instances], ['traces', 2]);
});

test('a signal past the poll ceiling is said first, in text and document', async () => {
  const busy = metrics({ TracesReceived: 0, RecordsProduced: 0 }, { TracesReceived: 4000, TracesDropped: 1000, RecordsProduced: 2400 });
  const made = await plan({ metrics: { value: busy } });
  assert.equal(made.peak.value, 1000, 'what was dropped was offered too');
  assert.match(
    measuredText(made, { columns: 300, colour: false }),
    /^Beware {3}One busy signal drains at most about 480 .* traces peak at 1,000: no queue answers that/m,
  );
  const document = measuredDocument(made) as { ceiling: object; measured: { busiest: string } };
  assert.deepEqual(document.ceiling, { perSecond: 480, signal: 'traces', peakPerSecond: 1000, instances: 3 });
  assert.equal(document.measured.busiest, 'traces');
});

test('nothing was sent, nothing could be read, or nothing at all is there: a sentence each', async () => {
  const idle = metrics({ TracesReceived: 5 }, { TracesReceived: 5 });
  await assert.rejects(plan({ metrics: { value: idle } }), {
    code: 'could-not-look',
    message: /^nothing was sent to otlp-source in 5\.0 s/,
  });
  const none = refused('127.0.0.1', 8778);
  await assert.rejects(plan({ metrics: none, 'kafka.offsets': skipped('no') } as Changes), {
    code: 'could-not-look',
    message: /^no rate could be measured: .*ECONNREFUSED/,
  });
  const blind = withValue(healthy({ metrics: none, 'kafka.topics': skipped('no'), 'kafka.offsets': skipped('no') } as Changes), 'target', {
    config: null,
  });
  const gone = {
    ...blind,
    'rest.list': { ...blind['rest.list'], value: {} },
    'rest.status': { ...blind.metrics, id: 'rest.status' },
  } as typeof blind;
  await assert.rejects(measured(gone, {}, { ...SAID, peak: 100 }), {
    code: 'could-not-look',
    message: /^nothing of the target could be seen/,
  });
});

test('topics alone give a rate, and the advice on their partitions', async () => {
  const topics = [{ name: 'otlp-traces', signal: 'traces', exists: true, partitions: 12, replicas: 3, troubled: [], config: null }];
  const made = await plan({
    metrics: refused('127.0.0.1', 8778),
    'kafka.topics': { value: { topics, autoCreate: null } },
    'kafka.offsets': {
      value: {
        samples: [
          { at: 0, values: { 'otlp-traces': 10 } },
          { at: 5000, values: { 'otlp-traces': 1010 } },
        ],
        absent: [],
      },
    },
  } as unknown as Changes);
  assert.deepEqual([made.peak.value, made.peak.from], [200, 'kafka']);
  assert.deepEqual(
    made.partitions.map(({ topic, wanted }) => [topic, wanted]),
    [['otlp-traces', 1]],
  );
  assert.match(made.partitions[0]!.sentence, /^otlp-traces has 12: 200 msg\/s are 5\.0 MB\/s, 50 % of what one partition takes\./);
});

for (const columns of [60, 80])
  test(`lines keep to ${columns} columns`, async () => {
    const made = await plan({
      target: { value: { ...(healthy().target as { value: object }).value, config: { ...CONFIG, 'otlp.message.queue.size': '100' } } },
    } as Changes);
    const long = measuredText(made, { columns, colour: false })
      .split('\n')
      .filter((line) => line.length > columns);
    assert.deepEqual(long, []);
  });

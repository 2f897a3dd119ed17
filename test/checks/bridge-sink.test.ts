import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SINK_TROUBLES, type SinkTrouble } from '../../proto/vocabulary/sink-troubles.ts';
import { diagnose } from '../../checks/diagnose.ts';
import type { SinkSaid } from '../../checks/facts/index.ts';
import { readBridgeJson } from '../../checks/probes/bridge-json.ts';
import { healthy, metrics, skipped, withValue } from '../facts.ts';

const sink = (...reasons: SinkTrouble[]): SinkSaid => ({
  place: 'kafka 10.0.0.7:9092',
  troubles: reasons.map((reason) => ({ signal: 'logs', topic: 'otlp-logs', reason, sentence: `as ${reason} is said`, since: null })),
});

/** A bridge whose output stands still behind its sink, or that flows. */
function roots(said: SinkSaid, last: Record<string, number> = { LogsReceived: 60, RecordsProduced: 10, LogsQueueSize: 50 }) {
  const noJvm = skipped('a bridge has no JVM');
  const connector = healthy({
    metrics: {
      value: metrics(
        { LogsReceived: 30, RecordsProduced: 10, QueueCapacity: 100, TotalMessagesRefused: 0, RecordsTooLarge: 0 },
        { QueueCapacity: 100, TotalMessagesRefused: 0, RecordsTooLarge: 0, ...last },
        { kind: 'bridge', dead: [], sink: said },
      ),
    },
    ...{ 'jmx.task': noJvm, 'jmx.producer': noJvm, 'jmx.errors': noJvm, 'jmx.jvm': noJvm },
  });
  const facts = withValue(connector, 'target', { kind: 'bridge' });
  const report = diagnose(facts);
  return { all: report.diagnoses.filter(({ status, because }) => status !== 'ok' && because === null), report };
}

const SAID: Readonly<Partial<Record<SinkTrouble, string>>> = {
  unreachable: 'kafka-unreachable critical',
  certificate: 'kafka-unreachable critical',
  unresponsive: 'kafka-unresponsive critical',
  'advertised-unreachable': 'kafka-advertised-unreachable critical',
  unauthorized: 'kafka-authorization-denied critical',
  unauthenticated: 'kafka-authorization-denied critical',
  'topic-missing': 'topic-missing critical',
  'topic-create-failed': 'topic-create-failed critical',
  'not-writable': 'topic-not-writable critical',
  throttled: 'kafka-throttled warning',
  slow: 'kafka-slow warning',
  'record-too-large': 'record-too-large critical',
  failed: 'sink-stalled critical',
  'leader-moved': 'sink-stalled critical',
};

test("each trouble that a bridge names is one cause, in the bridge's words, and nothing beside it", () => {
  for (const reason of Object.keys(SINK_TROUBLES) as SinkTrouble[]) {
    const { all } = roots(sink(reason));
    assert.deepEqual(
      all.map(({ id, status }) => `${id} ${status}`),
      [SAID[reason]],
      reason,
    );
    if (all[0]!.id === 'sink-stalled') continue;
    assert.equal(all[0]!.signal, 'logs');
    assert.ok(all[0]!.evidence.some(({ value }) => value === `as ${reason} is said`));
    for (const { command } of all[0]!.remedies) assert.ok(!command.startsWith('kafka-') || command.includes('10.0.0.7:9092'), command);
  }
});

test('behind a throttle or a slow Kafka lost messages make it critical', () => {
  for (const reason of ['throttled', 'slow'] as const)
    assert.equal(roots(sink(reason), { LogsReceived: 60, TotalMessagesRefused: 9, RecordsProduced: 20 }).report.status, 'critical');
});

test('records that are too large are told by their count, also where nothing stands still', () => {
  const { all } = roots(sink(), { LogsReceived: 80, TotalMessagesRefused: 9, RecordsTooLarge: 9, RecordsProduced: 80 });
  assert.deepEqual(
    all.map(({ id }) => id),
    ['record-too-large'],
  );
  assert.match(all[0]!.sentence, /^9 of 59 requests over 5.0 s would be records larger than/);
});

test('what a bridge says is read with care: words that are not known are left out, and so is what is malformed', () => {
  const json = (said: unknown) => ({ connector: 'otlp-source', counters: {}, gauges: {}, derived: {}, sink: said }) as never;
  const read = (said: unknown) => {
    const answer = readBridgeJson(json(said), null);
    assert.ok('value' in answer);
    return answer.value.sink;
  };
  const trouble = { signal: 'traces', topic: 't', reason: 'slow', sentence: 's', since: '2026-11-23T15:00:00.000Z' };
  assert.deepEqual(read({ place: 'kafka a:1', troubles: [trouble, { ...trouble, reason: 'newer' }, { ...trouble, signal: 7 }, null] }), {
    place: 'kafka a:1',
    troubles: [{ ...trouble, since: Date.parse(trouble.since) }],
  });
  for (const odd of [undefined, null, 'kafka', { place: 1, troubles: [] }, { place: 'x' }]) assert.equal(read(odd), undefined);
});

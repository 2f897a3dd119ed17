import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planProducer } from '../../../checks/plans/producer.ts';
import { changed, CONFIG, healthy, withValue } from '../../facts.ts';

const plan = (overrides: Record<string, string>, version = '3.9.1') => {
  const config = {
    ...CONFIG,
    ...Object.fromEntries(Object.entries(overrides).map(([name, value]) => [`producer.override.${name}`, value])),
  };
  const made = planProducer(withValue(withValue(healthy(), 'target', { config }), 'rest.root', { version }));
  assert.ok(made);
  return made;
};
const settings = (made: ReturnType<typeof plan>) =>
  Object.fromEntries(made.settings.map(({ name, value, from, status }) => [name, [value, from, status]]));

test("what the connector does not override is a default, unless the worker's file says otherwise: it stays unknown", () =>
  assert.deepEqual(settings(plan({})), {
    'linger.ms': ['0', 'default', 'unknown'],
    'batch.size': ['16384', 'default', 'unknown'],
    'compression.type': ['none', 'default', 'unknown'],
    acks: ['all', 'default', 'unknown'],
  }));

test('linger is 5 by default since Kafka 4', () => assert.equal(plan({}, '4.1.0').settings[0]!.value, '5'));

test('what it overrides is in force, and judged', () => {
  const made = plan({ 'linger.ms': '20', 'batch.size': '100', 'compression.type': 'zstd', acks: '1' });
  assert.deepEqual(settings(made), {
    'linger.ms': ['20', 'connector', 'ok'],
    'batch.size': ['100', 'connector', 'advice'],
    'compression.type': ['zstd', 'connector', 'ok'],
    acks: ['1', 'connector', 'risk'],
  });
  assert.match(made.command!, /^otlpctl connector config set producer\.override\.batch\.size=32768( --|$)/);
});

test("with the worker's file all of it is known, and judged", () => {
  const facts = changed(withValue(healthy(), 'target', { config: CONFIG }), {
    'host.worker-file': { value: { path: '/w', producer: { 'linger.ms': '50', acks: '1' } } },
  });
  assert.deepEqual(settings(planProducer(facts)!), {
    'linger.ms': ['50', 'worker', 'ok'],
    'batch.size': ['16384', 'kafka', 'advice'],
    'compression.type': ['none', 'kafka', 'advice'],
    acks: ['1', 'worker', 'risk'],
  });
});

test('acks=1 has a command and a risk of its own, and is in no other', () => {
  const made = plan({ 'linger.ms': '10', 'batch.size': '32768', 'compression.type': 'lz4', acks: 'all' });
  assert.deepEqual([made.keys, made.command, settings(made)['acks']], [{}, null, ['all', 'connector', 'ok']]);
  assert.match(made.acks.command, /producer\.override\.acks=1/);
  assert.match(made.acks.risk, /records are gone that were acknowledged/);
});

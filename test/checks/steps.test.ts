import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { EVERY_STEP } from '../../checks/steps/on-demand.ts';
import { RULES } from '../../checks/rules/index.ts';
import { THRESHOLDS } from '../../checks/thresholds.ts';
import { changed, healthy } from '../facts.ts';
import type { Changes } from '../facts.ts';

/** Each fixture is what is different from the healthy facts; its name is CASE.EXPECTED STATUS.json. */
const FOLDER = new URL('../../fixtures/facts/steps/', import.meta.url);
const fixtures = readdirSync(FOLDER).flatMap((id) =>
  readdirSync(new URL(`${id}/`, FOLDER)).map((file) => ({ id, file, status: file.split('.').at(-2) })),
);

for (const { id, file, status } of fixtures)
  test(`${id}: ${file}`, () => {
    const step = EVERY_STEP.find((one) => one.id === id);
    assert.ok(step, `there is a fixture for ${id} and no such step`);
    const changes = JSON.parse(readFileSync(new URL(`${id}/${file}`, FOLDER), 'utf8')) as Changes;
    const verdict = step.evaluate(changed(healthy(), changes), THRESHOLDS);
    assert.equal(verdict.status, status, verdict.sentence);
    assert.match(verdict.sentence, /^\S.*[^.]\.?$/s);
    assert.doesNotMatch(verdict.sentence, /undefined|NaN|\.\.$/);
    if (status === 'warning' || status === 'critical') {
      assert.ok(verdict.expected, 'a fault says what was expected');
      assert.ok(verdict.byHand, 'a fault says how to see it by hand');
      assert.ok(verdict.evidence.length > 0, 'a fault has evidence');
    }
  });

test('every step has a fixture that is ok and one that is not', () => {
  for (const step of EVERY_STEP) {
    const statuses = fixtures.filter((fixture) => fixture.id === step.id).map((fixture) => fixture.status);
    assert.ok(statuses.includes('ok'), `${step.id} has no ok fixture`);
    assert.ok(
      statuses.some((status) => status !== 'ok'),
      `${step.id} has no fixture that is not ok`,
    );
  }
});

test('ids of steps are unique and none is an id of a diagnosis', () => {
  const ids = EVERY_STEP.map((step) => step.id);
  assert.deepEqual([...new Set(ids)], ids);
  assert.deepEqual(
    ids.filter((id) => RULES.some((rule) => rule.id === id)),
    [],
  );
  assert.deepEqual(ids.slice(0, 6), [
    'connector-state',
    'receiver-ports',
    'message-intake',
    'queue-utilization',
    'produce-lag',
    'log-lines',
  ]);
});

test('a verdict says what was seen, with its numbers', () => {
  const sentence = (id: string, changes: Changes = {}): string =>
    EVERY_STEP.find((step) => step.id === id)?.evaluate(healthy(changes), THRESHOLDS).sentence ?? '';
  assert.equal(sentence('connector-state'), 'otlp-source is RUNNING, task 0 RUNNING, on 127.0.0.1:8083.');
  assert.equal(sentence('receiver-ports'), 'gRPC 4317 accepts, HTTP 4318 accepts.');
  assert.equal(sentence('message-intake'), '20 messages/s were offered and 20/s accepted over 5.0 s, 0 lost.');
  assert.equal(sentence('drop-rate'), '0 of 100 offered messages were lost over 5.0 s; 0 since the counters began.');
  assert.equal(sentence('queue-utilization'), '2 messages wait; the traces queue holds 2 of 10,000 (0.1 %).');
});

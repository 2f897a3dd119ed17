import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { diagnose } from '../../checks/diagnose.ts';
import { THRESHOLDS } from '../../checks/thresholds.ts';
import { RULES } from '../../checks/rules/index.ts';
import { EVERY_STEP } from '../../checks/steps/on-demand.ts';
import type { OverallStatus } from '../../checks/report.ts';
import { changed, healthy, log, NOW } from '../facts.ts';
import type { Changes } from '../facts.ts';

/** One fixture for each rule: what is different from the healthy facts, and what the rule then says. */
type Fixture = {
  expect: {
    status: OverallStatus;
    report?: OverallStatus;
    /** judged by this rule alone: it is for what the others do not know */ alone?: true;
    /** independent causes that the situation has too */ beside?: string[];
  };
  changes: Changes;
};
const FOLDER = new URL('../../fixtures/facts/rules/', import.meta.url);
const read = (id: string): Fixture => JSON.parse(readFileSync(new URL(`${id}.json`, FOLDER), 'utf8')) as Fixture;

for (const rule of RULES)
  test(`${rule.id} fires on its situation`, () => {
    const { expect, changes } = read(rule.id);
    const report = diagnose(changed(healthy(), changes), THRESHOLDS, expect.alone === true ? [rule] : RULES);
    const found = report.diagnoses.find((diagnosis) => diagnosis.id === rule.id);
    assert.ok(found, `it is silent; there are ${report.diagnoses.map((diagnosis) => diagnosis.id).join(', ')}`);
    assert.equal(found.status, expect.status, found.sentence);
    assert.equal(report.status, expect.report ?? expect.status, JSON.stringify(report.diagnoses.map((d) => [d.id, d.status])));
    if (expect.status === 'ok') return;
    assert.equal(report.diagnoses[0]?.id, rule.id, 'it is the first');
    assert.equal(found.because, null);
    assert.ok(found.evidence.length > 0);
    assert.ok(found.remedies.length > 0);
    for (const one of report.diagnoses) {
      assert.doesNotMatch(one.sentence, /undefined|NaN|\.\.$|null/);
      for (const { command, sentence } of one.remedies) {
        assert.doesNotMatch(command, /undefined|NaN|<[a-z]/);
        assert.notEqual(sentence.trim(), '');
      }
    }
    const others = report.diagnoses.filter((one) => one.status !== 'ok' && one.because === null && one.id !== rule.id);
    assert.deepEqual(
      others.map((one) => one.id),
      expect.beside ?? [],
      'nothing else is called a cause',
    );
  });

test('ports that refuse because their task is just closing them: the log says so, and Connect is asked again before anything is restarted', () => {
  const { changes } = read('receiver-not-listening');
  const turn = (at: number) => ({ count: 1, firstAt: at, lastAt: at, fields: {} });
  const at = (opened: number, closing: number) => ({
    log: { value: log({ events: { otlp_receiver_started: turn(NOW + opened), otlp_receiver_stopping: turn(NOW + closing) } }) },
  });
  const [first] = diagnose(changed(healthy(), { ...changes, ...at(-60_000, -5_000) })).diagnoses;
  assert.equal(first?.id, 'receiver-not-listening');
  assert.match(first.sentence, / RUNNING; its task has been closing them since 2026-11-23 14:59:55 UTC\.$/);
  assert.match(first.remedies[0]!.command, /^otlpctl doctor/);
  assert.ok(first.evidence.some(({ fact }) => fact === 'log'));
  for (const [opened, closing] of [
    [-5_000, -10_000],
    [-120_000, -60_000],
  ] as const) {
    const [other] = diagnose(changed(healthy(), { ...changes, ...at(opened, closing) })).diagnoses;
    assert.doesNotMatch(other!.sentence, /closing/);
  }
});

test('Connect 4.1 says in other words that it could not make a topic', () => {
  const { changes } = read('topic-create-failed');
  const older = "Error while attempting to create/find topic(s) 'otlp-new-traces'";
  const text = JSON.stringify(changes).replaceAll(older, "Unable to create topic(s) 'otlp-new-traces': Unable to replicate");
  assert.ok(!text.includes(older));
  const [first] = diagnose(changed(healthy(), JSON.parse(text) as Changes)).diagnoses;
  assert.equal(first?.id, 'topic-create-failed');
  assert.match(first.sentence, /^Connect could not create topic otlp-new-traces: Unable to replicate the partition 3 time/);
});

test('a healthy target has notes only', () => {
  const { status, diagnoses } = diagnose(healthy());
  assert.equal(status, 'ok');
  assert.deepEqual(
    diagnoses.map(({ id }) => id),
    ['gauges-dead', 'signal-unused'],
  );
});

test('every fixture belongs to a rule', () => {
  const ids = RULES.map((rule) => rule.id);
  assert.deepEqual([...new Set(ids)], ids);
  assert.deepEqual(
    readdirSync(FOLDER)
      .map((file) => file.slice(0, -5))
      .filter((id) => !ids.includes(id)),
    [],
  );
});

test('what a rule explains exists, and no two causes explain each other', () => {
  const known = new Set([...RULES.map((rule) => rule.id), ...EVERY_STEP.map((step) => step.id)]);
  for (const rule of RULES)
    for (const id of rule.explains) {
      assert.ok(known.has(id), `${rule.id} explains ${id}, which does not exist`);
      assert.notEqual(id, rule.id);
      const other = RULES.find((one) => one.id === id);
      assert.ok(!other?.explains.includes(rule.id), `${rule.id} and ${id} explain each other`);
    }
});

test('every step that fails on a fixture has a cause that names it', () => {
  for (const rule of RULES) {
    const report = diagnose(changed(healthy(), read(rule.id).changes));
    const orphans = report.steps.filter((step) => (step.status === 'critical' || step.status === 'warning') && step.because === null);
    assert.deepEqual(
      orphans.map((step) => `${rule.id}: ${step.id}: ${step.sentence}`),
      [],
    );
  }
});

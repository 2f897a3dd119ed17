import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { byHeading, catalogueOf } from '../../../checks/catalogue/runbook.ts';
import { HEADINGS, RUNBOOK_STEPS } from '../../../checks/catalogue/runbook-steps.ts';
import { EVERY_STEP } from '../../../checks/steps/on-demand.ts';
import type { Check } from '../../../checks/check.ts';
import { driftOf } from './runbook-drift.ts';
import { readRunbook } from './runbook-text.ts';

const RUNBOOK = process.env['OTLPCTL_RUNBOOK'];
const catalogue = catalogueOf(EVERY_STEP);

const unread = RUNBOOK === undefined && 'OTLPCTL_RUNBOOK is not set: the catalogue is NOT held against the runbook';
if (unread) process.stdout.write(`*** SKIPPED: ${unread} ***\n`);

test('every command and instruction of the runbook has a step, and no step has one that is gone', { skip: unread }, () => {
  const items = readRunbook(readFileSync(RUNBOOK!, 'utf8'));
  assert.ok(items.length > 250, `${items.length} items read`);
  assert.deepEqual(driftOf(items, RUNBOOK_STEPS), []);
});

test('the headings are those of the runbook, in its order', { skip: unread }, () => {
  const inText = readFileSync(RUNBOOK!, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('¶'))
    .map((line) => line.slice(0, -1));
  assert.deepEqual(
    HEADINGS.filter((heading) => !inText.includes(heading)),
    [],
  );
  const at = HEADINGS.map((heading) => inText.indexOf(heading));
  assert.deepEqual(
    at,
    at.toSorted((a, b) => a - b),
  );
  const withSteps = new Set(readRunbook(readFileSync(RUNBOOK!, 'utf8')).map(({ heading }) => heading));
  assert.deepEqual([...withSteps], [...HEADINGS]);
});

const TEXT = `Runbook¶
Words about it.
Table of Contents¶
- First
First¶
Resolution:
# Look at the log
tail -5 \\
  a.log # the end
1. Check the disk
Symptoms: - it is slow - it is loud
`;

test('a runbook is read as commands and instructions', () => {
  assert.deepEqual(readRunbook(TEXT), [
    { heading: 'First', line: 7, kind: 'instruction', text: 'Look at the log' },
    { heading: 'First', line: 8, kind: 'command', text: 'tail -5 a.log' },
    { heading: 'First', line: 8, kind: 'instruction', text: 'the end' },
    { heading: 'First', line: 10, kind: 'instruction', text: '1. Check the disk' },
    { heading: 'First', line: 11, kind: 'instruction', text: 'it is slow' },
    { heading: 'First', line: 11, kind: 'instruction', text: 'it is loud' },
  ]);
});

test('drift names what is new and what is gone', () => {
  const commands = ['tail -5 a.log', 'tail -6 a.log'];
  const says = ['0000000000000000'];
  const drift = driftOf(readRunbook(TEXT).slice(1, 4), [
    { id: 'log', kind: 'check', title: 'log', places: [{ heading: 'First', commands, says }] },
  ]);
  assert.deepEqual(drift, [
    'line 8, instruction without a step under "First": the end',
    'line 10, instruction without a step under "First": 1. Check the disk',
    'log: "tail -6 a.log" is not in "First"',
    'log: no instruction with hash 0000000000000000 is in "First"',
  ]);
});

test('ids are nouns, one each', () => {
  const ids = catalogue.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
});

test('a step that is a check here is a check there, under the same heading', () => {
  const kept = new Map(RUNBOOK_STEPS.map((step) => [step.id, step]));
  const differing = EVERY_STEP.filter(({ id, heading }) => {
    const step = kept.get(id);
    return step && (step.kind !== 'check' || step.places[0].heading !== heading);
  });
  assert.deepEqual(
    differing.map(({ id, heading }) => `${id}: ${heading}`),
    [],
  );
});

test('every check is listed, and runs', () => {
  for (const { id } of EVERY_STEP) {
    const step = catalogue.find((one) => one.id === id)!;
    assert.deepEqual([step.kind, step.state], ['check', 'runs'], id);
  }
});

test('all six questions of the tree are listed under it, in its order', () => {
  const tree = byHeading(catalogue)[0]!;
  assert.equal(tree.heading, 'Incident Response Decision Tree');
  assert.deepEqual(
    tree.steps.map(({ id }) => id),
    ['decision-tree', 'connector-state', 'receiver-ports', 'message-intake', 'queue-utilization', 'produce-lag', 'log-lines'],
  );
});

test('grouped by heading no step is lost', () => {
  const grouped = byHeading(catalogue).flatMap(({ steps }) => steps.map(({ id }) => id));
  assert.deepEqual(
    catalogue.filter(({ id }) => !grouped.includes(id)),
    [],
  );
});

test('a check that the runbook does not name is listed under its heading', () => {
  const extra = {
    ...EVERY_STEP[0]!,
    id: 'moon-phase',
    heading: 'Health Check',
    question: 'Is the moon full?',
    commands: ['cal'],
  } satisfies Check;
  assert.deepEqual(catalogueOf([extra]).at(-1), {
    id: 'moon-phase',
    heading: 'Health Check',
    headings: ['Health Check'],
    kind: 'check',
    state: 'runs',
    title: 'Is the moon full?',
    commands: ['cal'],
    otlpctl: 'otlpctl check moon-phase',
    note: null,
  });
});

/** Where the command of `otlpctl a b …` would be: the longest of its words that is a file. */
function commandFile(otlpctl: string): string | undefined {
  const words = otlpctl.split(' ').slice(1);
  return [3, 2, 1]
    .map((count) => `../../../cli/commands/${words.slice(0, count).join('/')}.ts`)
    .find((path) => existsSync(new URL(path, import.meta.url)));
}

test('a step runs exactly when its command exists', () => {
  const checks = new Set(EVERY_STEP.map(({ id }) => id));
  for (const { id, otlpctl, state } of catalogue) {
    const [, command, argument] = otlpctl.split(' ');
    const exists = commandFile(otlpctl) !== undefined && (command !== 'check' || checks.has(argument!));
    assert.equal(state, exists ? 'runs' : 'planned', `${id}: ${otlpctl}`);
  }
});

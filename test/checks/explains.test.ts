import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RULES } from '../../checks/rules/index.ts';
import { EVERY_STEP } from '../../checks/steps/on-demand.ts';

const explains = new Map<string, readonly string[]>(RULES.map((rule) => [rule.id, rule.explains]));

function reached(id: string, seen = new Set<string>()): Set<string> {
  for (const other of explains.get(id) ?? []) {
    if (seen.has(other)) continue;
    seen.add(other);
    reached(other, seen);
  }
  return seen;
}

test('no cause explains itself by way of others: each would be an echo of the other, and neither shown', () => {
  assert.deepEqual(
    RULES.filter(({ id }) => reached(id).has(id)).map(({ id }) => id),
    [],
  );
});

test('what is explained exists', () => {
  const known = new Set<string>([...explains.keys(), ...EVERY_STEP.map(({ id }) => id)]);
  assert.deepEqual(
    [...explains].flatMap(([id, others]) => others.filter((other) => !known.has(other)).map((other) => `${id} explains ${other}`)),
    [],
  );
});

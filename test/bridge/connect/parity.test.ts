import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unlike } from '../../parity/compare.ts';
import { judge } from '../../parity/differences.ts';
import { playAll, readRecord } from '../../parity/record.ts';
import { SCRIPT } from '../../parity/script.ts';
import { bridgeSide } from '../../parity/bridge-side.ts';

test('every step of the script is called something of its own', () => {
  const ids = SCRIPT.map(({ id }) => id);
  assert.deepEqual(
    ids.filter((id, index) => ids.indexOf(id) !== index),
    [],
  );
});

for (const version of ['4.1', '3.9'] as const)
  test(`answers all that was asked of Kafka Connect ${version} as it did, but for what is listed`, async (t) => {
    const recorded = readRecord(version);
    const played = await playAll(await bridgeSide(t, version));
    assert.deepEqual(
      [...played.keys()],
      [...recorded.keys()],
      'the record is of another script: make it anew (test/real/rest-parity.test.ts)',
    );
    const found = new Map([...played].map(([step, answer]) => [step, unlike(recorded.get(step)!, answer)]));
    assert.deepEqual(judge(version, found), []);
  });

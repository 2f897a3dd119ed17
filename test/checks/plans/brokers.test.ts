import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planBrokers, type BrokersInput } from '../../../checks/plans/brokers.ts';

const load = { bytesIn: 10e6, bytesOut: 20e6, idle: 0.8, underReplicated: 0 };
const plan = (given: Partial<BrokersInput> = {}) =>
  planBrokers({ load, brokers: 3, replicas: 3, behind: 0, peakBytes: 10e6, nowBytes: 2e6, ...given });
const statuses = (given: Partial<BrokersInput>) => Object.fromEntries(plan(given).rows.map(({ what, status }) => [what, status]));

test('what grows with the bytes is reckoned to the peak: 20 % busy at 10 MB/s are 36 % at 18', () => {
  const { idleAtPeak, wanted } = plan();
  assert.ok(Math.abs(idleAtPeak! - 0.64) < 1e-9, String(idleAtPeak));
  assert.equal(wanted, 3);
  assert.deepEqual(statuses({}), { in: 'ok', out: 'ok', idle: 'ok', replication: 'ok', peak: 'ok' });
});

test('a peak that leaves less than 30 % idle wants more brokers', () => {
  const { wanted, rows } = plan({ peakBytes: 52e6 });
  assert.equal(wanted, 6);
  assert.match(rows.at(-1)!.sentence, /^the connector writes 52 MB\/s at its peak, .*: 6 brokers instead of 3 keep 30 %$/);
});

test('too little idle, and replicas that do not follow, are findings of now', () => {
  assert.equal(statuses({ load: { ...load, idle: 0.29 } }).idle, 'warning');
  assert.equal(statuses({ load: { ...load, underReplicated: 2 } }).replication, 'critical');
  assert.equal(statuses({ load: { ...load, underReplicated: null }, behind: 1 }).replication, 'critical');
});

test('what was not given is unknown, not well', () => {
  const none = { bytesIn: null, bytesOut: null, idle: null, underReplicated: null };
  assert.deepEqual(statuses({ load: none, behind: null }), {
    ...{ in: 'unknown', out: 'unknown', idle: 'unknown', replication: 'unknown', peak: 'unknown' },
  });
  assert.equal(statuses({ nowBytes: null }).peak, 'unknown');
  assert.equal(statuses({ brokers: null }).peak, 'unknown');
  assert.equal(statuses({ load: { ...load, bytesIn: 100 } }).peak, 'unknown', 'an idle broker tells nothing of a busy one');
});

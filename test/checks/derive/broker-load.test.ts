import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brokerLoadOf } from '../../../checks/derive/broker-load.ts';
import type { Sample } from '../../../checks/facts/index.ts';
import { healthy } from '../../facts.ts';

const of = (...samples: Sample[]) => brokerLoadOf(healthy({ 'kafka.load': { value: { samples, absent: [] } } }));
const at = (ms: number, values: Record<string, number>): Sample => ({ at: ms, values });

test('what a broker carries in a second is what its counters grew by; a ratio above one is its controller', () => {
  const [first, last] = [
    at(1000, { bytesIn: 500, bytesOut: 9000 }),
    at(3000, { bytesIn: 2500, bytesOut: 9400, handlerIdle: 1.8, underReplicated: 2 }),
  ];
  assert.deepEqual(of(first, last), { bytesIn: 1000, bytesOut: 200, idle: 1, underReplicated: 2 });
});

test('one look, a counter that began again and a broker that nobody asked are not known', () => {
  assert.deepEqual(of(at(1000, { bytesIn: 500, handlerIdle: 0.5 })), { bytesIn: null, bytesOut: null, idle: 0.5, underReplicated: null });
  assert.equal(of(at(1000, { bytesIn: 500 }), at(2000, { bytesIn: 10 })).bytesIn, null);
  assert.deepEqual(brokerLoadOf(healthy()), { bytesIn: null, bytesOut: null, idle: null, underReplicated: null });
});

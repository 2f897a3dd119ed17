import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planCapacity, type CapacityPlan } from '../../../checks/plans/capacity.ts';
import type { CapacityInput, Tier } from '../../../checks/plans/sizing.ts';

const input = (given: Partial<CapacityInput> = {}): CapacityInput => ({
  peakPerSecond: 5000,
  burstSeconds: 10,
  messageSizeBytes: 2000,
  headroomPercent: 50,
  ...given,
});

function plan(given: Partial<CapacityInput> = {}): CapacityPlan {
  const planned = planCapacity(input(given));
  assert.ok(!('tooLarge' in planned), 'a plan');
  return planned;
}

const has = (planned: CapacityPlan, part: string) => planned.notes.some(({ text }) => text.includes(part));

test("the runbook's example", () => {
  const { notes, ...numbers } = plan();
  assert.deepEqual(numbers, {
    input: input(),
    queueSize: 16_667,
    recommendedQueueSize: 25_000,
    queueMemoryBytes: 150_000_000,
    memoryWithOverheadBytes: 200_000_000,
    heapBytes: 800_000_000,
    format: 'protobuf',
    tier: 'high',
    config: { 'otlp.message.queue.size': '25000', 'otlp.message.format': 'protobuf' },
  });
  assert.deepEqual(
    notes.map(({ beware }) => beware),
    [true, false, false, false],
  );
});

const SIZES: readonly [string, Partial<CapacityInput>, number, number][] = [
  ['rounds up once, from the unrounded value', { peakPerSecond: 1000, burstSeconds: 1 }, 334, 500],
  ['no headroom', { headroomPercent: 0 }, 16_667, 16_667],
  ['decimals are exact, where floating point makes 12 of it', { peakPerSecond: 1.1, burstSeconds: 30, headroomPercent: 0 }, 11, 100],
  ['a fraction of a percent', { peakPerSecond: 3000, burstSeconds: 1, headroomPercent: 0.1 }, 1000, 1001],
  ['clamped from below', { peakPerSecond: 1, burstSeconds: 1 }, 1, 100],
  ['the lower limit itself', { peakPerSecond: 300, burstSeconds: 1, headroomPercent: 0 }, 100, 100],
  ['the upper limit itself', { peakPerSecond: 3_000_000, burstSeconds: 1, headroomPercent: 0 }, 1_000_000, 1_000_000],
  ['clamped from above', { peakPerSecond: 100_000, burstSeconds: 60 }, 2_000_000, 1_000_000],
];

for (const [name, given, queueSize, recommended] of SIZES) {
  test(`queue size: ${name}`, () => {
    const planned = plan(given);
    assert.deepEqual([planned.queueSize, planned.recommendedQueueSize], [queueSize, recommended]);
    assert.equal(planned.config['otlp.message.queue.size'], String(recommended));
  });
}

const TIERS: readonly [number, Tier, 'json' | 'protobuf'][] = [
  [99, 'low', 'json'],
  [100, 'medium', 'json'],
  [1000, 'medium', 'json'],
  [1001, 'high', 'protobuf'],
  [5000, 'high', 'protobuf'],
  [5001, 'very-high', 'protobuf'],
];

for (const [peakPerSecond, tier, format] of TIERS) {
  test(`${peakPerSecond} msg/s is ${tier} volume and wants ${format}`, () => {
    const planned = plan({ peakPerSecond });
    assert.deepEqual([planned.tier, planned.format, planned.config['otlp.message.format']], [tier, format, format]);
  });
}

test('equal split, drain, poll ceiling and heap are always noted', () => {
  for (const peakPerSecond of [1, 480, 481, 5000, 100_000]) {
    const planned = plan({ peakPerSecond });
    for (const part of [
      'equal split',
      'drained while the burst lasts',
      'drains at most about 480 msg/s',
      'The heap is what these queues need',
    ])
      assert.ok(has(planned, part), `${peakPerSecond}: ${part}`);
  }
});

test('the ceiling is something to beware of only above it, with the instances it takes', () => {
  const ceiling = (peakPerSecond: number) => plan({ peakPerSecond }).notes.find(({ text }) => text.includes('480'))!;
  assert.equal(ceiling(480).beware, false);
  assert.equal(ceiling(481).beware, true);
  assert.match(ceiling(481).text, /plan 2 instances/);
  assert.match(ceiling(5000).text, /at 5,000 msg\/s of one signal plan 11 instances/);
  assert.match(ceiling(960).text, /plan 2 instances/);
});

test('a clamped size says what the formula wants', () => {
  const above = plan({ peakPerSecond: 100_000, burstSeconds: 60 }).notes[0]!;
  assert.equal(above.beware, true);
  assert.match(above.text, /wants 3,000,000 and otlp\.message\.queue\.size ends at 1,000,000: spread this load over 3 instances/);
  assert.ok(has(plan({ peakPerSecond: 1, burstSeconds: 1 }), 'wants 1 and otlp.message.queue.size begins at 100'));
  assert.ok(!has(plan(), 'otlp.message.queue.size'));
});

test('a message that no receiver takes is said', () => {
  assert.ok(!has(plan({ messageSizeBytes: 4 * 1024 ** 2 }), 'gRPC'));
  assert.ok(has(plan({ messageSizeBytes: 4 * 1024 ** 2 + 1 }), 'over HTTP only'));
  assert.ok(has(plan({ messageSizeBytes: 10 * 1024 ** 2 + 1 }), 'No receiver'));
});

test('results that are not safe integers are refused', () => {
  const max = Number.MAX_SAFE_INTEGER;
  assert.deepEqual(planCapacity(input({ peakPerSecond: max, burstSeconds: 2 })), { tooLarge: 'queue size' });
  assert.deepEqual(planCapacity(input({ headroomPercent: max })), { tooLarge: 'queue size' });
  assert.deepEqual(planCapacity(input({ messageSizeBytes: max })), { tooLarge: 'heap' });
});

test('for whole numbers: the formulas, exactly', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100_000 }),
      fc.integer({ min: 1, max: 86_400 }),
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.integer({ min: 0, max: 500 }),
      (peakPerSecond, burstSeconds, messageSizeBytes, headroomPercent) => {
        const planned = plan({ peakPerSecond, burstSeconds, messageSizeBytes, headroomPercent });
        const messages = BigInt(peakPerSecond) * BigInt(burstSeconds);
        const up = (over: bigint, under: bigint) => Number(over / under + (over % under === 0n ? 0n : 1n));
        const wanted = up(messages * BigInt(100 + headroomPercent), 300n);
        const size = Math.min(1_000_000, Math.max(100, wanted));
        assert.equal(planned.queueSize, up(messages, 3n));
        assert.equal(planned.recommendedQueueSize, size);
        assert.equal(planned.queueMemoryBytes, size * messageSizeBytes * 3);
        assert.equal(planned.memoryWithOverheadBytes, size * messageSizeBytes * 4);
        assert.equal(planned.heapBytes, size * messageSizeBytes * 16);
      },
    ),
  );
});

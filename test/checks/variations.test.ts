import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { diagnose } from '../../checks/diagnose.ts';
import type { Facts, Sample } from '../../checks/facts/index.ts';
import { factsOfRecording, loadRecording, RECORDINGS } from '../recorded.ts';

/** The healthy recordings judged again as if looked at by another clock, in another order and at other moments: never a finding. */
const HEALTHY = RECORDINGS.filter((name) => /healthy|client-wrong-path|min-isr-above-replicas/.test(name));
const RUNS = 100;

/** Milliseconds that the clock of the one who looks may differ from the worker's. */
const MOST_SKEW_MS = 300_000;

type Variation = { skewMs: number; moments: readonly number[]; order: number };

const variation = fc.record<Variation>({
  skewMs: fc.integer({ min: -MOST_SKEW_MS, max: MOST_SKEW_MS }),
  // Where between the first and the last sample others were taken.
  moments: fc.array(fc.double({ min: 0.01, max: 0.99, noNaN: true }), { maxLength: 9 }),
  order: fc.integer({ min: 1, max: 1_000_000 }),
});

/** The same entries in another order. */
function shuffled<T>(entries: readonly T[], order: number): T[] {
  const keyOf = (index: number): number => ((index + 1) * order * 2_654_435_761) % 4_294_967_296;
  return entries
    .map((entry, index) => [keyOf(index), entry] as const)
    .sort(([a], [b]) => a - b)
    .map(([, entry]) => entry);
}

const reordered = <T extends object>(record: T, order: number): T => Object.fromEntries(shuffled(Object.entries(record), order)) as T;

/** Counters as they would have been read on the way from the first sample to the last, and all of it by the other clock. */
function resampled(samples: readonly Sample[], { skewMs, moments }: Variation): Sample[] {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return [];
  const between = moments
    .toSorted((a, b) => a - b)
    .map((share): Sample => ({
      at: Math.round(first.at + share * (last.at - first.at)),
      values: Object.fromEntries(
        Object.entries(first.values).map(([name, from]) => [name, Math.round(from + share * ((last.values[name] ?? from) - from))]),
      ),
    }));
  const all = samples.length < 2 ? samples : [first, ...between, last];
  return all.map(({ at, values }) => ({ at: at + skewMs, values }));
}

function varied(facts: Facts, how: Variation): Facts {
  const seen = structuredClone(facts);
  for (const fact of Object.values(seen)) fact.at += how.skewMs;
  if ('value' in seen.run) seen.run.value.startedAt += how.skewMs;
  if ('value' in seen.metrics) seen.metrics.value.samples = resampled(seen.metrics.value.samples, how);
  if ('value' in seen['rest.list']) seen['rest.list'].value = reordered(seen['rest.list'].value, how.order);
  if ('value' in seen['host.listeners'])
    seen['host.listeners'].value.listeners = shuffled(seen['host.listeners'].value.listeners, how.order);
  if ('value' in seen.log) seen.log.value.troubles = shuffled(seen.log.value.troubles, how.order);
  return reordered(seen, how.order);
}

for (const name of HEALTHY) {
  const facts = factsOfRecording(loadRecording(name));
  test(`${name} is healthy by any clock, in any order, at any moments`, () => {
    const runs = Math.ceil(RUNS / HEALTHY.length);
    fc.assert(
      fc.property(variation, (how) => {
        const { status, diagnoses } = diagnose(varied(facts, how));
        const found = diagnoses.filter((diagnosis) => diagnosis.status !== 'ok').map(({ id, sentence }) => `${id}: ${sentence}`);
        assert.deepEqual([status, found], ['ok', []]);
      }),
      { numRuns: runs, seed: 20_261 },
    );
  });
}

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { FACT_IDS } from '../../checks/facts/index.ts';
import type { Facts } from '../../checks/facts/index.ts';
import { redactJson } from '../../checks/redact.ts';
import type { Json } from '../../checks/facts/index.ts';
import { fromRecord, toRecord } from '../../checks/record.ts';
import { factsOfRecording, loadRecording, RECORDINGS } from '../recorded.ts';

const facts = (): Facts => factsOfRecording(loadRecording('healthy-idle'));
const text = (change: (record: Record<string, unknown>) => void = () => undefined): string => {
  const record = JSON.parse(JSON.stringify(toRecord(facts()))) as Record<string, unknown>;
  change(record);
  return JSON.stringify(record);
};
const inFacts = (id: string, value: unknown) => text((record) => void ((record['facts'] as Record<string, unknown>)[id] = value));

test('every recorded situation comes back as it went, through the writer’s redaction too', () => {
  assert.equal(RECORDINGS.length, 41);
  for (const name of RECORDINGS) {
    const before = factsOfRecording(loadRecording(name));
    assert.deepEqual(fromRecord(JSON.stringify(redactJson(toRecord(before) as unknown as Json))), before, name);
  }
});

test('a record says what wrote it and when', () => {
  const { schemaVersion, kind, otlpctl, recordedAt } = toRecord(facts());
  assert.deepEqual([schemaVersion, kind, otlpctl, recordedAt], [1, 'otlpctl-facts', '1.0.0', '2026-11-23T16:05:38.000Z']);
});

test('a fact that the record does not have was not looked at', () => {
  const back = fromRecord(text((record) => delete (record['facts'] as Record<string, unknown>)['host.listeners']));
  assert.deepEqual(back['host.listeners'], {
    id: 'host.listeners',
    source: 'host.listeners',
    at: facts().run.at,
    ms: 0,
    unasked: 'skipped',
    reason: 'not part of this record',
  });
  assert.deepEqual(Object.keys(back), [...FACT_IDS]);
});

const wrong: readonly (readonly [string, string, string])[] = [
  ['nothing', '', 'facts.json is empty: record again with --record'],
  ['a cut file', text().slice(0, 900), 'facts.json breaks off after 900 characters: it was cut while being written or copied'],
  ['no JSON', 'hello', 'facts.json is not JSON, so it is no record of otlpctl'],
  ['other JSON', '{"status":"ok"}', 'facts.json is JSON, but no record of otlpctl: name the folder that --record wrote'],
  ['a list', '[]', 'facts.json is JSON, but no record of otlpctl: name the folder that --record wrote'],
  [
    'a later version',
    text((record) => void (record['schemaVersion'] = 2)),
    'facts.json is a record of version 2 (otlpctl 1.0.0), this otlpctl reads version 1: replay it with the otlpctl that wrote it',
  ],
  ['no facts', text((record) => void (record['facts'] = 7)), 'facts.json is a record without facts'],
  ['no run', inFacts('run', undefined), 'facts.json has no fact run, so the time of the look is not known'],
  ['a fact of another shape', inFacts('log', 'x'), 'facts.json: the fact log is not an object'],
  [
    'a fact under another name',
    inFacts('log', { id: 'metrics', source: 'x', at: 1, ms: 1, value: {} }),
    'facts.json: the fact log says that it is metrics',
  ],
  ['a fact without time', inFacts('log', { id: 'log', source: 'x', value: {} }), 'facts.json: the fact log lacks source, at or ms'],
  [
    'neither seen nor not',
    inFacts('log', { id: 'log', source: 'x', at: 1, ms: 1 }),
    'facts.json: the fact log has none of value, failure and unasked',
  ],
  [
    'an unknown failure',
    inFacts('log', { id: 'log', source: 'x', at: 1, ms: 1, failure: 'odd', detail: '' }),
    'facts.json: the fact log has a failure of unknown kind, odd',
  ],
  [
    'a value that is not whole',
    inFacts('metrics', { id: 'metrics', source: 'x', at: 1, ms: 1, value: { samples: 3 } }),
    'facts.json: the fact metrics has no samples',
  ],
];
for (const [what, given, sentence] of wrong) {
  test(`refuses ${what} with one sentence`, () => {
    assert.throws(
      () => fromRecord(given),
      (error: Error & { code?: string }) => {
        assert.equal(error.message, sentence);
        assert.equal(error.code, 'bad-input');
        return true;
      },
    );
  });
}

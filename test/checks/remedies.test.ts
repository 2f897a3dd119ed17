import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { cannotHelp } from '../../checks/actions/guard.ts';
import { diagnose } from '../../checks/diagnose.ts';
import type { Facts } from '../../checks/facts/index.ts';
import { changed, CONFIG, CONNECTOR, healthy, status, withValue, type Changes } from '../facts.ts';
import { EXCEPTIONS } from '../real/remedies/exceptions.ts';
import { bothWays, kindOf } from '../real/remedies/kind.ts';
import { ROWS } from '../real/remedies/rows.ts';
import { factsOfRecording, loadRecording, RECORDINGS } from '../recorded.ts';

const FOLDER = new URL('../../fixtures/facts/rules/', import.meta.url);
const ofRule = (file: string): Facts =>
  changed(healthy(), (JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as { changes: Changes }).changes);

/** What a producer refuses: Connect has started the task with it. */
const ofProducer = (value: string): Facts => {
  const facts = ofRule('configuration-invalid.json');
  const trace =
    'org.apache.kafka.common.config.ConfigException: Invalid value foo for configuration compression.type: String must be one of: none';
  const failed = status('RUNNING', { state: 'FAILED', trace });
  const config = { ...CONFIG, 'producer.override.compression.type': value };
  const listed = { 'rest.list': { value: { [CONNECTOR]: { status: failed, info: { config, type: 'source' } } } } };
  return withValue(changed(facts, { 'rest.status': { value: failed }, ...listed } as Changes), 'target', { config });
};

const situations = [
  ofProducer('foo'),
  ofProducer('other'),
  ...readdirSync(FOLDER).map(ofRule),
  ...RECORDINGS.map((name) => factsOfRecording(loadRecording(name))),
];
const known = new Set(situations.flatMap(bothWays).map(kindOf));

test('every remedy with a way by hand is tried on the stand both ways, or is excepted for a reason', () => {
  const tried = [...ROWS, ...EXCEPTIONS].map(({ kind }) => kind);
  assert.deepEqual(
    [...known].filter((kind) => !tried.includes(kind)),
    [],
  );
});

test('what is excepted exists, is not tried all the same, and what is tried elsewhere is named there', () => {
  for (const { kind, because, ranIn } of EXCEPTIONS) {
    assert.ok(known.has(kind), `no situation has ${kind}`);
    assert.ok(!ROWS.some((row) => row.kind === kind), `${kind} is tried`);
    assert.notEqual(because, '');
    if (ranIn !== undefined) assert.ok(readFileSync(ranIn, 'utf8').includes(kind), `${ranIn} does not have ${kind}`);
  }
});

test('no remedy changes a configuration without saying which key, or asks for a restart that is then refused', () => {
  for (const kind of known) assert.doesNotMatch(kind, /config set$/);
  const { diagnoses } = diagnose(ofRule('tls-files-unreadable.json'));
  assert.match(
    cannotHelp(diagnoses)?.hint ?? '',
    /^first: otlpctl connector config set --remove otlp\.tls\.cert\.path .*\(or give --force\)$/,
  );
  assert.match(diagnoses[0]!.remedies[0]!.command, /^otlpctl connector restart --force /);
});

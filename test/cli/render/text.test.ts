import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { RENDERERS, type RenderOptions } from '../../../cli/render/index.ts';
import { harmlessText } from '../../../cli/writer.ts';
import * as build from '../../facts.ts';
import { assertGolden } from '../golden.ts';
import { PORT_TAKEN, REPORTS, TWO_ROOTS } from '../reports.ts';
import type { Report } from '../../../checks/report.ts';

const OPTIONS: RenderOptions = { columns: 80, colour: false, verbosity: 0 };
const facts = build.healthy();

const text = (report: Report, options: Partial<RenderOptions> = {}) => RENDERERS.text([{ report, facts }], { ...OPTIONS, ...options });

for (const [name, report] of Object.entries(REPORTS)) {
  test(`${name} as it is printed`, () => {
    assertGolden(`doctor/${name}.txt`, harmlessText(text(report), false));
    assertGolden(`doctor/${name}.40-columns.txt`, harmlessText(text(report, { columns: 40 }), false));
    assertGolden(`doctor/${name}.verbose.txt`, harmlessText(text(report, { verbosity: 1 }), false));
  });

  test(`${name}: colour changes no word`, () => {
    const coloured = text(report, { colour: true });
    assert.equal(stripVTControlCharacters(coloured), stripVTControlCharacters(text(report)));
    assert.notEqual(coloured, text(report));
  });

  test(`${name}: one fault fits on a first screen`, () => assert.ok(text(report).split('\n').length <= 25));
}

test('the first line says that there is no connector only where Connect says so', () => {
  const of = (target: Partial<Report['target']>, ids: string[] = []) => {
    const diagnoses = ids.map((id) => ({ ...PORT_TAKEN.diagnoses[0]!, id }));
    const report = { ...PORT_TAKEN, diagnoses, target: { ...PORT_TAKEN.target, kind: 'unknown' as const, version: null, ...target } };
    return text(report, { columns: 120 }).split('\n')[0];
  };
  const unasked = { connector: null, connectUrl: 'http://connect:8083/' };
  assert.equal(of(unasked, ['connect-unreachable']), 'the connector on http://connect:8083   CRITICAL');
  assert.equal(of(unasked, ['connector-not-found']), 'no connector on http://connect:8083   CRITICAL');
  const receivers = { connector: null, connectUrl: null, otlpGrpc: 'gateway:4317', otlpHttp: 'http://gateway:4318' };
  assert.equal(of(receivers), 'gateway:4317 and http://gateway:4318, without Connect   CRITICAL');
  assert.equal(of({ ...receivers, connector: 'otlp-source' }), 'otlp-source, without Connect   CRITICAL');
});

/** A command is never wrapped, nor is a word that is longer than the line; evidence is cut instead. */
const mayBeLong = (line: string) => /^ +(?:curl|otlpctl|ss) /.test(line) || !line.trim().includes(' ');

for (const columns of [40, 80]) {
  test(`lines keep to ${columns} columns`, () => {
    for (const [name, report] of Object.entries(REPORTS)) {
      for (const verbosity of [0, 1]) {
        const long = text(report, { columns, verbosity })
          .split('\n')
          .filter((line) => line.length > columns && !mayBeLong(line));
        assert.deepEqual(long, [], name);
      }
    }
  });
}

test('root cause, evidence and first command come before everything else', () => {
  const lines = text(PORT_TAKEN).split('\n');
  const at = (part: string) => lines.findIndex((line) => line.includes(part));
  const order = [
    'CRITICAL',
    'python3 (pid 3884)',
    'tasks.0.trace',
    'Do now',
    'tasks/0/restart',
    'Because of this',
    'metrics-absent',
    'Path',
    'Looked at',
    'Not looked',
  ];
  assert.deepEqual(
    order.map(at),
    order.map(at).toSorted((a, b) => a - b),
  );
  assert.ok(order.every((part) => at(part) >= 0));
});

test('several roots are numbered, and echoes name theirs', () => {
  const printed = text(TWO_ROOTS);
  assert.match(printed, /^ {2}1 {2}Kafka does not answer/m);
  assert.match(printed, /^ {2}2 {2}Independent: the metrics page/m);
  assert.match(printed, /^ {2}Because of 1\n {4}receiver-not-listening {2}gRPC 4317/m);
});

test('JSON and JUnit keep every diagnosis and step', () => {
  assert.deepEqual(JSON.parse(RENDERERS.json([{ report: PORT_TAKEN, facts }], OPTIONS)), PORT_TAKEN);
  const both = JSON.parse(
    RENDERERS.json(
      [
        { report: TWO_ROOTS, facts },
        { report: PORT_TAKEN, facts },
      ],
      OPTIONS,
    ),
  ) as { others: unknown[] };
  assert.deepEqual(both.others, [PORT_TAKEN]);
  const junit = RENDERERS.junit([{ report: PORT_TAKEN, facts }], OPTIONS);
  assertGolden('doctor/port-taken.junit.xml', junit);
  assert.doesNotMatch(RENDERERS.junit([{ report: REPORTS['hostile']!, facts }], OPTIONS), /\u001b/);
});

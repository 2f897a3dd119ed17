import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatPerf, parsePerfdata, perfdataOf } from '../../../cli/render/perfdata.ts';
import * as build from '../../facts.ts';

test('what is printed is read back', () => {
  const line = [
    { label: 'received', value: 10412, uom: 'c', min: 0 } as const,
    { label: 'queued', value: 4, uom: '', warn: 8000, crit: 10000, min: 0, max: 30000 } as const,
    { label: 'lost', value: null, uom: '%' } as const,
  ].map(formatPerf);
  assert.deepEqual(line, ["'received'=10412c;;;0", "'queued'=4;8000;10000;0;30000", "'lost'=U%"]);
  assert.deepEqual(
    [...parsePerfdata(line.join(' '))],
    [
      ['received', 10412],
      ['queued', 4],
    ],
  );
});

test('perfdata of other tools is read: bare labels, quotes in labels, units, line ends', () => {
  assert.deepEqual(
    [...parsePerfdata("a=1.5s;;; 'it''s'=-2%\n'b c'=3c;4;5")],
    [
      ['a', 1.5],
      ["it's", -2],
      ['b c', 3],
    ],
  );
  assert.deepEqual([...parsePerfdata('garbage =1 x=1,5 =')], []);
});

test('no exponent and no more than three decimals', () => {
  assert.equal(formatPerf({ label: 'n', value: 123456789012345, uom: '' }), "'n'=123456789012345");
  assert.equal(formatPerf({ label: 'n', value: 0.00001, uom: '' }), "'n'=0");
  assert.equal(formatPerf({ label: 'n', value: 33.33333, uom: '%' }), "'n'=33.333%");
});

test('a bridge has the bytes held with their limit, and how many were refused for them', () => {
  const values = { TotalMessagesRefused: 7, RefusedQueueFull: 4, RefusedQueueBytesFull: 3, HeldBytes: 900, HeldBytesLimit: 1000 };
  const perf = perfdataOf(build.healthy({ metrics: { value: build.metrics(values, null, { kind: 'bridge', dead: [] }) } }));
  const line = perf.map(formatPerf);
  assert.ok(line.includes("'refused'=7c;;;0") && line.includes("'refused_for_bytes'=3c;;;0"), line.join(' '));
  assert.ok(line.includes("'held'=900B;800;1000;0;1000"), line.join(' '));
  const connector = perfdataOf(build.healthy()).map(({ label }) => label);
  assert.deepEqual(connector, ['received', 'dropped', 'queued', 'rate', 'lost']);
});

import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readPrometheusText } from '../../../checks/probes/prometheus-text.ts';

const read = (text: string, options?: Parameters<typeof readPrometheusText>[1]) => readPrometheusText(text, options);
const one = (line: string) => {
  const { samples, unread } = read(`${line}\n`);
  assert.equal(unread, samples.length === 0 ? 1 : 0, line);
  return samples[0];
};

test('a sample with and without labels, whatever its TYPE says', () => {
  const page =
    '# HELP a words {x="1"} 5\n# TYPE a untyped\na 3.0\n# TYPE b_total counter\nb_total{x="1",y=""} 4e2\n# TYPE c gauge\n\nc -0.5\n';
  assert.deepEqual(read(page), {
    samples: [
      { name: 'a', labels: {}, value: 3 },
      { name: 'b_total', labels: { x: '1', y: '' }, value: 400 },
      { name: 'c', labels: {}, value: -0.5 },
    ],
    unread: 0,
    cut: false,
  });
});

test('escapes, odd blanks, a trailing comma and names in quotes', () => {
  assert.deepEqual(one(String.raw`m{name="\"otlp-source\""} 1`)?.labels, { name: '"otlp-source"' });
  assert.deepEqual(one(String.raw`m{a="back\\slash",b="new\nline",c="} , = #",d="\x"} 1`)?.labels, {
    a: 'back\\slash',
    b: 'new\nline',
    c: '} , = #',
    d: '\\x',
  });
  assert.deepEqual(one('  m { a = "1" , b="2", }\t7 '), { name: 'm', labels: { a: '1', b: '2' }, value: 7 });
  assert.deepEqual(one('{"otlp.received", connector_name="a"} 9'), { name: 'otlp.received', labels: { connector_name: 'a' }, value: 9 });
  assert.deepEqual(one('m{"the name"="a"} 9')?.labels, { 'the name': 'a' });
  assert.deepEqual(one('m{} 9')?.labels, {});
});

test('NaN and the infinities are numbers of their own', () => {
  assert.deepEqual(
    ['m NaN', 'm +Inf', 'm -Inf', 'm Infinity'].map((line) => one(line)?.value),
    [Number.NaN, Infinity, -Infinity, Infinity],
  );
});

test('times are milliseconds in the text format and seconds in OpenMetrics; exemplars are passed over', () => {
  assert.equal(one('m 1 1795449923000')?.at, 1_795_449_923_000);
  assert.equal(read('m 1 1795449923.25\n# EOF\n').samples[0]?.at, 1_795_449_923_250);
  assert.equal(read('m 1 1795449923\n# EOF', { openMetrics: true }).samples[0]?.at, 1_795_449_923_000);
  assert.deepEqual(read('b_bucket{le="1"} 8 # {trace_id="x # y"} 0.67 1795449923\n# EOF\n').samples, [
    { name: 'b_bucket', labels: { le: '1' }, value: 8 },
  ]);
});

test('a line that is wrong is counted and costs no other', () => {
  const wrong = ['m', 'm{a="1"', 'm{a=1} 2', 'm five', 'm 1 2 3', '<html>', 'm{"x","y"} 1', '{a="1"} 1', 'm{a="1} 5', '= 5', 'm 1x'];
  const { samples, unread } = read(`a 1\n${wrong.join('\n')}\nb 2\n`);
  assert.deepEqual([samples.map(({ name }) => name), unread], [['a', 'b'], wrong.length]);
});

test('a page without its end says so, and half a line is not read', () => {
  assert.deepEqual(read('a 1\nb 10412'), { samples: [{ name: 'a', labels: {}, value: 1 }], unread: 0, cut: true });
  assert.equal(read('a 1\n', { openMetrics: true }).cut, true);
  assert.equal(read('a 1\n# EOF', { openMetrics: true }).cut, false);
  assert.equal(read('').cut, false);
  assert.deepEqual(
    read('a 1\r\nb 2\r\n').samples.map(({ value }) => value),
    [1, 2],
  );
});

test('only wanted names are kept, and a page gone wild is bounded', () => {
  const page = Array.from({ length: 100_000 }, (_, n) => `noise_${n % 7}{n="${n}"} 1\n`).join('');
  const began = performance.now();
  const { samples } = read(`${page}otlp_A 1\n${page}`, { wanted: (name) => name === 'otlp_A' });
  assert.deepEqual(
    samples.map(({ name }) => name),
    ['otlp_A'],
  );
  assert.ok(performance.now() - began < 1000);
  const wild = read(page);
  assert.deepEqual([wild.samples.length, wild.cut], [20_000, true]);
});

test('any label comes back from its escaped form, and no text throws', () => {
  const escaped = (text: string): string => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.double({ noNaN: true }), (label, value) => {
      const written = value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value);
      assert.deepEqual(read(`m{l="${escaped(label)}"} ${written}\n`).samples, [
        { name: 'm', labels: { l: label }, value: Number(written.replace('+Inf', 'Infinity').replace('-Inf', '-Infinity')) },
      ]);
    }),
  );
  fc.assert(fc.property(fc.string({ maxLength: 400 }), (text) => void read(text)));
});

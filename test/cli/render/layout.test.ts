import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cut, labelled, table, wrap } from '../../../cli/render/layout.ts';

test('words are wrapped, never broken', () => {
  assert.deepEqual(wrap('one two  three\nfour', 8), ['one two', 'three', 'four']);
  assert.deepEqual(wrap('http://a.very.long.host:8083/x y', 8), ['http://a.very.long.host:8083/x', 'y']);
  assert.deepEqual(wrap('', 8), ['']);
});

test('wrapping keeps every word, in lines that fit unless one word does not', () => {
  const words = fc.array(fc.string({ minLength: 1, maxLength: 12 }).filter((word) => /^\S+$/.test(word)));
  fc.assert(
    fc.property(words, fc.integer({ min: 1, max: 40 }), (all, width) => {
      const lines = wrap(all.join(' '), width);
      assert.equal(lines.join(' '), all.join(' '));
      for (const line of lines) assert.ok([...line].length <= width || !line.includes(' '));
    }),
  );
});

test('a cut line says so', () => {
  assert.equal(cut('one\ntwo', 10), 'one two');
  assert.equal(cut('one two three', 10), 'one two...');
});

test('text hangs beside its label', () => {
  const sentence = 'stop the process that holds it';
  assert.deepEqual(labelled('Do now', sentence, { column: 9, width: 36 }), ['  Do now   stop the process that', '           holds it']);
  assert.deepEqual(labelled('Do now', sentence, { column: 9, width: 30 }), ['  Do now', '    stop the process that', '    holds it']);
});

test('a label too long for its column stands alone where its text has no room beside it', () => {
  const text = 'the status of every connector says this';
  assert.deepEqual(labelled('state:CONNECTOR/TASK', text, { indent: 0, column: 10, width: 44 }), [
    'state:CONNECTOR/TASK',
    '          the status of every connector says',
    '          this',
  ]);
  assert.deepEqual(labelled('state:ANY', 'short', { indent: 0, column: 8, width: 44 }), ['state:ANY short']);
});

test('columns are aligned, numbers to the right, the last one wrapped', () => {
  const rows = [
    ['a', '1', 'first words of it'],
    ['bcd', '23', ''],
  ];
  assert.deepEqual(table(rows, { width: 10, right: [1] }), ['a     1  first words of it', 'bcd  23']);
});

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readQueueSize, readThresholds } from '../../cli/alert-options.ts';
import { readDuration } from '../../cli/durations.ts';
import { writeWholeFile } from '../../cli/whole-file.ts';

test('thresholds by name; nonsense is one sentence that says what makes sense', () => {
  assert.deepEqual(readThresholds(['loss=0.5', 'ceiling=900']), { lossPercent: 0.5, ceilingPerSecond: 900 });
  const wrong: readonly [string[], RegExp][] = [
    [['loss'], /--threshold "loss" is not NAME=NUMBER with one of loss, queue, lag, ceiling .*\(try loss=1\)$/],
    [['los=2'], /did you mean "loss"/],
    [['loss=0'], /--threshold loss="0" makes no sense: it is percent of what was offered, more than 0 and less than 100 \(try loss=1\)/],
    [['queue=100'], /less than 100 \(try queue=80\)/],
    [['queue=-3'], /makes no sense/],
    [['lag=abc'], /\(try lag=33\)/],
    [['constructor=1'], /is not NAME=NUMBER/],
    [['loss=1', 'loss=2'], /given twice/],
  ];
  for (const [texts, says] of wrong) assert.throws(() => readThresholds(texts), { code: 'bad-input', message: says });
});

test('sizes of queues and times', () => {
  assert.equal(readQueueSize('25000'), 25_000);
  for (const text of ['99', '1000001', '1e4', '', 'many']) assert.throws(() => readQueueSize(text), { code: 'bad-input' }, text);
  assert.deepEqual([readDuration('5m', '--range', 1), readDuration('90', '--for', 0), readDuration('1d', '--for', 0)], [300, 90, 86_400]);
  for (const text of ['0', '-1m', '5 minutes', '2d', '1.5m', ''])
    assert.throws(() => readDuration(text, '--range', 1), { code: 'bad-input' }, text);
});

test('a file is there whole or not at all, and never in the place of another unless it is said', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-file-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'rules.yml');
  writeWholeFile(file, 'one\n', false);
  assert.throws(() => writeWholeFile(file, 'two\n', false), {
    code: 'bad-input',
    message: /is there already: name another file, or give --force/,
  });
  assert.equal(readFileSync(file, 'utf8'), 'one\n');
  writeWholeFile(file, 'two\n', true);
  assert.equal(readFileSync(file, 'utf8'), 'two\n');
  assert.throws(() => writeWholeFile(join(folder, 'no', 'rules.yml'), 'x', false), {
    code: 'bad-input',
    message: /cannot be written: no such file/,
  });
  mkdirSync(join(folder, 'taken'));
  assert.throws(() => writeWholeFile(join(folder, 'taken'), 'x', true), { code: 'bad-input', message: /taken is a folder: name a file$/ });
  writeFileSync(join(folder, 'parent'), '');
  assert.throws(() => writeWholeFile(join(folder, 'parent', 'x'), 'x', true), { code: 'bad-input' });
  assert.deepEqual(readdirSync(folder).sort(), ['parent', 'rules.yml', 'taken']);
});

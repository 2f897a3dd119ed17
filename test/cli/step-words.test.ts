import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepWords } from '../../cli/step-words.ts';

const KINDS = {
  kafka: { type: 'option' },
  instances: { type: 'option' },
  yes: { type: 'boolean', char: 'y' },
  'log-file': { type: 'option', char: 'l' },
};

test('what is given counts in place of what the step has, and the rest of the step stays', () => {
  const cases: [own: string[], given: string[], together: string[]][] = [
    [['0'], [], ['0']],
    [['0'], ['--yes'], ['0', '--yes']],
    [['0'], ['--yes', '1'], ['--yes', '1']],
    [['0'], ['--kafka', 'b:9092'], ['0', '--kafka', 'b:9092']],
    [['--kafka', 'localhost:9092'], ['--kafka=b:9092'], ['--kafka=b:9092']],
    [
      ['--kafka=localhost:9092', '--instances', '2'],
      ['--kafka', 'b:9092'],
      ['--instances', '2', '--kafka', 'b:9092'],
    ],
    [
      ['a=1', 'b=2'],
      ['-y', '-l', 'F'],
      ['a=1', 'b=2', '-y', '-l', 'F'],
    ],
    [['a=1', 'b=2', '--instances', '2'], ['c=3'], ['--instances', '2', 'c=3']],
    [['connector.json'], ['mine.json', '--unknown'], ['mine.json', '--unknown']],
    [['x'], ['--kafka'], ['x', '--kafka']],
  ];
  for (const [own, given, together] of cases) assert.deepEqual(stepWords(own, given, KINDS), together, [...own, '|', ...given].join(' '));
});

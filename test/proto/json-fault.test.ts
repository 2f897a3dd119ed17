import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonFault } from '../../proto/json-fault.ts';

const FAULTS: readonly [text: string, where: string, why: RegExp][] = [
  ['{\n "a": "b",\n "c" 1}', 'line 3, column 6', /^Expected ':' after property name$/],
  ['{"a": hunter2}', 'line 1, column 7', /^Unexpected character$/],
  ['{\n "password": \'hunter2\'}', 'line 2, column 14', /^Unexpected character$/],
  ['{"password": trhunter2}', 'line 1, column 16', /^Unexpected character$/],
  ['[1,]', 'line 1, column 4', /^Unexpected character$/],
  ['<hunter2>', 'line 1, column 1', /^Unexpected character$/],
  ['{"a": 1} hunter2', 'line 1, column 10', /^Unexpected non-whitespace character$/],
  ['{"a": "hunter2', 'line 1, column 15', /^Unterminated string$/],
  ['{"a": ["hunter2"]\n\n', 'line 3, column 1', /^Expected ',' or '}'/],
  ['{"a":', 'line 1, column 6', /^it breaks off$/],
];
for (const [text, where, why] of FAULTS)
  test(`says where ${JSON.stringify(text)} is no JSON, and nothing of it`, () => {
    const fault = jsonFault(text)!;
    assert.equal(fault.where, where);
    assert.match(fault.why, why);
    assert.ok(!fault.why.includes('hunter2'));
  });

test('JSON has no fault', () => {
  for (const text of ['{}', '[1, "Unexpected token"]', 'null']) assert.equal(jsonFault(text), null);
});

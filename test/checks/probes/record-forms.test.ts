import assert from 'node:assert/strict';
import { test } from 'node:test';
import { converted } from '../../../bridge/convert/convert.ts';
import { formSizes } from '../../../checks/probes/record-forms.ts';
import { SIGNALS, type Signal } from '../../../proto/vocabulary/signals.ts';
import { exportRequest } from '../../doubles/load.ts';

/** What the bridge writes of the same request: another printer, held against the connector's in the real tier. */
function forms(signal: Signal) {
  const body = exportRequest(signal, 'a name of some length that every record has');
  const as = (format: 'protobuf' | 'json' | 'json-connect') => converted({ signal, body, encoding: 'protobuf', receivedAt: 0 }, format);
  const protobuf = as('protobuf');
  return {
    protobuf,
    'otlp-json': as('json'),
    'connect-json': as('json-connect'),
    'base64-protobuf': Buffer.from(protobuf.toString('base64')),
  };
}

const near = (a: number, b: number, what: string) => assert.ok(Math.abs(a - b) <= b * 0.01, `${what}: ${a}, and it is ${b}`);

for (const signal of SIGNALS) {
  test(`a record of ${signal} is known in each form, and measured in the other within a percent`, () => {
    const all = forms(signal);
    const pairs = [
      ['connect-json', 'base64-protobuf'],
      ['otlp-json', 'protobuf'],
    ] as const;
    for (const [json, protobuf] of pairs)
      for (const form of [json, protobuf]) {
        const sizes = formSizes(all[form], signal);
        assert.equal(sizes?.form, form);
        assert.equal(sizes.recordBytes, all[form].length);
        near(sizes.jsonBytes, all[json].length, `${form} as ${json}`);
        near(sizes.protobufBytes, all[protobuf].length, `${form} as ${protobuf}`);
      }
  });
}

test("what a JsonConverter puts around a string is no part of a record's form", () => {
  const text = forms('traces')['base64-protobuf'].toString();
  for (const value of [JSON.stringify(text), JSON.stringify({ schema: { type: 'string' }, payload: text })])
    assert.equal(formSizes(Buffer.from(value), 'traces')?.form, 'base64-protobuf');
});

test('what is no Export request is not measured', () => {
  for (const value of ['', 'hello, world', '{"a":1', '{"a":1}', '[1,2]', '\xff\xff\xff'])
    assert.equal(formSizes(Buffer.from(value, 'latin1'), 'traces'), undefined, JSON.stringify(value));
});

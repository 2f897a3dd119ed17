import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CONNECTOR_KEYS } from '../../proto/vocabulary/keys.ts';
import { readSettings } from '../../bridge/settings.ts';
import { BRIDGE_KEYS, RECEIVER_KEYS } from '../../bridge/settings/keys.ts';
import type { SettingKey } from '../../bridge/settings/setting-key.ts';
import { folder, running, testSettings } from './bridge-fixture.ts';

/** The tables themselves say what each key takes: every key is tried at its edges, just beyond them, and with what is of another kind. */
const KEYS: readonly SettingKey[] = [...RECEIVER_KEYS, ...BRIDGE_KEYS];
/** Only a sink that writes to Kafka needs to know where it is. */
const BROKER = 'bridge.kafka.bootstrap.servers=broker:9092';
const read = (key: string, value: string) => readSettings({ set: [BROKER, `${key}=${value}`], portOffset: 0, env: { HOME: '/home/op' } });
const SECRETS = ['bridge.kafka.sasl.jaas.config', 'bridge.kafka.ssl.key.password'];
const grouped = (number: number) => number.toLocaleString('en-US', { maximumFractionDigits: 3 });

/** Of a key of one kind: values that are refused, and what the refusal says of what it takes. */
const WRONG: Readonly<Record<SettingKey['type'], (key: SettingKey) => [value: string, says: string][]>> = {
  boolean: () => ['yes', '1', '', 'truee'].map((value) => [value, 'neither true nor false']),
  int: (key) => ['', 'x', '1e3', '0x10', '1.5', ' 7', '99999999999999999'].map((value) => [value, range(key)]),
  decimal: (key) => ['', 'x', '1e3', '-1', '.'].map((value) => [value, range(key)]),
  choice: (key) =>
    ['', 'x', `${key.values![0]}x`].filter((value) => !key.values!.includes(value)).map((value) => [value, key.values!.join(', ')]),
  string: () => ['', '  '].map((value) => [value, 'is empty']),
  file: () => [
    ['', 'is empty'],
    ['/no/such/file', 'does not exist'],
    ['/tmp', 'is not a file'],
  ],
  topic: () => ['', '.', '..', 'a b', 'a/b', 'x'.repeat(250)].map((value) => [value, 'is not a legal topic name']),
};
const range = ({ min, max }: SettingKey) => `give ${grouped(min!)} to ${grouped(max!)}`;
const isNumber = ({ type }: SettingKey) => type === 'int' || type === 'decimal';
/** The least step that such a number can be beyond an edge. */
const step = ({ type }: SettingKey) => (type === 'int' ? 1 : 0.000001);

for (const key of KEYS)
  describe(key.name, () => {
    test('it says what it is for, and a number has a range', () => {
      assert.match(key.meaning, /^\S.{5,}[^.]$/);
      if (isNumber(key)) assert.ok(key.min! < key.max!);
      assert.equal(key.values !== undefined, key.type === 'choice');
    });

    const good = [
      key.default,
      ...(key.values ?? []),
      ...(key.type === 'boolean' ? ['true', 'FALSE'] : []),
      ...(isNumber(key) ? [key.min, key.max] : []),
    ];
    for (const value of new Set(good.flatMap((one) => (one === undefined ? [] : String(one)))))
      test(`takes ${value}`, () => assert.doesNotThrow(() => read(key.name, value)));

    const beyond = isNumber(key)
      ? [key.min! - step(key), key.max! + 1].map((value): [string, string] => [
          String(value),
          key.type === 'decimal' && value < 0 ? '' : range(key),
        ])
      : [];
    for (const [value, says] of [...beyond, ...WRONG[key.type](key)])
      test(`refuses "${value.slice(0, 20)}" and names key, value and what it takes`, () => {
        assert.throws(
          () => read(key.name, value),
          ({ code, message }: Error & { code: string }) => {
            assert.equal(code, 'bad-input');
            assert.ok(message.includes(`${key.name}=${SECRETS.includes(key.name) ? '(not shown)' : value}`), message);
            assert.ok(message.includes(says), message);
            return true;
          },
        );
      });
  });

test('the keys of the connector are those of the vocabulary, but for ports that may be any, the address and a format more', () => {
  const facts = ({ default: preset, min, max, values }: Partial<Pick<SettingKey, 'default' | 'min' | 'max' | 'values'>>) =>
    JSON.stringify([preset, min, max, values]);
  const changed = CONNECTOR_KEYS.filter((key, index) => facts(key) !== facts(RECEIVER_KEYS[index]!));
  assert.deepEqual(
    RECEIVER_KEYS.map(({ name }) => name),
    CONNECTOR_KEYS.map(({ name }) => name),
  );
  assert.deepEqual(
    changed.map(({ name }) => name),
    ['otlp.grpc.port', 'otlp.http.port', 'otlp.message.format', 'otlp.bind.address'],
  );
});

test('REST refuses each key of the connector outside its range, and names key, value and the edge', async (t) => {
  const { rest } = await running(t, testSettings(folder()));
  const { json: before } = await rest('/connectors/otlp-source/config');
  for (const key of RECEIVER_KEYS.filter(isNumber))
    for (const [value, edge] of [
      [key.min! - 1, `Value must be at least ${key.min}`],
      [key.max! + 1, `Value must be no more than ${key.max}`],
    ] as const)
      for (const method of ['PUT', 'PATCH']) {
        const body = { ...(method === 'PUT' ? (before as object) : {}), [key.name]: value };
        const { status, json } = await rest('/connectors/otlp-source/config', { method, body });
        const { message } = json as { message: string };
        assert.equal(status, 400);
        assert.ok(message.includes(`Invalid value ${value} for configuration ${key.name}: ${edge}`), message);
      }
  assert.deepEqual((await rest('/connectors/otlp-source/config')).json, before, 'and nothing of it is kept');
});

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder } from '../bridge-fixture.ts';
import { KAFKA, read } from './read.ts';

const PEM = join(folder(), 'own.pem');
writeFileSync(PEM, '-----BEGIN CERTIFICATE-----');
const WITHOUT_EFFECT: readonly [set: string[], says: string[]][] = [
  [['bridge.kafka.bootstrap.servers=b:1'], ['bridge.kafka.bootstrap.servers has no effect: bridge.sink is file']],
  [['bridge.sink=MEMORY', 'bridge.file.dir=/x'], ['bridge.file.dir has no effect: bridge.sink is memory']],
  [['bridge.ack.timeout.ms=100'], ['bridge.ack.timeout.ms has no effect: bridge.ack is queue']],
  [['bridge.ack.timeout.ms=100', 'bridge.ack=kafka'], []],
  [
    KAFKA(`ssl.truststore.location=${PEM}`, 'sasl.mechanism=plain', 'sasl.jaas.config=hidden'),
    ['ssl.truststore.location', 'sasl.mechanism', 'sasl.jaas.config'].map(
      (key) => `bridge.kafka.${key} has no effect: bridge.kafka.security.protocol is plaintext`,
    ),
  ],
  [KAFKA('security.protocol=SSL', `ssl.truststore.location=${PEM}`), []],
  [
    KAFKA('security.protocol=ssl', 'ssl.key.password=hidden'),
    ['bridge.kafka.ssl.key.password has no effect: bridge.kafka.ssl.keystore.location is not given'],
  ],
  [
    ['bridge.allow.unauthenticated=true', `bridge.auth.file=${PEM}`],
    ['bridge.allow.unauthenticated has no effect: bridge.auth.file is given'],
  ],
];
for (const [set, says] of WITHOUT_EFFECT)
  test(`says what does nothing of ${set.map((one) => one.replace(/=.*/, '')).join(', ')}`, () =>
    assert.deepEqual(read({ set }).withoutEffect, says));

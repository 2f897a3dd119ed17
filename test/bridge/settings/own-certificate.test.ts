import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder } from '../bridge-fixture.ts';
import { makeCertificate } from '../intake/certificates.ts';
import { KAFKA, read } from './read.ts';

test('says what is wrong with a certificate of its own before any message waits for it', () => {
  const directory = folder();
  const [one, other] = [makeCertificate('one'), makeCertificate('other')];
  const encrypted = createPrivateKey(one.key).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'hidden' });
  const file = join(directory, 'own.pem');
  const of = (parts: readonly (string | Buffer)[], ...keys: string[]) => {
    writeFileSync(file, parts.join(''));
    return () => read({ set: KAFKA('security.protocol=ssl', `ssl.keystore.location=${file}`, ...keys) });
  };
  for (const [parts, keys, says] of [
    [[one.cert], [], 'holds no private key: it goes into one PEM file with its certificates'],
    [[one.key], [], 'holds no certificate: it goes into one PEM file with its private key'],
    [[one.key, other.cert], [], 'holds a private key that is not of its first certificate'],
    [[encrypted, one.cert], [], 'holds a private key that is encrypted: give bridge.kafka.ssl.key.password'],
    [[encrypted, one.cert], ['ssl.key.password=wrong'], 'holds a private key that bridge.kafka.ssl.key.password does not open'],
  ] as const)
    assert.throws(of(parts, ...keys), { code: 'bad-input', message: `bridge.kafka.ssl.keystore.location=${file} ${says}` });
  for (const [parts, ...keys] of [
    [[one.key, one.cert, other.cert]],
    [[one.cert, one.key]],
    [[encrypted, one.cert], 'ssl.key.password=hidden'],
  ] as const)
    assert.equal(of(parts, ...keys)().kafka?.tls?.own, file);
});

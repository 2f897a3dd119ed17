import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { kafkaSecurityFrom } from '../../cli/kafka-config.ts';
import { LOOK_OPTIONS } from '../../cli/options.ts';
import { readProperties } from '../../cli/properties.ts';
import { readOptions } from '../../cli/read-options.ts';
import { targetOf } from '../../cli/target-options.ts';
import { CERTIFICATE, CERTIFICATE_KEY } from '../doubles/certificate.ts';

const folder = mkdtempSync(join(tmpdir(), 'otlpctl-kafka-'));
after(() => rmSync(folder, { recursive: true }));

let made = 0;
function file(text: string, mode = 0o600): string {
  const path = join(folder, `client-${++made}.properties`);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}
const target = (raw: Record<string, string>) => targetOf(readOptions(LOOK_OPTIONS, raw, {}).values);
const refusal = (text: string): string => {
  try {
    kafkaSecurityFrom(file(text));
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'bad-input');
    return (error as Error).message.replace(/^--kafka-config \S+: /, '');
  }
  return 'taken';
};

test('a properties file is read as Java reads it', () => {
  const text =
    '# comment\n! comment\n\n a = 1 \nb:2\nc 3\nd=x\\\n   y\\\n\tz\npath=C\\:\\\\dir\nu=\\u0041\\tB\nkey\\ with\\=sign=v\nempty=\nlast=a=b:c\r\nodd=\\\\\nb=again';
  assert.deepEqual(Object.fromEntries(readProperties(text)), {
    a: '1 ',
    b: 'again',
    c: '3',
    d: 'xyz',
    path: 'C:\\dir',
    u: 'A\tB',
    'key with=sign': 'v',
    empty: '',
    last: 'a=b:c',
    odd: '\\',
  });
});

test('without a protocol it is plain text, and with each what belongs to it', () => {
  assert.deepEqual(kafkaSecurityFrom(file('request.timeout.ms=1\n')), {});
  assert.deepEqual(kafkaSecurityFrom(file('security.protocol=SSL\n')), { tls: {} });
});

test('SASL: user and password of the JAAS line, in either quotes, over several lines, or by the names of librdkafka', () => {
  const plain = 'security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\n';
  const scram = 'security.protocol=sasl_plaintext\nsasl.mechanism=SCRAM-SHA-512\n';
  const login = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  assert.deepEqual(kafkaSecurityFrom(file(`${plain}sasl.jaas.config=${login} \\\n  username="ann" \\\n  password="p;q=\\\\"r";`)), {
    tls: {},
    sasl: { mechanism: 'plain', user: 'ann', password: 'p;q="r' },
  });
  assert.deepEqual(kafkaSecurityFrom(file(`${scram}sasl.jaas.config=X required username='ann' password=secret;`)).sasl, {
    mechanism: 'scram-sha-512',
    user: 'ann',
    password: 'secret',
  });
  assert.deepEqual(kafkaSecurityFrom(file(`${scram}sasl.username=ann\nsasl.password=secret\n`)).sasl, {
    mechanism: 'scram-sha-512',
    user: 'ann',
    password: 'secret',
  });
});

test('TLS from PEM files, PEM texts, and a keystore that holds both', () => {
  const [ca, both] = [file(CERTIFICATE), file(CERTIFICATE + CERTIFICATE_KEY)];
  const inline = CERTIFICATE.trim().replaceAll('\n', '\\n');
  assert.deepEqual(kafkaSecurityFrom(file(`security.protocol=SSL\nssl.truststore.type=PEM\nssl.truststore.location=${ca}\n`)), {
    tls: { ca: CERTIFICATE },
  });
  assert.deepEqual(kafkaSecurityFrom(file(`security.protocol=SSL\nssl.truststore.certificates=${inline}\n`)), {
    tls: { ca: CERTIFICATE.trim() },
  });
  assert.deepEqual(
    kafkaSecurityFrom(
      file(
        `security.protocol=SSL\nssl.ca.location=${ca}\nssl.keystore.location=${both}\nssl.key.password=k\nssl.endpoint.identification.algorithm=\n`,
      ),
    ),
    { tls: { ca: CERTIFICATE, cert: CERTIFICATE + CERTIFICATE_KEY, key: CERTIFICATE + CERTIFICATE_KEY, passphrase: 'k', anyName: true } },
  );
});

test('what cannot be used is one sentence that shows no value', () => {
  assert.equal(refusal('security.protocol=TLS\n'), 'security.protocol is none of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL');
  assert.equal(
    refusal('security.protocol=SASL_SSL\nsasl.mechanism=GSSAPI\n'),
    'sasl.mechanism is none of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, the ones that otlpctl speaks',
  );
  assert.equal(
    refusal('security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=X required username="ann" pass="hidden";\n'),
    'sasl.jaas.config has no username="…" password="…"',
  );
  const store = file('\u0000\u0001binary');
  assert.equal(
    refusal(`security.protocol=SSL\nssl.truststore.location=${store}\n`),
    'ssl.truststore.location holds no PEM: otlpctl reads no JKS or PKCS12 store, so give ssl.truststore.type=PEM and a PEM file',
  );
  assert.match(
    refusal('security.protocol=SSL\nssl.ca.location=/nowhere\n'),
    /^ssl\.ca\.location \/nowhere cannot be read: no such file or directory/,
  );
  assert.equal(
    refusal(`security.protocol=SSL\nssl.key.location=${file(CERTIFICATE_KEY)}\n`),
    'a client certificate and its key belong together: the certificate is missing',
  );
});

test('a file that others can read is refused before anything of it is used', () => {
  const open = file('sasl.password=hidden\n', 0o640);
  assert.throws(() => kafkaSecurityFrom(open), {
    code: 'bad-input',
    message: `--kafka-config ${open} can be read by others: run chmod 600 ${open}`,
  });
  assert.throws(() => kafkaSecurityFrom('/nowhere'), {
    message: '--kafka-config /nowhere cannot be read: no such file or directory',
  });
});

test('--kafka names addresses as bootstrap.servers does, and --kafka-config belongs to it', () => {
  assert.deepEqual(target({ kafka: 'b1:9092, [::1]:9093' }).kafka, [
    { host: 'b1', port: 9092 },
    { host: '::1', port: 9093 },
  ]);
  const config = file('security.protocol=SSL\n');
  const { kafkaConfig, kafkaSecurity } = target({ kafka: 'b1:9092', 'kafka-config': config });
  assert.deepEqual([kafkaConfig, kafkaSecurity], [config, { tls: {} }]);
  assert.throws(() => target({ 'kafka-config': config }), {
    message: '--kafka-config is given without --kafka: say where Kafka is, as in --kafka localhost:9092',
  });
  assert.throws(() => target({ kafka: 'b1' }), { message: '--kafka "b1" is not HOST:PORT (try localhost:9092)' });
  assert.throws(() => target({ kafka: 'SASL_SSL://b1:9092' }), {
    message: '--kafka "SASL_SSL://b1:9092" begins with a protocol: give HOST:PORT, and the protocol as security.protocol in --kafka-config',
  });
});

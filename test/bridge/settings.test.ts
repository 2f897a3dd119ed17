import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder } from './bridge-fixture.ts';
import { KAFKA, read } from './settings/read.ts';

test('without anything said: the defaults of the contract, on loopback', () => {
  assert.deepEqual(read(), {
    connector: { name: 'otlp-source', config: {} },
    sink: 'file',
    kafka: null,
    ackTimeoutMs: null,
    stateDirectory: '/home/op/.local/state/otlpctl/bridge',
    fileDirectory: '/home/op/.local/state/otlpctl/bridge/data',
    logFile: null,
    drainMaxPerSecond: null,
    maxRequestBytes: 67_108_864,
    queueMaxBytes: 268435456,
    maxConnections: 2000,
    tlsClientCa: null,
    withoutEffect: [],
    authFile: null,
    allowUnauthenticated: false,
    flushTimeoutMs: 5000,
    stopGraceMs: 0,
    rest: { host: '127.0.0.1', port: 8083 },
    metrics: { host: '127.0.0.1', port: 9464 },
    connectVersion: '4.1',
    drills: false,
  });
});

test('the state folder follows XDG_STATE_HOME when it is absolute, and the port offset', () => {
  assert.equal(read({ env: { HOME: '/h', XDG_STATE_HOME: '/var/state' } }).stateDirectory, '/var/state/otlpctl/bridge');
  assert.equal(read({ env: { HOME: '/h', XDG_STATE_HOME: 'relative' } }).stateDirectory, '/h/.local/state/otlpctl/bridge');
  assert.equal(read({ portOffset: 7 }).stateDirectory, '/home/op/.local/state/otlpctl/bridge-7');
});

test('the port offset moves the ports that are not given, and writes them into the configuration', () => {
  const settings = read({ portOffset: 1000, set: ['otlp.grpc.port=14317'] });
  assert.deepEqual(settings.connector.config, { 'otlp.grpc.port': '14317', 'otlp.http.port': '5318' });
  assert.equal(settings.rest.port, 9083);
  assert.equal(settings.metrics.port, 10464);
});

test('--set stands over the file; a connector.json is read as it is deployed', () => {
  const file = join(folder(), 'connector.json');
  writeFileSync(
    file,
    JSON.stringify({
      name: 'edge',
      config: {
        'connector.class': 'OpenTelemetrySource',
        'otlp.grpc.port': 0,
        'otlp.tls.enabled': false,
        'value.converter': 'x.Y',
        'bridge.sink': 'memory',
      },
    }),
  );
  const settings = read({ configFile: file, set: ['otlp.grpc.port=4400', 'bridge.drain.max.per.second=0.5'] });
  assert.deepEqual(settings.connector, {
    name: 'edge',
    config: { 'connector.class': 'OpenTelemetrySource', 'otlp.grpc.port': '4400', 'otlp.tls.enabled': 'false', 'value.converter': 'x.Y' },
  });
  assert.equal(settings.sink, 'memory');
  assert.equal(settings.drainMaxPerSecond, 0.5);
});

test('the Kafka sink as its keys say, with the defaults of clients', () => {
  const set = [
    ...KAFKA('bootstrap.servers=a:9092, [::1]:9093', 'compression.type=ZSTD', 'record.key=resource:service.name'),
    'bridge.ack=kafka',
  ];
  const { kafka, ackTimeoutMs } = read({ set });
  assert.deepEqual(kafka, {
    brokers: [
      { host: 'a', port: 9092 },
      { host: '::1', port: 9093 },
    ],
    clientId: 'otlpctl-bridge',
    tls: null,
    sasl: null,
    compression: 'zstd',
    maxRecordBytes: 1_048_576,
    batchBytes: 900_000,
    inFlight: 4,
    requestTimeoutMs: 30_000,
    connectTimeoutMs: 5000,
    metadataMaxAgeMs: 30_000,
    recordKey: { by: 'resource', attribute: 'service.name' },
  });
  assert.equal(ackTimeoutMs, 4000);
  const jaas = 'sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="p\\"q";';
  assert.deepEqual(read({ set: KAFKA('security.protocol=SASL_SSL', 'sasl.mechanism=SCRAM-SHA-512', jaas) }).kafka?.sasl, {
    mechanism: 'scram-sha-512',
    username: 'u',
    password: 'p"q',
  });
});

const REFUSED: [what: string, set: string[], message: RegExp][] = [
  [
    'a key that is none, with a near one',
    ['otlp.grcp.port=1'],
    /^--set: unknown key otlp\.grcp\.port \(did you mean otlp\.grpc\.port\?\), see otlpctl bridge --keys$/,
  ],
  ['a key that is nothing like any', ['zzz=1'], /^--set: unknown key zzz, see otlpctl bridge --keys$/],
  ['a port above the last', ['otlp.grpc.port=99999'], /^--set: otlp\.grpc\.port=99999 is out of range \(give 0 to 65,535\)$/],
  [
    'a number with an exponent',
    ['otlp.message.queue.size=1e3'],
    /otlp\.message\.queue\.size=1e3 is not a whole number \(give 100 to 1,000,000\)$/,
  ],
  ['a number with a space', ['bridge.rest.port= 80'], /bridge\.rest\.port= 80 is not a whole number/],
  ['a queue below the least', ['otlp.message.queue.size=99'], /otlp\.message\.queue\.size=99 is out of range \(give 100 to 1,000,000\)$/],
  ['a throttle of nothing', ['bridge.drain.max.per.second=0'], /bridge\.drain\.max\.per\.second=0 is out of range/],
  ['a boolean that is none', ['otlp.grpc.enabled=yes'], /otlp\.grpc\.enabled=yes is neither true nor false$/],
  ['a choice that is none', ['bridge.sink=s3'], /bridge\.sink=s3 is not one of memory, file, kafka$/],
  ['Kafka without brokers', ['bridge.sink=kafka'], /^bridge\.sink=kafka needs bridge\.kafka\.bootstrap\.servers=HOST:PORT$/],
  ['an address without a port', KAFKA('bootstrap.servers=b'), /^bridge\.kafka\.bootstrap\.servers: "b" is not host:port/],
  [
    'a key of Kafka that is nearly one',
    KAFKA('compression.typ=gzip'),
    /unknown key .*typ \(did you mean bridge\.kafka\.compression\.type\?\), see otlpctl bridge --keys$/,
  ],
  ['a compression that the client lacks', KAFKA('compression.type=lz4'), /compression\.type=lz4 is not one of none, gzip, zstd$/],
  ['weaker acknowledgement', KAFKA('acks=1'), /bridge\.kafka\.acks=1 is not one of all, -1$/],
  ['SASL without a user', KAFKA('security.protocol=SASL_PLAINTEXT'), /uses SASL: give bridge\.kafka\.sasl\.mechanism and/],
  [
    'a JAAS line without a password, and its secret is not shown',
    KAFKA('security.protocol=SASL_SSL', 'sasl.mechanism=PLAIN', 'sasl.jaas.config=username="u" pass="hidden"'),
    /^bridge\.kafka\.sasl\.jaas\.config has no username="…" and password="…"(?!.*hidden)/,
  ],
  [
    'a key of records that is none',
    KAFKA('record.key=span'),
    /record\.key=span is not known \(give none, trace-id or resource:ATTRIBUTE\)$/,
  ],
  ['a topic that Kafka would refuse', ['kafka.topic.logs=a/b'], /kafka\.topic\.logs=a\/b is not a legal topic name/],
  [
    'a certificate that is not there',
    ['otlp.tls.cert.path=/no/such.pem'],
    /otlp\.tls\.cert\.path=\/no\/such\.pem names a file that does not exist$/,
  ],
  ['REST beyond this machine', ['bridge.rest.bind.address=0.0.0.0'], /bridge\.rest\.bind\.address=0\.0\.0\.0 is beyond this machine/],
  ['metrics beyond this machine', ['bridge.metrics.bind.address=::'], /bridge\.metrics\.bind\.address=:: is beyond this machine/],
  ['credentials that are not there', ['bridge.auth.file=/no/such'], /bridge\.auth\.file=\/no\/such names a file that does not exist$/],
  ['a --set without a value', ['bridge.sink'], /^--set bridge\.sink has no value: write --set key=value$/],
];
for (const [what, set, message] of REFUSED) {
  test(`refuses ${what}`, () => assert.throws(() => read({ set }), { code: 'bad-input', message }));
}

test('refuses an offset that leaves the ports', () => {
  assert.throws(() => read({ portOffset: 60_000 }), {
    code: 'bad-input',
    message: '--port-offset 60000 is out of range (give 0 to 56071)',
  });
  assert.throws(() => read({ portOffset: -1 }), { code: 'bad-input' });
});

test('says what is wrong with a configuration file', () => {
  const directory = folder();
  const of = (text: string) => {
    const file = join(directory, 'c.json');
    writeFileSync(file, text);
    return () => read({ configFile: file });
  };
  assert.throws(of('{"a":'), { code: 'bad-input', message: /c\.json is not JSON: line 1, column 6: it breaks off$/ });
  assert.throws(of('{\n "bridge.kafka.ssl.key.password": hunter2\n}'), {
    code: 'bad-input',
    message: /c\.json is not JSON: line 2, column 35: Unexpected character$/,
  });
  assert.throws(of(''), { code: 'bad-input', message: /c\.json is empty: give / });
  assert.throws(of('[]'), { code: 'bad-input', message: /c\.json holds no JSON object/ });
  assert.throws(of('{"otlp.grpc.port":[1]}'), { code: 'bad-input', message: /c\.json: otlp\.grpc\.port is a list or an object/ });
  assert.throws(of('{"otlp.grpc.port":"x"}'), { code: 'bad-input', message: /c\.json: otlp\.grpc\.port=x is not a whole number/ });
  assert.throws(() => read({ configFile: join(directory, 'none.json') }), {
    code: 'bad-input',
    message: /^--config .*none\.json cannot be read: no such file or folder$/,
  });
});

test('every address of this machine is loopback, and no other', () => {
  for (const host of ['127.0.0.1', '127.0.0.2', '::1', 'localhost'])
    assert.equal(read({ set: [`bridge.rest.bind.address=${host}`] }).rest.host, host);
  for (const host of ['10.0.0.1', '1270.0.0.1', '127.0.0.1.evil.example', 'example.org', '::2', 'fe80::1'])
    assert.throws(() => read({ set: [`bridge.rest.bind.address=${host}`] }), { code: 'bad-input' }, host);
});

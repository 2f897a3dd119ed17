import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { printable, redactJson, redactText } from '../../checks/redact.ts';

const TEXTS: readonly (readonly [string, string])[] = [
  ['password=hunter2 next=1', 'password=<redacted:password> next=1'],
  ['"password": "hun\\"ter", "port": 1', '"password": "<redacted:password>", "port": 1'],
  ['{\\"db.password\\": \\"x y\\"}', '{\\"db.password\\": \\"<redacted:password>\\"}'],
  ["secret='a b'; rest", "secret='<redacted:secret>'; rest"],
  ['--api-key abc --port 1', '--api-key <redacted:api-key> --port 1'],
  ['-Djavax.net.ssl.keyStorePassword=xyz -Xmx1g', '-Djavax.net.ssl.keyStorePassword=<redacted:password> -Xmx1g'],
  ['https://user:p@ss@host:8083/x', 'https://<redacted:userinfo>@host:8083/x'],
  ['Authorization: Bearer abc.def', 'Authorization: <redacted:authorization>'],
  [
    'OTEL_EXPORTER_OTLP_HEADERS=api-key=abc,authorization=Basic%20xyz',
    'OTEL_EXPORTER_OTLP_HEADERS=api-key=<redacted:api-key>,authorization=<redacted:authorization>',
  ],
  ['sent Basic dXNlcjpwdw== to it', 'sent Basic <redacted:authorization> to it'],
  ['sasl.jaas.config=o.a.Plain required username="u" password="p"; x=1', 'sasl.jaas.config=<redacted:jaas>; x=1'],
  ['PlainLoginModule required username="u" password="p";', 'PlainLoginModule required username="u" password="<redacted:password>";'],
  ['a -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- b', 'a <redacted:private-key> b'],
  ['cut -----BEGIN PRIVATE KEY-----\nMIIE', 'cut <redacted:private-key>'],
  ['got eyJhbGciOiJI.eyJzdWIiOiIx.sig-x ok', 'got <redacted:token> ok'],
  ['Invalid value abc def for configuration ssl.keystore.key', 'Invalid value <redacted:private-key> for configuration ssl.keystore.key'],
];

for (const [text, expected] of TEXTS) test(`redacts ${JSON.stringify(text)}`, () => assert.equal(redactText(text), expected));

/** What has to be read stays: names of errors, places of secrets, references, counts, plain words. */
const KEPT = [
  'org.apache.kafka.common.errors.TopicAuthorizationException: Not authorized to access topics: [otlp-logs]',
  'otlp.tls.key.path=/etc/tls/key.pem ssl.key.location=/k.pem ssl.keystore.type=PEM sasl.mechanism=PLAIN',
  'password=${file:/etc/secrets.properties:db} password="[hidden]"',
  'failed-authentication-total=3 token_count=5 tokens=7',
  'Basic authentication or a Bearer token is wanted',
  'Registered JMX MBean: io.conduktor.connect.otel:type=OpenTelemetryConnector,name="otlp-source"',
  'curl -s http://127.0.0.1:8083/connectors/otlp-source/status',
];
for (const text of KEPT) test(`keeps ${JSON.stringify(text)}`, () => assert.equal(redactText(text), text));

test('a JSON value: by key first, then by the shape of every text', () => {
  assert.deepEqual(
    redactJson({
      'sasl.jaas.config': 'o.a.Plain required username="u" password="p";',
      'otlp.tls.key.path': '/etc/key.pem',
      'ssl.key.password': '${file:/x:pw}',
      'delegation.token.expiry.time.ms': 5000,
      tokenCount: 3,
      password: 1234,
      credentials: { user: 'u', list: ['a', 7] },
      configs: [
        { name: 'sasl.jaas.config', value: 'x y' },
        { name: 'tasks.max', value: '1' },
      ],
      note: 'see https://u:p@h/',
      enabled: true,
      none: null,
    }),
    {
      'sasl.jaas.config': '<redacted:jaas>',
      'otlp.tls.key.path': '/etc/key.pem',
      'ssl.key.password': '${file:/x:pw}',
      'delegation.token.expiry.time.ms': 5000,
      tokenCount: 3,
      password: '<redacted:password>',
      credentials: { user: '<redacted:credential>', list: ['<redacted:credential>', 7] },
      configs: [
        { name: 'sasl.jaas.config', value: '<redacted:jaas>' },
        { name: 'tasks.max', value: '1' },
      ],
      note: 'see https://<redacted:userinfo>@h/',
      enabled: true,
      none: null,
    },
  );
});

const PIECES = [
  ...TEXTS.map(([text]) => text),
  ...KEPT,
  ...[
    'password',
    'token: ',
    'authorization=',
    'jaas',
    '=',
    ':',
    ' ',
    '"',
    "'",
    '\\"',
    ';',
    ',',
    '\n',
    '${x}',
    '<redacted:password>',
    '-----BEGIN A-----',
    '-----END A-----',
    '://',
    '@',
    'eyJabcdef.',
    'Basic ',
    'Bearer ',
    '--secret ',
    '7',
    '}',
    'x',
  ],
];
const text = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 6 })), { maxLength: 12 }).map((parts) => parts.join(''));

test('done twice it is as done once', () => {
  fc.assert(
    fc.property(text, (one) => {
      const once = redactText(one);
      assert.equal(redactText(once), once);
    }),
    { numRuns: 3000 },
  );
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.constantFrom('password', 'a', 'name', 'value', 'token', 'sasl.jaas.config'),
        fc.oneof(text, fc.integer(), fc.array(text)),
      ),
      (json) => {
        const once = redactJson(json);
        assert.deepEqual(redactJson(once), once);
      },
    ),
  );
});

test('a password in any of its usual places does not come through', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9!#$%^*+_~-]{6,20}$/).map((value) => `Zq${value}`);
  const places: ((value: string) => string)[] = [
    (value) => `password=${value}`,
    (value) => `"ssl.key.password" : "${value}"`,
    (value) => `https://admin:${value}@kafka:8083/`,
    (value) => `login failed with client_secret: ${value}, retrying`,
    (value) => `x required username="a" password="${value}";`,
  ];
  fc.assert(
    fc.property(secret, fc.constantFrom(...places), (value, place) => {
      // A reference and what is a number of digits alone are kept on purpose; these are neither.
      fc.pre(!place(value).startsWith('https') || !value.includes('#'));
      assert.equal(redactText(place(value)).includes(value), false);
    }),
  );
});

test('long hostile texts take time in proportion to their length', () => {
  const began = performance.now();
  for (const hostile of [
    'a.'.repeat(200_000),
    'a '.repeat(200_000),
    `https://${'a'.repeat(400_000)}`,
    '-----BEGIN A-----'.repeat(20_000),
    'password="'.repeat(20_001),
    '"password\\":'.repeat(20_000),
  ])
    redactText(hostile);
  const took = performance.now() - began;
  assert.ok(took < 2000, `${took} ms`);
});

test('printable: nothing of a terminal escape is left to act', () => {
  assert.equal(printable('a\u001b[31mred\u0007\u009b2J\u202ebdc\ud800'), 'a\\x1b[31mred\\x07\\x9b2J\\u202ebdc\ufffd');
  assert.equal(printable('one\r\ntwo\nthree\tx\ry'), 'one\\ntwo\\nthree  x\\ry');
  assert.equal(printable('one\r\ntwo\n\tx', { newlines: true }), 'one\ntwo\n  x');
  assert.equal(printable('ümläut 日本 🙂'), 'ümläut 日本 🙂');
});

test('printable text is printable already', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (one, newlines) => {
      const once = printable(one, { newlines });
      assert.equal(printable(once, { newlines }), once);
      assert.doesNotMatch(once, newlines ? /(?!\n)\p{Cc}/u : /\p{Cc}/u);
    }),
  );
});

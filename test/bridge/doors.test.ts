import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { isExposed } from '../../bridge/credentials.ts';
import { formatLogLine } from '../../bridge/log-format.ts';
import { startBridge } from '../../bridge/index.ts';
import { ask, folder, oneSpan, running, sendTraces, testSettings, until } from './bridge-fixture.ts';

function authFile(text: string, mode = 0o600): string {
  const file = join(folder(), 'auth');
  writeFileSync(file, text, { mode });
  chmodSync(file, mode);
  return file;
}

const FOREIGN: readonly [headers: Record<string, string>, message: string][] = [
  [{ host: 'evil.example:8083' }, "Host evil.example:8083 is not this machine's loopback: ask for localhost or 127.0.0.1"],
  [{ host: '127.0.0.1.evil.example' }, "Host 127.0.0.1.evil.example is not this machine's loopback: ask for localhost or 127.0.0.1"],
  [{ host: '10.0.0.1' }, "Host 10.0.0.1 is not this machine's loopback: ask for localhost or 127.0.0.1"],
  [{ origin: 'https://evil.example' }, 'Origin https://evil.example may not use this interface'],
  [{ origin: 'null' }, 'Origin null may not use this interface'],
];

test('on loopback a foreign Host and a foreign Origin are refused at both doors, and change nothing', async (t) => {
  const { rest, metrics } = await running(t, testSettings(folder()));
  for (const [headers, message] of FOREIGN) {
    for (const door of [rest, metrics]) {
      const { status, json } = await door('/', { headers });
      assert.deepEqual([status, json], [403, { error_code: 403, message }]);
    }
    assert.equal((await rest('/connectors/otlp-source', { method: 'DELETE', headers })).status, 403);
    assert.equal((await rest('/connectors', { method: 'POST', body: { name: 'x' }, headers })).status, 403);
  }
  for (const headers of [{ host: 'LOCALHOST:1' }, { host: '[::1]:8083' }, { origin: 'http://localhost:3000' }])
    assert.equal((await rest('/connectors', { headers })).status, 200);
  assert.deepEqual((await rest('/connectors')).json, ['otlp-source']);
});

const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;

async function guarded(t: TestContext, keys: Record<string, string> = {}) {
  const file = authFile('# who\n\nann:pa:ss wörd\nbearer t0ken\n');
  return running(t, testSettings(folder(), { 'bridge.auth.file': file, ...keys }));
}

test('credentials are asked for at both doors, whoever asks; only health and readiness are open', async (t) => {
  const run = await guarded(t);
  const allowed = [basic('ann:pa:ss wörd'), 'Bearer t0ken', 'bearer  t0ken', basic('ann:pa:ss wörd').replace('Basic', 'BASIC')];
  const refused = [
    undefined,
    '',
    'Bearer',
    'Bearer t0ken2',
    'Bearer T0KEN',
    basic('ann:'),
    basic('ann:pa:ss'),
    basic('bob:pa:ss wörd'),
    'Basic t0ken',
    't0ken',
  ];
  for (const door of [run.rest, run.metrics]) {
    const path = door === run.rest ? '/connectors' : '/metrics.json';
    for (const authorization of allowed) assert.equal((await door(path, { headers: { authorization } })).status, 200, authorization);
    for (const authorization of refused) {
      const { status, headers, json } = await door(path, authorization === undefined ? {} : { headers: { authorization } });
      assert.deepEqual([status, (json as { error_code: number }).error_code], [401, 401], authorization);
      assert.equal(headers['www-authenticate'], 'Basic realm="otlpctl bridge", charset="UTF-8", Bearer realm="otlpctl bridge"');
    }
    assert.equal((await door('/health')).status, 200);
    assert.equal((await door('/ready')).status, door === run.rest ? 404 : 200);
    for (const path of ['/healthy', '/ready/x']) assert.equal((await door(path)).status, 401, path);
  }
  assert.equal(
    (await run.rest('/connectors', { method: 'POST', body: 'x'.repeat(500_000) })).status,
    401,
    'a large body does not lose the answer',
  );
  const said = JSON.stringify(run.lines);
  assert.ok(!said.includes('t0ken') && !said.includes('pa:ss'));
});

test('beyond loopback: with credentials, or with a word that none are wanted, which the log repeats', async (t) => {
  const beyond = { 'bridge.rest.bind.address': '0.0.0.0', 'bridge.metrics.bind.address': '0.0.0.0' };
  assert.throws(() => testSettings(folder(), beyond), {
    message:
      'bridge.rest.bind.address=0.0.0.0 is beyond this machine: give bridge.auth.file with who may come, or an address such as 127.0.0.1 or ::1',
  });
  const run = await guarded(t, beyond);
  const strange = { host: 'worker.example' };
  assert.equal((await run.rest('/connectors', { headers: { ...strange, authorization: 'Bearer t0ken' } })).status, 200);
  assert.equal((await run.rest('/connectors', { headers: strange })).status, 401);
  const open = await running(t, testSettings(folder(), { ...beyond, 'bridge.allow.unauthenticated': 'true' }));
  assert.equal((await open.rest('/connectors')).status, 200);
  assert.deepEqual(
    open.lines.filter(({ level }) => level === 'WARN').map(({ message }) => message.slice(0, 51)),
    ['REST listens on 0.0.0.0 without credentials, becaus', 'metrics listens on 0.0.0.0 without credentials, bec'],
  );
});

test('a door that cannot open is told by what helps: another address, another port', async (t) => {
  const holder = createServer().listen(0, '127.0.0.1');
  t.after(() => holder.close());
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  for (const [keys, sentence] of [
    [
      { 'bridge.rest.bind.address': '192.0.2.1', 'bridge.allow.unauthenticated': 'true' },
      /^bridge\.rest\.bind\.address=192\.0\.2\.1 is no address of this machine \(EADDRNOTAVAIL\): give one that is, such as 127\.0\.0\.1$/,
    ],
    [{ 'bridge.metrics.port': String(port) }, /^bridge\.metrics\.port \d+ on 127\.0\.0\.1 is in use: give another bridge\.metrics\.port/],
    [{ name: ' ' }, /^name is empty: give the connector one, or leave it out$/],
  ] as const)
    await assert.rejects(startBridge(testSettings(folder(), keys), { log: () => {}, now: Date.now }), {
      code: 'bad-input',
      message: sentence,
    });
});

test('a file of credentials that cannot be trusted is refused with its reason, and nothing starts', async () => {
  for (const [file, reason] of [
    [authFile('ann:x\n', 0o640), 'can be read by others: run chmod 600'],
    [authFile('\n# nobody\n'), 'names nobody'],
    [authFile('ann:x\nsecret\n'), 'line 2 is neither user:password nor bearer TOKEN'],
  ] as const)
    await assert.rejects(
      startBridge(testSettings(folder(), { 'bridge.auth.file': file }), { log: () => {}, now: Date.now }),
      (error: Error) => {
        assert.ok(error.message.startsWith(`bridge.auth.file ${file} ${reason}`), error.message);
        assert.ok(!error.message.includes('secret'));
        return true;
      },
    );
});

test("a file of credentials is its owner's alone, or one of root's that is handed over to a group", () => {
  const [root, self] = [0, 1000];
  for (const [owner, mode, as, expected] of [
    [self, 0o100600, self, false],
    [self, 0o100640, self, true],
    [root, 0o100400, root, false],
    [root, 0o100440, root, true],
    [root, 0o100440, self, false],
    [root, 0o100640, self, false],
    [root, 0o100660, self, true],
    [root, 0o100644, self, true],
    [1001, 0o100440, self, true],
  ] as const)
    assert.equal(isExposed({ uid: owner, mode }, as), expected, `${owner} ${mode.toString(8)} as ${as}`);
});

test('the receivers answer no preflight and name no origin: a page in a browser cannot send', async (t) => {
  const { bridge } = await running(t, testSettings(folder()));
  const url = `http://127.0.0.1:${bridge.worker.find('otlp-source')!.task!.ports.http}/v1/traces`;
  const origin = { origin: 'https://evil.example' };
  const preflight = await ask(url, { method: 'OPTIONS', headers: { ...origin, 'access-control-request-method': 'POST' } });
  const simple = await ask(url, { method: 'POST', body: oneSpan(), headers: { ...origin, 'content-type': 'text/plain' } });
  assert.deepEqual([preflight.status, simple.status], [405, 415]);
  for (const { headers } of [preflight, simple])
    assert.deepEqual(
      Object.keys(headers).filter((name) => name.startsWith('access-control')),
      [],
    );
});

const HOSTILE = [
  '../../x',
  '..',
  '/etc/passwd',
  'a\u001b[2Jb',
  '$(touch x)',
  '`id`;#',
  'a/b',
  'ü',
  'x'.repeat(300),
  'nul\u0000l',
  'line\nfeed',
];

test('no name from outside becomes a path, a line of the log or a control of the terminal', async (t) => {
  const directory = folder();
  const run = await running(t, testSettings(directory, { 'bridge.sink': 'file', 'otlp.grpc.enabled': 'false' }));
  const config = { 'connector.class': 'OpenTelemetrySource', 'otlp.grpc.port': '0', 'otlp.http.port': '0' };
  for (const hostile of HOSTILE) {
    const topic = await run.rest('/connectors', {
      method: 'POST',
      body: { name: `t-${HOSTILE.indexOf(hostile)}`, config: { ...config, 'kafka.topic.traces': hostile } },
    });
    assert.equal(topic.status, 400, hostile);
    const made = await run.rest('/connectors', { method: 'POST', body: { name: hostile, config: { ...config, note: hostile } } });
    assert.ok([201, 400].includes(made.status), `${hostile}: ${made.text}`);
    if (made.status === 400) continue;
    await sendTraces(run.bridge.worker.find(hostile)!.task!.ports.http!, 1);
    // A client cannot say this one: its own URL parser goes up a folder.
    if (hostile === '..') continue;
    assert.equal((await run.rest(`/connectors/${encodeURIComponent(hostile)}`, { method: 'DELETE' })).status, 204);
    await run.rest(`/admin/loggers/${encodeURIComponent(hostile)}`, { method: 'PUT', body: { level: 'DEBUG' } });
  }
  const port = run.bridge.worker.find('otlp-source')!.task!.ports.http!;
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {}).resume();
  socket.end('GET /\u001b]0;owned\u0007 HTTP/1.1\r\nHost: \u001b[2J\r\n\r\n');
  await once(socket, 'close');
  await until('all are stored', async () => readdirSync(join(directory, 'data')).length === 1);
  assert.deepEqual(readdirSync(join(directory, 'data')), ['otlp-traces.jsonl']);
  assert.deepEqual(readdirSync(directory).sort(), ['connectors.json', 'data', 'lock']);
  assert.ok(
    readFileSync(join(directory, 'data', 'otlp-traces.jsonl'), 'latin1')
      .split('\n')
      .slice(0, -1)
      .every((line) => JSON.parse(line)),
  );
  for (const line of run.lines) assert.match(formatLogLine({ ...line, trace: '' }, 0), /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*\n$/);
});

import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { shellWord } from '../../checks/derive/commands.ts';
import { diagnose } from '../../checks/diagnose.ts';
import { gather, probesFor } from '../../checks/gather.ts';
import type { FactId } from '../../checks/facts/index.ts';
import type { Probe } from '../../checks/probes/probe.ts';
import type { Target } from '../../checks/target.ts';
import { connectDouble } from '../doubles/connect.ts';
import { double, type DoubleKind } from '../doubles/double.ts';
import { factOf, said, settings } from '../doubles/settings.ts';

/** Every probe × every way to fail: the exact fact, so that no failure can pass for a state of the target. A third of the time-out is one deadline. */
const TIMEOUT = { timeoutMs: 600 };
/** A resolver may be slow, and only it can say that a name is unknown. */
const timeoutFor = (fault: Fault) => (fault === 'unknown name' ? { timeoutMs: 9000 } : TIMEOUT);
type Said = Record<string, unknown>;
type Fault = DoubleKind | 'unknown name';

const JSON_TYPE = 'application/json';
const KEPT_401 = '{"error_code":401,"message":"User cannot access the resource."}';
const KEPT_500 = '{"error_code":500,"message":"Request timed out"}';
const CUT = '{"version":"3.9.1","commit":"f745';

/** What any look over HTTP says of each fault; `HOST` stands for host and port. */
const OVER_HTTP: Partial<Record<Fault, Said>> = {
  refused: { failure: 'refused', detail: 'connect ECONNREFUSED HOST', stage: 'connect' },
  hang: { failure: 'timeout', detail: 'connected, no answer in 200 ms', stage: 'answer' },
  'unknown name': { failure: 'name', detail: 'no-such-name.invalid does not resolve (ENOTFOUND)', stage: 'name' },
  reset: { failure: 'reset', detail: 'the connection was closed before an answer', stage: 'answer' },
  unauthorized: {
    failure: 'http',
    detail: 'HTTP 401: User cannot access the resource.',
    status: 401,
    contentType: JSON_TYPE,
    excerpt: KEPT_401,
    body: JSON.parse(KEPT_401),
  },
  'server-error': {
    failure: 'http',
    detail: 'HTTP 500: Request timed out',
    status: 500,
    contentType: JSON_TYPE,
    excerpt: KEPT_500,
    body: JSON.parse(KEPT_500),
  },
  'empty-error': { failure: 'http', detail: 'HTTP 503, text/plain', status: 503, contentType: 'text/plain', excerpt: '' },
  html: {
    failure: 'http',
    detail: 'HTTP 502, text/html',
    status: 502,
    contentType: 'text/html',
    excerpt: '<html><head><title>502 Bad Gateway</title></head></html>',
  },
  page: {
    failure: 'malformed',
    detail: 'a web page instead of JSON',
    status: 200,
    contentType: 'text/html',
    excerpt: '<!DOCTYPE html><title>Welcome</title>',
  },
  redirect: {
    failure: 'http',
    detail: 'HTTP 302, redirected to https://sso.example/login',
    status: 302,
    contentType: 'text/html',
    excerpt: '',
  },
  cut: {
    failure: 'malformed',
    detail: 'the answer breaks off after 33 of 90 bytes',
    stage: 'body',
    status: 200,
    contentType: JSON_TYPE,
    excerpt: CUT,
  },
  'cut-json': { failure: 'malformed', detail: 'the JSON breaks off after 33 bytes', status: 200, contentType: JSON_TYPE, excerpt: CUT },
  garbage: { failure: 'malformed', detail: 'the answer of HOST is not HTTP', stage: 'answer', excerpt: 'SSH-2.0-OpenSSH_9.6' },
  tls: { failure: 'tls', detail: 'the port closes a plain request and answers a TLS hello: it wants https', stage: 'answer' },
};

type HttpLook = { id: FactId; path: string; target(url: URL): Target };
const rest = (id: FactId, path: string): HttpLook => ({ id, path, target: (connectUrl) => ({ connectUrl, connector: 'otlp-source' }) });
const HTTP_LOOKS: readonly HttpLook[] = [
  rest('rest.root', 'GET ORIGIN/'),
  rest('rest.health', 'GET ORIGIN/health'),
  rest('rest.list', 'GET ORIGIN/connectors?expand=status&expand=info'),
  rest('rest.status', 'GET ORIGIN/connectors/otlp-source/status'),
  rest('rest.plugins', 'GET ORIGIN/connector-plugins'),
  { id: 'metrics', path: 'GET ORIGIN/metrics.json', target: (url) => ({ connectUrl: null, metricsUrl: new URL('/metrics.json', url) }) },
  { id: 'metrics', path: 'POST ORIGIN/jolokia/', target: (url) => ({ connectUrl: null, metricsUrl: new URL('/jolokia/', url) }) },
  { id: 'jmx.task', path: 'POST ORIGIN/jolokia/', target: (url) => ({ connectUrl: null, metricsUrl: new URL('/jolokia/', url) }) },
];

async function at(fault: Fault): Promise<{ url: URL; close(): Promise<void> }> {
  if (fault === 'unknown name') return { url: new URL('http://no-such-name.invalid:8083/'), close: () => Promise.resolve() };
  const server = await double(fault);
  return { url: new URL(`http://127.0.0.1:${server.port}/`), close: server.close };
}

for (const [fault, expected] of Object.entries(OVER_HTTP) as [Fault, Said][]) {
  for (const { id, path, target } of HTTP_LOOKS) {
    test(`${id} by ${path.split('ORIGIN').join('')}: ${fault}`, async () => {
      const place = await at(fault);
      const fact = await factOf(id, target(place.url), fault === 'hang' ? TIMEOUT : {});
      await place.close();
      const detail = String(expected['detail']).replace('HOST', place.url.host);
      assert.deepEqual(said(fact), { source: path.replace('ORIGIN', place.url.origin), ...expected, detail });
      assert.ok(fact.at >= settings().now() && fact.ms >= 0 && fact.ms < 1500);
    });
  }
}

test('a worker of its own fails in the same words', async () => {
  for (const fault of ['refused', 'hang', 'html'] as const) {
    const place = await at(fault);
    const connect = await connectDouble({ connectors: { a: { workerId: place.url.host } } });
    const fact = await factOf('rest.worker', { connectUrl: connect.url }, TIMEOUT);
    await Promise.all([connect.close(), place.close()]);
    const expected = OVER_HTTP[fault]!;
    assert.deepEqual(said(fact), {
      source: `GET ${place.url.origin}/`,
      ...expected,
      detail: String(expected['detail']).replace('HOST', place.url.host),
    });
  }
});

test('receivers whose address is given: what fails before the connection stands is a failure, what comes after it a value', async () => {
  for (const fault of ['refused', 'unknown name', 'hang'] as const) {
    const { url, close } = await at(fault);
    const target = { connectUrl: null, otlpGrpc: { host: url.hostname, port: Number(url.port) }, otlpHttp: url };
    const [grpc, http, reflection] = [
      await factOf('receiver.grpc', target, timeoutFor(fault)),
      await factOf('receiver.http', target, timeoutFor(fault)),
      await factOf('receiver.reflection', target, timeoutFor(fault)),
    ];
    await close();
    const silence = { value: { address: { host: url.hostname, port: Number(url.port) }, spoke: 'silence', tls: false } };
    const failed = { ...OVER_HTTP[fault], detail: String(OVER_HTTP[fault]!['detail']).replace('HOST', url.host) };
    const expected = fault === 'hang' ? silence : failed;
    assert.deepEqual(said(grpc), { source: `HTTP/2 preface to ${url.host}`, ...expected });
    assert.deepEqual(said(http), { source: `GET ${url.origin}/v1/traces`, ...expected });
    assert.deepEqual(said(reflection), {
      source: 'gRPC reflection',
      unasked: 'skipped',
      reason: 'no gRPC server answered at the receiver',
    });
  }
});

test('an assumed receiver that refuses says that it was a guess', async () => {
  const { url, close } = await at('unknown name');
  const fact = await factOf('receiver.grpc', { connectUrl: url }, timeoutFor('unknown name'));
  await close();
  assert.deepEqual(said(fact), { source: 'HTTP/2 preface to no-such-name.invalid:4317', ...OVER_HTTP['unknown name'], assumed: true });
});

test('the metrics source answers and the connector’s bean is missing', async () => {
  const bean = { request: { type: 'read', mbean: 'x' }, value: {}, status: 200, timestamp: 1 };
  const { saying } = await import('../doubles/double.ts');
  const body = JSON.stringify(Array.from({ length: 6 }, () => bean));
  const server = await saying(
    `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
  const fact = await factOf(
    'metrics',
    { connectUrl: null, connector: 'otlp-source', metricsUrl: new URL(`http://127.0.0.1:${server.port}/jolokia/`) },
    TIMEOUT,
  );
  await server.close();
  assert.equal('failure' in fact && fact.failure, 'absent');
});

test('the log: no such file, and a directory', async () => {
  const missing = `${tmpdir()}/no-such-file-of-otlpctl.log`;
  assert.deepEqual(said(await factOf('log', { connectUrl: null, logFile: missing })), {
    source: missing,
    failure: 'absent',
    detail: `there is no file ${missing}`,
  });
  const directory = await factOf('log', { connectUrl: null, logFile: tmpdir() });
  assert.equal('failure' in directory && directory.failure, 'absent');
});

/** The log by a command × the ways in which a tool fails. */
const BY_COMMAND: readonly (readonly [fault: string, command: readonly string[], said: Said])[] = [
  ['a missing tool', ['no-such-tool', 'a b'], { unasked: 'unknown', reason: "there is no no-such-tool on this machine's PATH" }],
  ['no permission', ['/etc/passwd'], { failure: 'denied', detail: '/etc/passwd may not be run by this user' }],
  ['a hang', ['sleep', '60'], { failure: 'timeout', detail: 'sleep printed nothing in 600 ms and was ended', stage: 'answer' }],
  [
    'an end in failure',
    ['sh', '-c', 'echo Permission denied, please try again. >&2; exit 255'],
    { failure: 'absent', detail: 'sh ended with exit code 255: Permission denied, please try again.' },
  ],
];
for (const [fault, logCommand, expected] of BY_COMMAND) {
  test(`the log by a command: ${fault}`, async () => {
    const fact = await factOf('log', { connectUrl: null, logCommand }, TIMEOUT);
    assert.deepEqual(said(fact), { source: logCommand.map(shellWord).join(' '), ...expected });
    const report = diagnose(await gather({ connectUrl: null, logCommand }, settings({ ...TIMEOUT, given: ['log-command'] })));
    const about = report.diagnoses.find(({ id }) => id === 'log-unavailable');
    assert.deepEqual([report.status, about?.status, about?.scope], ['unknown', 'unknown', 'observer']);
  });
}

/** What no server can do to us: our own trouble. */
const OWN: readonly (readonly [what: string, error: Error])[] = [
  ['no permission', Object.assign(new Error('EACCES: permission denied, open /proc/1/fd'), { code: 'EACCES' })],
  ['a missing tool', Object.assign(new Error('spawn grpcurl ENOENT'), { code: 'ENOENT' })],
];
for (const [what, error] of OWN) {
  test(`${what} makes the fact unknown, with the reason, and leaves the others alone`, async () => {
    const probes: Probe[] = [{ gives: ['host.listeners'], look: () => Promise.reject(error) }, ...probesFor(['target'])];
    const facts = await gather({ connectUrl: null }, settings(), probes);
    assert.deepEqual(said(facts['host.listeners']), { source: 'host.listeners', unasked: 'unknown', reason: error.message });
    assert.ok('value' in facts.target);
  });
}

test('Connect left out: its facts wait for it, in one sentence', async () => {
  const connect = await connectDouble();
  after(() => connect.close());
  const facts = await gather(
    { connectUrl: null },
    settings(TIMEOUT),
    probesFor(['rest.root', 'rest.health', 'rest.list', 'rest.status', 'rest.plugins', 'rest.worker']),
  );
  for (const id of ['rest.root', 'rest.health', 'rest.list', 'rest.status', 'rest.plugins', 'rest.worker'] as const) {
    assert.deepEqual(said(facts[id]), { source: 'Connect REST', unasked: 'skipped', reason: 'Connect is left out (--connect-url none)' });
  }
});

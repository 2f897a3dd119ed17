import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { openHttp, sourceOf } from '../../../checks/probes/ask.ts';
import type { AskRequest } from '../../../checks/probes/probe.ts';
import { CERTIFICATE } from '../../doubles/certificate.ts';
import { connectDouble } from '../../doubles/connect.ts';
import { double, type DoubleKind } from '../../doubles/double.ts';
import { fullBacklog } from '../../doubles/full-backlog.ts';
import { listen } from '../../doubles/listen.ts';

const http = openHttp();
after(() => http.close());

const counter = { exchanges: 0 };
const within = (deadlineMs = 300) => ({ deadlineMs, signal: new AbortController().signal, count: () => void counter.exchanges++ });
const ask = (request: AskRequest, deadlineMs?: number) => http.ask(request, within(deadlineMs));
const local = (port: number, path = '/', scheme = 'http'): URL => new URL(`${scheme}://127.0.0.1:${port}${path}`);

type Expected = Record<string, unknown>;
const FAILURES: readonly (readonly [kind: DoubleKind, scheme: 'http' | 'https', expected: Expected])[] = [
  ['hang', 'http', { failure: 'timeout', detail: 'connected, no answer in 300 ms', stage: 'answer' }],
  ['hang', 'https', { failure: 'timeout', detail: 'connected, no answer to the TLS hello in 300 ms', stage: 'tls' }],
  ['close', 'http', { failure: 'reset', detail: 'the connection was closed before an answer', stage: 'answer' }],
  ['reset', 'http', { failure: 'reset', detail: 'the connection was closed before an answer', stage: 'answer' }],
  ['close', 'https', { failure: 'tls', detail: 'the port closes the connection at the TLS hello', stage: 'tls' }],
  ['tls', 'http', { failure: 'tls', detail: 'the port closes a plain request and answers a TLS hello: it wants https', stage: 'answer' }],
  ['tls', 'https', { failure: 'tls', detail: 'self-signed certificate (DEPTH_ZERO_SELF_SIGNED_CERT)', stage: 'tls' }],
  ['tls-alert', 'http', { failure: 'tls', detail: 'the port answers a plain request with TLS: it wants https', stage: 'answer' }],
  ['otlp-http', 'https', { failure: 'tls', detail: 'the port answers a TLS hello in plain text: it wants http', stage: 'tls' }],
  ['h2', 'http', { failure: 'malformed', detail: 'the port speaks HTTP/2, as a gRPC receiver does, and not HTTP/1.1', stage: 'answer' }],
  [
    'cut',
    'http',
    {
      failure: 'malformed',
      detail: 'the answer breaks off after 33 of 90 bytes',
      stage: 'body',
      status: 200,
      contentType: 'application/json',
      excerpt: '{"version":"3.9.1","commit":"f745',
    },
  ],
  ['stalled-body', 'http', { failure: 'timeout', detail: 'the answer began and did not end in 300 ms: 33 bytes came', stage: 'body' }],
];
for (const [kind, scheme, expected] of FAILURES) {
  test(`${scheme} to a server that does ${kind}`, async () => {
    const server = await double(kind);
    const answered = await ask({ url: local(server.port, '/', scheme) });
    await server.close();
    assert.deepEqual(answered, expected);
  });
}

test('an answer beyond the limit is given up', async () => {
  const server = await double('huge');
  const answered = await ask({ url: local(server.port), maxBytes: 1000 });
  await server.close();
  assert.deepEqual(
    [('failure' in answered && answered.failure) || '', 'detail' in answered && answered.detail],
    ['malformed', 'the answer is longer than 1000 bytes'],
  );
});

test('bytes that are no HTTP are shown', async () => {
  const server = await double('garbage');
  const answered = await ask({ url: local(server.port) });
  await server.close();
  assert.deepEqual(answered, {
    failure: 'malformed',
    detail: `the answer of 127.0.0.1:${server.port} is not HTTP`,
    stage: 'answer',
    excerpt: 'SSH-2.0-OpenSSH_9.6',
  });
});

test('a name that does not resolve, a port nobody listens on, a connect that vanishes', async () => {
  const [refused, filtered] = [await double('refused'), await fullBacklog()];
  const name = await ask({ url: new URL('http://no-such-name.invalid:8083/') });
  const nobody = await ask({ url: local(refused.port) });
  const vanished = await ask({ url: local(filtered.port) });
  await filtered.close();
  assert.deepEqual(name, { failure: 'name', detail: 'no-such-name.invalid does not resolve (ENOTFOUND)', stage: 'name' });
  assert.deepEqual(nobody, { failure: 'refused', detail: `connect ECONNREFUSED 127.0.0.1:${refused.port}`, stage: 'connect' });
  assert.deepEqual(vanished, { failure: 'timeout', detail: 'no connection in 300 ms', stage: 'connect' });
});

test('any status is an answer, and a redirect is not followed', async () => {
  const [redirect, error] = [await double('redirect'), await double('server-error')];
  const answers = [await ask({ url: local(redirect.port) }), await ask({ url: local(error.port) })];
  await Promise.all([redirect.close(), error.close()]);
  assert.deepEqual(
    answers.map((answered) => 'value' in answered && [answered.value.status, answered.value.text]),
    [
      [302, ''],
      [500, '{"error_code":500,"message":"Request timed out"}'],
    ],
  );
  assert.equal(redirect.connections(), 1);
});

test('one connection serves exchanges one after the other; `alone` takes its own', async () => {
  const server = await connectDouble();
  for (let asked = 0; asked < 3; asked++) await ask({ url: new URL('/', server.url) });
  assert.equal(server.connections(), 1);
  await ask({ url: new URL('/', server.url), alone: true });
  assert.equal(server.connections(), 2);
  assert.equal(server.requests.length, 4);
  await server.close();
});

test('a kept connection that the server closed meanwhile is no finding: the exchange is made again', async () => {
  let dropNext = false;
  const server = await listen(
    createServer((request, response) => {
      if (dropNext) return void ((dropNext = false), request.socket.destroy());
      response.end('{}');
    }),
  );
  await ask({ url: local(server.port) });
  dropNext = true;
  const before = counter.exchanges;
  const again = await ask({ url: local(server.port) });
  assert.equal('value' in again && again.value.text, '{}');
  assert.equal(counter.exchanges - before, 2);
  await server.close();
});

test('credentials go into the Authorization header and nowhere else', async () => {
  const server = await connectDouble();
  const url = new URL('/', server.url);
  url.username = 'ann';
  url.password = 'p@ss:wörd';
  await ask({ url });
  await ask({ url: new URL('/', server.url), auth: { user: 'bob', password: 'secret' } });
  await ask({ url: new URL('/', server.url) });
  await server.close();
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
  assert.deepEqual(server.authorizations, [basic('ann:p@ss:wörd'), basic('bob:secret'), undefined]);
  assert.equal(sourceOf({ url }), `GET http://127.0.0.1:${server.port}/`);
  assert.ok(!JSON.stringify(await ask({ url })).includes('p@ss'));
});

test('a certificate authority of one’s own is trusted for that request', async () => {
  const server = await double('tls');
  const answered = await ask({ url: local(server.port, '/', 'https'), tls: { ca: CERTIFICATE } });
  await server.close();
  assert.equal('value' in answered && answered.value.status, 405);
});

test('JSON is sent by POST, with its length', async () => {
  const seen: string[] = [];
  const server = await listen(
    createServer((request, response) => {
      request.on('data', (chunk: Buffer) =>
        seen.push(`${request.method} ${request.headers['content-type']} ${request.headers['content-length']} ${chunk.toString()}`),
      );
      request.on('end', () => response.end('[]'));
    }),
  );
  await ask({ url: local(server.port, '/jolokia/'), json: [{ type: 'read', mbean: 'ä' }] });
  await server.close();
  assert.deepEqual(seen, ['POST application/json 30 [{"type":"read","mbean":"ä"}]']);
});

test('of a name with two addresses the one that answers is taken, and all refusing is refused', async () => {
  const four = await double('server-error');
  const answered = await ask({ url: new URL(`http://localhost:${four.port}/`) });
  await four.close();
  assert.equal('value' in answered && answered.value.status, 500);
  const refused = await ask({ url: new URL(`http://localhost:${four.port}/`) });
  assert.equal('failure' in refused && refused.failure, 'refused');
});

test('an aborted look ends at once', async () => {
  const server = await double('hang');
  const end = new AbortController();
  const asking = http.ask({ url: local(server.port) }, { ...within(10_000), signal: end.signal });
  end.abort();
  const answered = await asking;
  await server.close();
  assert.equal('failure' in answered && answered.failure, 'timeout');
});

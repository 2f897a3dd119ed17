import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { schema } from '../../../proto/schema.ts';
import { SIGNAL, SIGNALS } from '../../../proto/vocabulary/signals.ts';
import { asJson, one } from './samples.ts';
import { post, send, startService, type HttpAnswer, type Sent } from './service.ts';

const PROTOBUF = 'application/x-protobuf';
const JSON_TYPE = 'application/json';
const Status = schema().lookupType('google.rpc.Status');

type StatusBody = { code: number; message: string; details?: unknown[] };
const statusOf = ({ headers, body }: HttpAnswer): StatusBody =>
  (headers['content-type'] === JSON_TYPE ? JSON.parse(body.toString()) : Status.toObject(Status.decode(body))) as StatusBody;

test('each signal is taken in both encodings, plain and gzipped, and answered in its own', async (t) => {
  const service = await startService(t);
  for (const signal of SIGNALS) {
    const body = one(signal);
    const json = Buffer.from(asJson(signal, body));
    for (const [type, bytes, reply] of [
      [PROTOBUF, body, ''],
      [JSON_TYPE, json, '{}'],
    ] as const) {
      for (const encoding of ['identity', 'gzip']) {
        const answer = await post(service, signal, encoding === 'gzip' ? gzipSync(bytes) : bytes, type, { 'content-encoding': encoding });
        assert.deepEqual([answer.status, answer.headers['content-type'], answer.body.toString()], [200, type, reply]);
        const message = service.offered.pop()!;
        assert.deepEqual([message.signal, message.encoding, message.body], [signal, type === PROTOBUF ? 'protobuf' : 'json', bytes]);
      }
    }
  }
});

test('parameters and case of the content type are tolerated', async (t) => {
  const service = await startService(t);
  assert.equal((await post(service, 'traces', asJson('traces', one('traces')), 'Application/JSON; charset=utf-8')).status, 200);
  assert.equal((await post(service, 'traces', one('traces'), 'APPLICATION/X-PROTOBUF;v=1')).status, 200);
  assert.equal((await send(service, { path: '/v1/traces?x=1', headers: { 'content-type': PROTOBUF }, body: one('traces') })).status, 200);
  assert.equal(service.offered.length, 3);
});

test('an empty request succeeds and is not queued', async (t) => {
  const service = await startService(t);
  assert.deepEqual((await post(service, 'traces', '')).status, 200);
  assert.deepEqual((await post(service, 'logs', '{}', JSON_TYPE)).body.toString(), '{}');
  assert.equal(service.offered.length, 0);
});

const type = (contentType: string, more: Record<string, string> = {}) => ({ 'content-type': contentType, ...more });
const gzip = { 'content-encoding': 'gzip' };
const bomb = gzipSync(Buffer.alloc(200_000));

/** Answers are status, type of the body, and the code of the google.rpc.Status in it. */
const WRONG: readonly [what: string, sent: Sent, answer: readonly [status: number, type: string, code: number]][] = [
  ['random bytes', { headers: type(PROTOBUF), body: Buffer.from('d1e6f36a0b', 'hex') }, [400, PROTOBUF, 3]],
  ['a request that is cut', { headers: type(PROTOBUF), body: one('traces').subarray(0, 20) }, [400, PROTOBUF, 3]],
  ['metrics for traces', { headers: type(PROTOBUF), body: one('metrics') }, [400, PROTOBUF, 3]],
  ['protobuf called JSON', { headers: type(JSON_TYPE), body: one('traces') }, [400, JSON_TYPE, 3]],
  ['JSON called protobuf', { headers: type(PROTOBUF), body: asJson('traces', one('traces')) }, [400, PROTOBUF, 3]],
  ['JSON without end', { headers: type(JSON_TYPE), body: '{"a":'.repeat(100_000).slice(0, 60_000) }, [400, JSON_TYPE, 3]],
  ['gzip that is none', { headers: type(PROTOBUF, gzip), body: one('traces') }, [400, PROTOBUF, 3]],
  ['gzip that is cut', { headers: type(PROTOBUF, gzip), body: gzipSync(one('traces')).subarray(0, 30) }, [400, PROTOBUF, 3]],
  ['gzip of nothing at all', { headers: type(PROTOBUF, gzip), body: '' }, [400, PROTOBUF, 3]],
  ['an unknown encoding', { headers: type(JSON_TYPE, { 'content-encoding': 'br' }), body: '{}' }, [415, JSON_TYPE, 12]],
  ['two encodings', { headers: type(JSON_TYPE, { 'content-encoding': 'gzip, gzip' }), body: '{}' }, [415, JSON_TYPE, 12]],
  ['a body over the limit', { headers: type(PROTOBUF), body: Buffer.alloc(100_001) }, [413, PROTOBUF, 8]],
  [
    'a body over the limit of no known length',
    { headers: type(PROTOBUF, { 'transfer-encoding': 'chunked' }), body: Buffer.alloc(100_001) },
    [413, PROTOBUF, 8],
  ],
  ['a body over the limit once inflated', { headers: type(JSON_TYPE, gzip), body: bomb }, [413, JSON_TYPE, 8]],
  ['no content type', { body: one('traces') }, [415, JSON_TYPE, 3]],
  ['a foreign content type', { headers: type('text/plain'), body: 'x' }, [415, JSON_TYPE, 3]],
  ['a GET', { method: 'GET' }, [405, JSON_TYPE, 12]],
  ['a GET that wants protobuf', { method: 'GET', headers: type(PROTOBUF) }, [405, PROTOBUF, 12]],
  ['a PUT', { method: 'PUT', headers: type(JSON_TYPE), body: '{}' }, [405, JSON_TYPE, 12]],
  ['OPTIONS', { method: 'OPTIONS' }, [405, JSON_TYPE, 12]],
  ['a path that is not served', { path: '/v1/profiles', headers: type(JSON_TYPE), body: '{}' }, [404, JSON_TYPE, 5]],
  ['a longer path', { path: '/v1/tracesXYZ', headers: type(PROTOBUF), body: '' }, [404, PROTOBUF, 5]],
  ['a path too many', { path: '/v1/traces/v1/traces', headers: type(PROTOBUF), body: '' }, [404, PROTOBUF, 5]],
  ['a GET of the root', { method: 'GET', path: '/' }, [404, JSON_TYPE, 5]],
];

for (const [what, sent, expected] of WRONG)
  test(`wrong: ${what}`, async (t) => {
    const service = await startService(t, { maxRequestBytes: 100_000 });
    const answer = await send(service, sent);
    const { code, message } = statusOf(answer);
    assert.deepEqual([answer.status, answer.headers['content-type'], code], expected, message);
    assert.match(message, /^[A-Z].*\.$/);
    assert.equal(answer.headers.allow, answer.status === 405 ? 'POST' : undefined);
    assert.equal(answer.headers['retry-after'], undefined);
    assert.equal(service.offered.length, 0);
    assert.equal((await post(service, 'traces', one('traces'))).status, 200, 'it goes on');
  });

test('HEAD is answered without a body', async (t) => {
  const service = await startService(t);
  const answer = await send(service, { method: 'HEAD' });
  assert.deepEqual([answer.status, answer.body.length, answer.headers.allow], [405, 0, 'POST']);
});

test('a request of exactly the limit is read, plain and inflated', async (t) => {
  const service = await startService(t, { maxRequestBytes: 1000 });
  const padded = Buffer.concat([one('logs'), Buffer.from([0xfa, 0x07]), Buffer.alloc(1000)]).subarray(0, 1000);
  padded.writeUIntBE(0x80_00, one('logs').length + 2, 2);
  const rest = 1000 - one('logs').length - 4;
  padded[one('logs').length + 2] = 0x80 | (rest & 0x7f);
  padded[one('logs').length + 3] = rest >> 7;
  assert.equal((await post(service, 'logs', padded)).status, 200);
  assert.equal((await post(service, 'logs', gzipSync(padded), PROTOBUF, gzip)).status, 200);
  assert.equal(service.offered.length, 2);
});

test('a full queue is 503 with advice to come back, in the status and in the header', async (t) => {
  const service = await startService(t, { answer: 'full' });
  for (const [body, contentType] of [
    [one('traces'), PROTOBUF],
    [asJson('traces', one('traces')), JSON_TYPE],
  ] as const) {
    const answer = await post(service, 'traces', body, contentType);
    assert.deepEqual([answer.status, answer.headers['retry-after'], answer.headers['content-type']], [503, '1', contentType]);
    const { code, message, details } = statusOf(answer);
    assert.deepEqual([code, message, details?.length], [14, 'The queue of traces is full: send this again later.', 1]);
  }
});

test('once refusing, requests are told to come back and connections are not kept', async (t) => {
  const service = await startService(t);
  const kept = { connection: 'keep-alive' };
  assert.equal((await post(service, 'traces', '', PROTOBUF, kept)).headers.connection, 'keep-alive');
  service.receivers.refuse();
  const answer = await post(service, 'traces', one('traces'), PROTOBUF, kept);
  assert.deepEqual([answer.status, answer.headers['retry-after'], answer.headers.connection], [503, '5', 'close']);
  assert.equal(service.offered.length, 0);
});

test('a connection is kept for the next export', async (t) => {
  const service = await startService(t);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const ports = new Set<number>();
  for (let round = 0; round < 3; round++) {
    const request = httpRequest({
      agent,
      host: '127.0.0.1',
      port: service.receivers.httpPort!,
      path: SIGNAL.logs.path,
      method: 'POST',
      headers: type(PROTOBUF),
    });
    request.end(one('logs'));
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    ports.add(response.socket.localPort!);
    assert.equal(response.headers['keep-alive'], 'timeout=75');
    response.resume();
    await once(response, 'end');
  }
  assert.equal(ports.size, 1);
});

test('what is no HTTP, and senders that go away, leave it running', async (t) => {
  const service = await startService(t);
  const port = service.receivers.httpPort!;
  for (const bytes of [
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01',
    `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: ${PROTOBUF}\r\nContent-Length: 5000\r\n\r\nabc`,
  ]) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.resume();
    socket.end(bytes);
    await once(socket, 'close');
  }
  assert.equal(service.offered.length, 0);
  assert.equal((await post(service, 'traces', one('traces'))).status, 200);
});

const HEAD = `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: ${PROTOBUF}\r\n`;
/** Node words the fault; the status is ours. */
const BROKEN: readonly [what: string, bytes: string, status: string][] = [
  ['a method that is none', 'BREW /v1/traces HTTP/1.1\r\nHost: x\r\n\r\n', '400 Bad Request'],
  ['a TLS hello', '\x16\x03\x01\x02\x00\x01', '400 Bad Request'],
  ['two lengths', `${HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, '400 Bad Request'],
  ['a length and chunks', `${HEAD}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, '400 Bad Request'],
  ['a chunk without a length', `${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\nabc`, '400 Bad Request'],
  ['more headers than fit', `${HEAD}X: ${'x'.repeat(40_000)}\r\n\r\n`, '431 Request Header Fields Too Large'],
];
for (const [what, bytes, status] of BROKEN)
  test(`no request: ${what}`, async (t) => {
    const service = await startService(t);
    const socket = connect(service.receivers.httpPort!, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.write(bytes, 'latin1');
    await once(socket, 'close');
    const [head = '', body = ''] = text.split('\r\n\r\n');
    assert.equal(head, `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: ${JSON_TYPE}\r\nContent-Length: ${body.length}`);
    const { code, message } = JSON.parse(body) as StatusBody;
    assert.equal(code, 3);
    assert.match(message, /^This is no HTTP\/1\.1 request: .+\.$/);
    assert.equal(service.offered.length, 0);
    assert.equal((await post(service, 'traces', one('traces'))).status, 200, 'it goes on');
  });

test('what could not be read is in the log, a line a second at most', async (t) => {
  const service = await startService(t);
  for (let round = 0; round < 5; round++) await post(service, 'metrics', 'x');
  await send(service, { method: 'GET' });
  assert.equal(service.lines.length, 1);
  assert.equal(service.lines[0]!.level, 'ERROR');
  assert.match(service.lines[0]!.message, /^event=http_metrics_error error=Not an Export request of metrics: /);
});

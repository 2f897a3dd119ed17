import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, constants, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { connect as connectPlain } from 'node:net';
import { test, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createBudget } from '../../../bridge/budget.ts';
import { SIGNAL } from '../../../proto/vocabulary/signals.ts';
import { asJson, one } from './samples.ts';
import { startService, type Service } from './service.ts';

const PROTOBUF = 'application/x-protobuf';

function session(t: TestContext, { receivers }: Service): ClientHttp2Session {
  const open = connect(`http://127.0.0.1:${receivers.httpPort}`);
  open.on('error', () => {});
  t.after(() => open.destroy());
  return open;
}

async function post(open: ClientHttp2Session, body: Buffer | string, headers: Record<string, string>) {
  const stream = open.request({ ':method': 'POST', ':path': SIGNAL.traces.path, ...headers });
  stream.on('error', () => {});
  // Node has ended a GET by itself.
  if (!stream.writableEnded) stream.end(body);
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = once(stream, 'close');
  const [answer] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status': number }];
  await closed;
  return { status: answer[':status'], headers: answer, body: Buffer.concat(chunks).toString() };
}

test('HTTP/2 without TLS shares the port with HTTP/1.1, and one connection carries many requests', async (t) => {
  const service = await startService(t, { maxRequestBytes: 300_000 });
  const open = session(t, service);
  const json = asJson('traces', one('traces'));
  const answers = await Promise.all([
    post(open, one('traces'), { 'content-type': PROTOBUF }),
    post(open, json, { 'content-type': 'application/json' }),
    post(open, gzipSync(one('traces')), { 'content-type': PROTOBUF, 'content-encoding': 'gzip' }),
    post(open, 'x', { 'content-type': PROTOBUF }),
    post(open, 'x', { 'content-type': 'text/plain' }),
    post(open, Buffer.alloc(300_001), { 'content-type': PROTOBUF }),
    post(open, '', { 'content-type': PROTOBUF, ':path': '/nowhere' }),
    post(open, '', { ':method': 'GET' }),
  ]);
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 400, 415, 413, 404, 405],
  );
  assert.deepEqual([answers[1]!.body, answers[1]!.headers['content-type']], ['{}', 'application/json']);
  assert.equal(answers[7]!.headers.allow, 'POST');
  assert.equal((await post(open, one('traces'), { 'content-type': PROTOBUF })).status, 200, 'the connection goes on after a refusal');
  assert.equal(service.offered.length, 4);
});

test('the preface may come byte by byte, and so may the first line of HTTP/1.1', async (t) => {
  const service = await startService(t);
  for (const [text, reply] of [
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', /^\0\0.\x04\0/s],
    [`PUT ${SIGNAL.logs.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`, /^HTTP\/1\.1 405 /],
    ['P', null],
  ] as const) {
    const socket = connectPlain(service.receivers.httpPort!, '127.0.0.1').setNoDelay();
    socket.on('error', () => {});
    let said = '';
    socket.on('data', (chunk) => (said += chunk.toString('latin1')));
    for (const byte of text) await new Promise((sent) => socket.write(byte, 'latin1', sent));
    if (reply) {
      await once(socket, 'data');
      assert.match(said, reply);
    }
    socket.end();
    await once(socket, 'close');
  }
});

test('once refusing, a request is told to come back and its connection is closed when it is answered', async (t) => {
  const service = await startService(t);
  const open = session(t, service);
  assert.equal((await post(open, one('traces'), { 'content-type': PROTOBUF })).status, 200);
  service.receivers.refuse();
  const closed = once(open, 'close');
  const answer = await post(open, one('traces'), { 'content-type': PROTOBUF });
  assert.deepEqual([answer.status, answer.headers['retry-after']], [503, '5']);
  await closed;
});

test('a sender that goes away in the middle leaves it running', async (t) => {
  const service = await startService(t);
  const open = session(t, service);
  const stream = open.request({ ':method': 'POST', ':path': SIGNAL.traces.path, 'content-type': PROTOBUF });
  stream.on('error', () => {});
  stream.write(one('traces').subarray(0, 10));
  await once(open, 'remoteSettings');
  open.destroy();
  const next = session(t, service);
  const cut = next.request({ ':method': 'POST', ':path': SIGNAL.traces.path, 'content-type': PROTOBUF, 'content-encoding': 'gzip' });
  cut.on('error', () => {}).end(gzipSync(Buffer.alloc(10_000_000)));
  cut.close(8);
  await once(cut, 'close');
  assert.equal((await post(next, one('traces'), { 'content-type': PROTOBUF })).status, 200);
  assert.equal(service.offered.length, 1);
});

test('what has come of a request when its time is up is not taken for the request', async (t) => {
  const budget = createBudget(2 ** 20);
  const service = await startService(t, { budget, limits: { headMs: 50, requestMs: 100 } });
  const stream = session(t, service).request({ ':method': 'POST', ':path': SIGNAL.traces.path, 'content-type': PROTOBUF });
  stream.on('error', () => {});
  const answered = once(stream, 'response').then(() => 'answered');
  // Well formed as far as it goes: more resources were to come.
  stream.write(one('traces'));
  assert.equal(await Promise.race([answered, once(stream, 'close').then(() => stream.rstCode)]), constants.NGHTTP2_CANCEL);
  assert.deepEqual([service.offered.length, budget.held()], [0, 0]);
});

test('an answer may take longer than the request had time to come', async (t) => {
  const stored = Promise.withResolvers<'accepted'>();
  const service = await startService(t, { answer: stored.promise, limits: { headMs: 50, requestMs: 100 } });
  const open = session(t, service);
  const answer = post(open, one('traces'), { 'content-type': PROTOBUF });
  const slow = open.request({ ':method': 'POST', ':path': SIGNAL.traces.path, 'content-type': PROTOBUF }).on('error', () => {});
  slow.write(one('traces'));
  await once(slow, 'close');
  stored.resolve('accepted');
  assert.equal((await answer).status, 200);
});

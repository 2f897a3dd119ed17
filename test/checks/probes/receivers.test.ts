import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { Place } from '../../../checks/facts/index.ts';
import { lookAtGrpc, lookAtHttp, type LookLimits } from '../../../checks/probes/receivers.ts';
import { double, saying, type DoubleKind } from '../../doubles/double.ts';
import { fullBacklog } from '../../doubles/full-backlog.ts';
import { listen } from '../../doubles/listen.ts';
import { said } from '../../doubles/settings.ts';

const limits = (deadlineMs = 600): LookLimits & { counted: number } => ({
  deadlineMs,
  signal: new AbortController().signal,
  counted: 0,
  count() {
    this.counted++;
  },
});

type Expected = Record<string, unknown>;
const REFUSED = (port: number): Expected => ({ failure: 'refused', detail: `connect ECONNREFUSED 127.0.0.1:${port}`, stage: 'connect' });
const RESET = { failure: 'reset', detail: 'read ECONNRESET', stage: 'answer' };

/** What a look says of each misbehaviour: gRPC, then HTTP. Values are without their address. */
const TABLE: Partial<Record<DoubleKind, readonly [grpc: Expected, http: Expected]>> = {
  h2: [{ spoke: 'http2' }, { spoke: 'http2' }],
  'otlp-http': [
    { spoke: 'http1', excerpt: 'HTTP/1.1 405 Method Not Allowed Only POST method is supported' },
    { spoke: 'http1', status: 405, contentType: 'application/json', excerpt: 'Only POST method is supported' },
  ],
  html: [
    { spoke: 'http1', excerpt: 'HTTP/1.1 502 Bad Gateway <html><head><title>502 Bad Gateway</title></head></html>' },
    { spoke: 'http1', status: 502, contentType: 'text/html', excerpt: '<html><head><title>502 Bad Gateway</title></head></html>' },
  ],
  redirect: [
    { spoke: 'http1', excerpt: 'HTTP/1.1 302 Found' },
    { spoke: 'http1', status: 302, contentType: 'text/html', excerpt: '' },
  ],
  garbage: [
    { spoke: 'other', excerpt: 'SSH-2.0-OpenSSH_9.6' },
    { spoke: 'other', excerpt: 'SSH-2.0-OpenSSH_9.6' },
  ],
  hang: [
    { spoke: 'silence', tls: false },
    { spoke: 'silence', tls: false },
  ],
  close: [
    { spoke: 'closed', tls: false },
    { spoke: 'closed', tls: false },
  ],
  tls: [
    { spoke: 'closed', tls: true, inTls: 'closed' },
    { spoke: 'closed', tls: true, inTls: 'http1', status: 405, contentType: 'application/json', excerpt: 'Only POST method is supported' },
  ],
  'h2-tls': [
    { spoke: 'closed', tls: true, inTls: 'http2' },
    { spoke: 'closed', tls: true, inTls: 'closed' },
  ],
  'tls-alert': [
    { spoke: 'tls', tls: true, inTls: 'closed' },
    { spoke: 'tls', tls: true, inTls: 'closed' },
  ],
};

for (const [kind, expected] of Object.entries(TABLE) as [DoubleKind, readonly [Expected, Expected]][]) {
  for (const [at, look] of [lookAtGrpc, lookAtHttp].entries()) {
    test(`${look.name} sees ${kind}`, async () => {
      const server = await double(kind);
      const { source, ...seen } = await look({ host: '127.0.0.1', port: server.port }, limits(kind === 'hang' ? 150 : 600));
      await server.close();
      assert.equal(source, at === 0 ? `HTTP/2 preface to 127.0.0.1:${server.port}` : `GET http://127.0.0.1:${server.port}/v1/traces`);
      assert.deepEqual(seen, { value: { address: { host: '127.0.0.1', port: server.port }, ...expected[at] } });
    });
  }
}

for (const look of [lookAtGrpc, lookAtHttp]) {
  test(`${look.name}: nobody listens, a reset, an unknown name, a filter`, async () => {
    const [refused, reset, filtered] = [await double('refused'), await double('reset'), await fullBacklog()];
    after(() => Promise.all([reset.close(), filtered.close()]));
    const at = async (host: string, port: number) => said((await look({ host, port }, limits(300))) as never);
    const source = (port: number, host = '127.0.0.1') =>
      look === lookAtGrpc ? { source: `HTTP/2 preface to ${host}:${port}` } : { source: `GET http://${host}:${port}/v1/traces` };
    assert.deepEqual(await at('127.0.0.1', refused.port), { ...source(refused.port), ...REFUSED(refused.port) });
    assert.deepEqual(await at('127.0.0.1', reset.port), { ...source(reset.port), ...RESET });
    assert.deepEqual(await at('no-such-name.invalid', 1), {
      ...source(1, 'no-such-name.invalid'),
      failure: 'name',
      detail: 'no-such-name.invalid does not resolve (ENOTFOUND)',
      stage: 'name',
    });
    assert.deepEqual(await at('127.0.0.1', filtered.port), {
      ...source(filtered.port),
      failure: 'timeout',
      detail: 'no connection in 200 ms',
      stage: 'connect',
    });
  });
}

test('an address given as https is looked at inside TLS first, and in plain text when that is what it speaks', async () => {
  const [tls, plain] = [await double('tls'), await double('otlp-http')];
  after(() => Promise.all([tls.close(), plain.close()]));
  const place = (port: number): Place => ({ host: 'localhost', port, tls: true, path: '/base' });
  const inside = await lookAtHttp(place(tls.port), limits());
  assert.deepEqual(inside, {
    source: `GET https://localhost:${tls.port}/base/v1/traces`,
    value: {
      address: { host: 'localhost', port: tls.port },
      spoke: 'http1',
      tls: true,
      status: 405,
      contentType: 'application/json',
      excerpt: 'Only POST method is supported',
    },
  });
  const mismatch = await lookAtHttp(place(plain.port), limits());
  assert.deepEqual('value' in mismatch && [mismatch.value.spoke, mismatch.value.tls, mismatch.value.status], ['http1', false, 405]);
});

/** Records what one connection was sent and how it ended. */
async function recorder(answer: string | Buffer) {
  const heard = { bytes: Buffer.alloc(0), end: '' };
  let over = (): void => undefined;
  const ended = new Promise<void>((resolve) => (over = resolve));
  const server = await listen(
    createServer({ allowHalfOpen: true }, (socket) => {
      socket.once('data', () => socket.write(answer));
      socket.on('data', (chunk: Buffer) => (heard.bytes = Buffer.concat([heard.bytes, chunk])));
      socket.on('end', () => ((heard.end = 'FIN'), socket.end()));
      socket.on('error', (error: NodeJS.ErrnoException) => (heard.end = error.code ?? ''));
      socket.on('close', over);
    }),
  );
  return { ...server, heard, ended };
}

test('the gRPC look is a preface and SETTINGS, then an acknowledgement, GOAWAY and FIN', async () => {
  const server = await recorder(Buffer.from('000000040000000000', 'hex'));
  const counted = limits();
  await lookAtGrpc({ host: '127.0.0.1', port: server.port }, counted);
  await server.ended;
  await server.close();
  const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n').toString('hex');
  assert.equal(server.heard.bytes.toString('hex'), `${preface}000000040000000000000000040100000000000008070000000000${'00'.repeat(8)}`);
  assert.equal(server.heard.end, 'FIN');
  assert.equal(counted.counted, 1);
});

test('the HTTP look is one GET without a body, ended by FIN', async () => {
  const server = await recorder(
    'HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 29\r\nconnection: keep-alive\r\n\r\nOnly POST method is supported',
  );
  const counted = limits();
  await lookAtHttp({ host: '127.0.0.1', port: server.port }, counted);
  await server.ended;
  await server.close();
  assert.equal(
    server.heard.bytes.toString(),
    `GET /v1/traces HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nUser-Agent: otlpctl\r\nAccept: */*\r\nConnection: close\r\n\r\n`,
  );
  assert.equal(server.heard.end, 'FIN');
  assert.equal(counted.counted, 1);
});

test('a server that says nothing is left by FIN too', async () => {
  const server = await recorder('');
  await lookAtHttp({ host: '127.0.0.1', port: server.port }, limits(60));
  await server.ended;
  await server.close();
  assert.equal(server.heard.end, 'FIN');
});

test('an answer that comes in small pieces is put together', async () => {
  const server = await listen(
    createServer((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 4');
        setImmediate(() => socket.write('05 Method Not Allowed\r\nServer: x\r\n\r'));
        setTimeout(() => socket.end('\n'), 5);
      });
    }),
  );
  const answer = await lookAtHttp({ host: '127.0.0.1', port: server.port }, limits());
  await server.close();
  assert.deepEqual('value' in answer && answer.value, {
    address: { host: '127.0.0.1', port: server.port },
    spoke: 'http1',
    status: 405,
    server: 'x',
    excerpt: '',
  });
});

test('what a stranger says is made printable and short', async () => {
  const server = await saying(`\u001b[31mhello\u0007 ${'y'.repeat(500)}`);
  const answer = await lookAtGrpc({ host: '127.0.0.1', port: server.port }, limits());
  await server.close();
  const excerpt = 'value' in answer ? (answer.value.excerpt ?? '') : '';
  assert.ok(excerpt.startsWith('·[31mhello· yyy'), excerpt);
  assert.equal(excerpt.length, 200);
});

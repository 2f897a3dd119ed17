import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectHttp2, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createBudget } from '../../../bridge/budget.ts';
import type { Limits } from '../../../bridge/intake/limits.ts';
import { SIGNAL, type Signal } from '../../../proto/vocabulary/signals.ts';
import { until } from '../bridge-fixture.ts';
import { makeCertificate } from './certificates.ts';
import { one } from './samples.ts';
import { exportTo, grpcClient, post, startService, type Service } from './service.ts';

const PATH = SIGNAL.traces.path;
const EXPORT = `/${SIGNAL.traces.service}/Export`;
const HEAD = `POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n`;
const GRPC = { ':method': 'POST', ':path': EXPORT, 'content-type': 'application/grpc', te: 'trailers' };

function raw(t: TestContext, port: number): { socket: Socket; said: () => string; closed: Promise<unknown> } {
  const socket = connect(port, '127.0.0.1');
  let said = '';
  socket.on('error', () => {}).on('data', (chunk) => (said += chunk.toString('latin1')));
  t.after(() => socket.destroy());
  return { socket, said: () => said, closed: once(socket, 'close') };
}

function session(t: TestContext, port: number): ClientHttp2Session {
  const open = connectHttp2(`http://127.0.0.1:${port}`);
  open.on('error', () => {});
  t.after(() => open.destroy());
  return open;
}

function begun(
  open: ClientHttp2Session,
  headers: Record<string, string>,
  bytes: Buffer,
): { stream: ClientHttp2Stream; code: () => unknown } {
  const stream = open.request(headers);
  let code: unknown;
  for (const event of ['response', 'trailers'])
    stream.on(event, (answer: Record<string, unknown>) => (code ??= answer['grpc-status'] ?? answer[':status']));
  stream.on('error', () => {}).resume();
  stream.write(bytes);
  return { stream, code: () => code };
}

const limited = (t: TestContext, limits: Partial<Limits>): Promise<Service> => startService(t, { limits });
const goesOn = async (service: Service) => assert.equal((await post(service, 'traces', one('traces'))).status, 200, 'it goes on');

test('one connection more than the limit is closed at once, and the log says why', async (t) => {
  const service = await limited(t, { connections: 2 });
  for (const port of [service.receivers.httpPort!, service.receivers.grpcPort!]) {
    const open = [raw(t, port), raw(t, port)];
    await Promise.all(open.map(({ socket }) => once(socket, 'connect')));
    await raw(t, port).closed;
    open[0]!.socket.destroy();
  }
  assert.match(service.lines[0]!.message, /event=http_channel_error error=http port: a connection was closed at once, 2 are open already/);
  await until('there is room again', async () =>
    post(service, 'traces', one('traces')).then(
      ({ status }) => status === 200,
      () => false,
    ),
  );
});

test('HTTP/2 connections are told how many requests they may have at a time', async (t) => {
  const service = await limited(t, { streams: 7 });
  for (const port of [service.receivers.httpPort!, service.receivers.grpcPort!]) {
    const open = session(t, port);
    const [settings] = (await once(open, 'remoteSettings')) as [{ maxConcurrentStreams: number }];
    assert.equal(settings.maxConcurrentStreams, 7);
  }
});

/** Each opens a connection that is too slow in one way, and resolves when it was closed or told. */
const SLOW: readonly [what: string, limits: Partial<Limits>, run: (t: TestContext, service: Service) => Promise<void>][] = [
  ['nothing at all', { headMs: 100 }, async (t, { receivers }) => void (await raw(t, receivers.httpPort!).closed)],
  [
    'half a head',
    { headMs: 100, requestMs: 5000 },
    async (t, { receivers }) => {
      const { socket, said, closed } = raw(t, receivers.httpPort!);
      socket.write(HEAD);
      await closed;
      assert.match(said(), /^HTTP\/1\.1 408 /);
    },
  ],
  [
    'half a body',
    { headMs: 100, requestMs: 150 },
    async (t, { receivers }) => {
      const { socket, said, closed } = raw(t, receivers.httpPort!);
      socket.write(`${HEAD}Content-Length: 100\r\n\r\nabc`);
      await closed;
      assert.match(said(), /^HTTP\/1\.1 408 /);
    },
  ],
  [
    'no second request',
    { httpIdleMs: 100 },
    async (t, { receivers }) => {
      const { socket, said, closed } = raw(t, receivers.httpPort!);
      socket.write(`${HEAD}Content-Length: 0\r\n\r\n`);
      await closed;
      assert.match(said(), /^HTTP\/1\.1 200 /);
    },
  ],
  [
    'half a body over HTTP/2',
    { headMs: 100, requestMs: 100 },
    async (t, { receivers }) => {
      const headers = { ':method': 'POST', ':path': PATH, 'content-type': 'application/x-protobuf' };
      await once(begun(session(t, receivers.httpPort!), headers, one('traces').subarray(0, 9)).stream, 'close');
    },
  ],
  ['no request over HTTP/2', { httpIdleMs: 100 }, async (t, { receivers }) => void (await once(session(t, receivers.httpPort!), 'close'))],
  [
    'half a call over gRPC',
    { headMs: 100, requestMs: 100 },
    async (t, { receivers }) => {
      const { stream, code } = begun(session(t, receivers.grpcPort!), GRPC, Buffer.from([0, 0, 0, 0, 99, 1]));
      await once(stream, 'close');
      assert.equal(code(), '4');
    },
  ],
  ['no call over gRPC', { grpcIdleMs: 100 }, async (t, { receivers }) => void (await once(session(t, receivers.grpcPort!), 'close'))],
  [
    'no word on the gRPC port',
    { grpcPingMs: 100, grpcPongMs: 100 },
    async (t, { receivers }) => void (await raw(t, receivers.grpcPort!).closed),
  ],
];
for (const [what, limits, run] of SLOW)
  test(`too slow: ${what}`, async (t) => {
    const service = await limited(t, limits);
    await run(t, service);
    await goesOn(await limited(t, {}));
    assert.equal(service.offered.length, 0);
  });

test('too slow: no TLS handshake', async (t) => {
  const { certFile: cert, keyFile: key } = makeCertificate('slow');
  const { receivers } = await startService(t, { tls: { cert, key, clientCa: null }, limits: { headMs: 100 } });
  await Promise.all([raw(t, receivers.httpPort!).closed, raw(t, receivers.grpcPort!).closed]);
});

test('a crowd of slow uploads is refused once the bytes that may be held are; when it leaves, everything is given back', async (t) => {
  const budget = createBudget(100_000);
  const refusals: Signal[] = [];
  const answered: string[] = [];
  const service = await startService(t, {
    budget,
    refused: (signal) => refusals.push(signal),
    answered: (transport, signal, is) => answered.push(`${transport} ${signal} ${is}`),
  });
  const { httpPort, grpcPort } = service.receivers as { httpPort: number; grpcPort: number };
  const half = Buffer.alloc(30_000, 1);
  const announced = Buffer.concat([Buffer.from([0, 0, 1, 0, 0]), half]);

  const slow = raw(t, httpPort);
  slow.socket.write(`${HEAD}Content-Length: 10000000\r\n\r\n`);
  slow.socket.write(half);
  const overH2 = session(t, httpPort);
  begun(overH2, { ':method': 'POST', ':path': PATH, 'content-type': 'application/x-protobuf' }, half);
  const overGrpc = session(t, grpcPort);
  begun(overGrpc, GRPC, announced);
  await until('all three have sent', () => budget.held() >= 90_000);

  const refused = await post(service, 'logs', Buffer.alloc(20_000));
  assert.deepEqual([refused.status, refused.headers['retry-after'], refused.headers['content-type']], [503, '1', 'application/x-protobuf']);
  const answer = await exportTo(grpcClient(t, service), 'metrics', Buffer.alloc(20_000));
  assert.deepEqual([answer.code, answer.metadata.get('grpc-status-details-bin').length], [14, 1]);
  assert.match(answer.details, /bridge\.queue\.max\.bytes: send this again later/);
  for (const options of [{ 'grpc.default_compression_algorithm': 2 }, { 'grpc.default_compression_algorithm': 1 }])
    assert.equal((await exportTo(grpcClient(t, service, options), 'metrics', Buffer.alloc(50_000))).code, 14, 'inflated bytes count');
  const bomb = await post(service, 'logs', gzipSync(Buffer.alloc(50_000)), 'application/x-protobuf', { 'content-encoding': 'gzip' });
  assert.equal(bomb.status, 503);
  assert.deepEqual(refusals, ['logs', 'metrics', 'metrics', 'metrics', 'logs']);
  const busy = ['http logs busy', 'grpc metrics busy'];
  assert.deepEqual(answered, [...busy, 'grpc metrics busy', 'grpc metrics busy', 'http logs busy']);
  await goesOn(service);

  slow.socket.destroy();
  overH2.destroy();
  overGrpc.destroy();
  await until('all is given back', () => budget.held() === 0);
  assert.equal((await exportTo(grpcClient(t, service), 'traces', Buffer.concat([one('traces'), one('traces')]))).code, 0);
  assert.equal(budget.held(), 0);
});

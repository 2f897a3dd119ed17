import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type ClientHttp2Session } from 'node:http2';
import { test, type TestContext } from 'node:test';
import { SIGNAL, SIGNALS } from '../../../proto/vocabulary/signals.ts';
import { one } from './samples.ts';
import { call, exportTo, grpcClient, post, startService, type Service } from './service.ts';

const PROTOBUF = 'application/x-protobuf';
const HEALTH_CHECK = '/grpc.health.v1.Health/Check';

function session(t: TestContext, port: number): ClientHttp2Session {
  const open = connect(`http://127.0.0.1:${port}`);
  open.on('error', () => {});
  t.after(() => open.destroy());
  return open;
}

/** Sends the head of an Export call, and gives what ends the call and how it was answered. */
function callInTwo(open: ClientHttp2Session) {
  const path = `/${SIGNAL.traces.service}/Export`;
  const stream = open.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' });
  let code: number | null = null;
  const look = (headers: Record<string, unknown>) => (code = Number(headers['grpc-status'] ?? code));
  stream
    .on('response', look)
    .on('trailers', look)
    .on('error', () => {})
    .resume();
  const closed = once(stream, 'close').then(() => code);
  const body = one('traces');
  const frame = Buffer.concat([Buffer.alloc(5), body]);
  frame.writeUInt32BE(body.length, 1);
  return { end: () => stream.end(frame), closed };
}

/** A request's answer says whether the connection is kept. */
const keeps = async (service: Service) => {
  const { status, headers } = await post(service, 'traces', one('traces'), PROTOBUF, { connection: 'keep-alive' });
  return [status, headers.connection];
};

test('leaving, everything is taken as before; gRPC health says no and HTTP connections are not kept', async (t) => {
  const service = await startService(t);
  const client = grpcClient(t, service);
  assert.deepEqual(await keeps(service), [200, 'keep-alive']);
  const open = session(t, service.receivers.httpPort!);
  await once(open, 'remoteSettings');
  service.receivers.leave();
  assert.deepEqual([...(await call(client, HEALTH_CHECK, Buffer.alloc(0))).body!], [8, 2]);
  assert.deepEqual(await keeps(service), [200, 'close']);
  const gone = once(open, 'goaway');
  const stream = open.request({ ':method': 'POST', ':path': SIGNAL.traces.path, 'content-type': PROTOBUF });
  stream.end(one('traces'));
  const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
  assert.equal(headers[':status'], 200);
  stream.resume();
  await gone;
  for (const signal of SIGNALS) assert.equal((await exportTo(client, signal, one(signal))).code, 0, signal);
  assert.equal(service.offered.length, 3 + SIGNALS.length);
});

test('once refusing, gRPC connections are asked to go elsewhere, and what runs on them is answered', async (t) => {
  const service = await startService(t);
  const open = session(t, service.receivers.grpcPort!);
  const running = callInTwo(open);
  await once(open, 'remoteSettings');
  // An answered call is proof that the head of the one before it has arrived.
  const before = callInTwo(open);
  before.end();
  assert.equal(await before.closed, 0);
  service.receivers.leave();
  assert.equal(open.closed, false);
  const gone = once(open, 'goaway');
  service.receivers.refuse();
  const [code] = (await gone) as [number];
  assert.equal(code, 0);
  running.end();
  assert.equal(await running.closed, 14);
  await once(open, 'close');
  assert.equal(service.offered.length, 1);
  const again = await exportTo(grpcClient(t, service), 'traces', one('traces'));
  assert.equal(again.code, 14, 'who comes anew is answered too');
});

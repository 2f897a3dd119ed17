import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectHttp2, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { connect } from 'node:net';
import { test, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { schema } from '../../../proto/schema.ts';
import { SIGNAL, SIGNALS } from '../../../proto/vocabulary/signals.ts';
import { one } from './samples.ts';
import { exportTo, grpcClient, startService, type GrpcAnswer, type Service } from './service.ts';

/** What grpc-status-details-bin says: seconds to wait, or null where it says nothing. */
function retrySeconds({ metadata }: GrpcAnswer): number | null {
  const bytes = metadata.get('grpc-status-details-bin')[0];
  if (bytes === undefined) return null;
  const Status = schema().lookupType('google.rpc.Status');
  const { details } = Status.toObject(Status.decode(bytes as Buffer)) as { details: { typeUrl: string; value: Buffer }[] };
  assert.equal(details[0]!.typeUrl, 'type.googleapis.com/google.rpc.RetryInfo');
  const RetryInfo = schema().lookupType('google.rpc.RetryInfo');
  const { retryDelay } = RetryInfo.toObject(RetryInfo.decode(details[0]!.value), { longs: Number }) as { retryDelay: { seconds: number } };
  return retryDelay.seconds;
}

test('each signal is taken, plain and gzipped, and answered with an empty message', async (t) => {
  const service = await startService(t);
  for (const options of [{}, { 'grpc.default_compression_algorithm': 2 }]) {
    const client = grpcClient(t, service, options);
    for (const signal of SIGNALS) {
      const answer = await exportTo(client, signal, one(signal));
      assert.deepEqual([answer.code, answer.body?.length], [0, 0], answer.details);
      const message = service.offered.pop()!;
      assert.deepEqual([message.signal, message.encoding, Buffer.from(message.body)], [signal, 'protobuf', one(signal)]);
    }
  }
});

test('an empty request succeeds and is not queued', async (t) => {
  const service = await startService(t);
  assert.equal((await exportTo(grpcClient(t, service), 'logs', Buffer.alloc(0))).code, 0);
  assert.equal(service.offered.length, 0);
});

const WRONG: readonly [what: string, body: Buffer, code: number][] = [
  ['random bytes', Buffer.from('d1e6f36a0b', 'hex'), 3],
  ['a request that is cut', one('traces').subarray(0, 20), 3],
  ['metrics for traces', one('metrics'), 3],
  ['JSON', Buffer.from('{"resourceSpans":[]}'), 3],
  ['a request over the limit', Buffer.alloc(100_001), 8],
];

for (const [what, body, code] of WRONG)
  test(`wrong: ${what}`, async (t) => {
    const service = await startService(t, { maxRequestBytes: 100_000 });
    const client = grpcClient(t, service);
    const answer = await exportTo(client, 'traces', body);
    assert.deepEqual([answer.code, retrySeconds(answer)], [code, null], answer.details);
    assert.equal(service.offered.length, 0);
    assert.equal((await exportTo(client, 'traces', one('traces'))).code, 0, 'it goes on');
  });

test('over the limit once inflated is over the limit', async (t) => {
  const service = await startService(t, { maxRequestBytes: 100_000 });
  const answer = await exportTo(grpcClient(t, service, { 'grpc.default_compression_algorithm': 2 }), 'traces', Buffer.alloc(5_000_000));
  assert.deepEqual([answer.code, retrySeconds(answer), service.offered.length], [8, null, 0]);
});

test('a full queue and a service that stops are UNAVAILABLE with advice to come back', async (t) => {
  const full = await startService(t, { answer: 'full' });
  const answer = await exportTo(grpcClient(t, full), 'traces', one('traces'));
  assert.deepEqual([answer.code, retrySeconds(answer), answer.details], [14, 1, 'The queue of traces is full: send this again later.']);
  const stopping = await startService(t);
  stopping.receivers.refuse();
  const told = await exportTo(grpcClient(t, stopping), 'traces', one('traces'));
  assert.deepEqual([told.code, retrySeconds(told), stopping.offered.length], [14, 5, 0]);
});

function session(t: TestContext, { receivers }: Service): ClientHttp2Session {
  const open = connectHttp2(`http://127.0.0.1:${receivers.grpcPort}`);
  open.on('error', () => {});
  t.after(() => open.destroy());
  return open;
}

function exportStream(open: ClientHttp2Session, headers: Record<string, string> = {}): ClientHttp2Stream {
  const path = `/${SIGNAL.traces.service}/Export`;
  const stream = open.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers', ...headers });
  return stream.on('error', () => {});
}

/** A call by hand: whatever bytes, said to be gzip. Gives the gRPC status, or null when the stream ended without one. */
async function callByHand(open: ClientHttp2Session, frame: Buffer): Promise<number | null> {
  const stream = exportStream(open, { 'grpc-encoding': 'gzip' });
  let code: number | null = null;
  const look = (headers: Record<string, unknown>) => {
    if (headers['grpc-status'] !== undefined) code = Number(headers['grpc-status']);
  };
  stream
    .on('response', look)
    .on('trailers', look)
    .on('error', () => {});
  stream.resume();
  stream.end(frame);
  await once(stream, 'close');
  return code;
}

const framed = (bytes: Buffer, compressed = 1): Buffer => {
  const head = Buffer.alloc(5);
  head[0] = compressed;
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
};

test('gzip that is none, or cut, fails the call and nothing else', async (t) => {
  const service = await startService(t);
  const open = session(t, service);
  const good = gzipSync(one('traces'));
  for (const bytes of [Buffer.from('no gzip at all'), good.subarray(0, 30), good.subarray(0, 3), Buffer.alloc(0)]) {
    assert.equal(await callByHand(open, framed(bytes)), 13);
    assert.equal(service.offered.length, 0);
  }
  assert.equal(await callByHand(open, framed(good)), 0, 'the same connection goes on');
  assert.equal(service.offered.length, 1);
});

test('what is no HTTP/2, and clients that go away, leave it running', async (t) => {
  const service = await startService(t);
  for (const bytes of [
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01',
    '',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff\xff',
  ]) {
    const socket = connect(service.receivers.grpcPort!, '127.0.0.1');
    socket.on('error', () => {});
    socket.resume();
    socket.end(Buffer.from(bytes, 'latin1'));
    await once(socket, 'close');
  }
  const open = session(t, service);
  const stream = open.request({
    ':method': 'POST',
    ':path': `/${SIGNAL.traces.service}/Export`,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  stream.on('error', () => {});
  stream.write(framed(one('traces'), 0).subarray(0, 20));
  await once(open, 'connect');
  open.destroy();
  assert.equal((await exportTo(grpcClient(t, service), 'traces', one('traces'))).code, 0);
  assert.equal(service.offered.length, 1);
});

test('close lets a call that has begun end, and tells its sender to come back', async (t) => {
  const service = await startService(t);
  const open = session(t, service);
  const stream = exportStream(open);
  const whole = framed(one('traces'), 0);
  const answered = new Promise<Record<string, unknown>>((resolve) => stream.once('response', resolve));
  stream.write(whole.subarray(0, 20));
  // An answer on the same connection says that the first half has arrived.
  assert.equal(await callByHand(open, framed(gzipSync(one('traces')))), 0);
  const goingAway = once(open, 'goaway');
  const closing = service.receivers.close(5000);
  await goingAway;
  stream.end(whole.subarray(20));
  assert.equal((await answered)['grpc-status'], '14');
  await closing;
  assert.equal(service.offered.length, 1);
});

test('close cuts a call off that does not end in time', async (t) => {
  const service = await startService(t);
  const open = session(t, service);
  const stream = exportStream(open);
  stream.write(framed(one('traces'), 0).subarray(0, 20));
  await once(open, 'connect');
  assert.equal(await callByHand(open, framed(gzipSync(one('traces')))), 0);
  const cut = once(stream, 'close');
  const startedAt = performance.now();
  await service.receivers.close(200);
  const tookMs = performance.now() - startedAt;
  assert.ok(tookMs >= 190 && tookMs < 3000, `${tookMs} ms`);
  await cut;
});

test('what could not be read is in the log', async (t) => {
  const service = await startService(t);
  await exportTo(grpcClient(t, service), 'logs', Buffer.from('x'));
  assert.match(service.lines[0]!.message, /^event=logs_export_error error=Not an Export request of logs: /);
});

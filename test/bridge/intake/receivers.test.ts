import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createBudget } from '../../../bridge/budget.ts';
import { startReceivers, type ReceiverOptions } from '../../../bridge/intake/receivers.ts';
import { one } from './samples.ts';
import { exportTo, grpcClient, post, startService } from './service.ts';

const OPTIONS: ReceiverOptions = {
  bindAddress: '127.0.0.1',
  grpc: null,
  http: null,
  maxRequestBytes: 1000,
  offer: () => 'accepted',
  budget: createBudget(2 ** 28),
  refused: () => {},
  log: () => {},
};

async function takenPort(t: TestContext): Promise<number> {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  t.after(() => holder.close());
  return (holder.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  holder.close();
  await once(holder, 'close');
  return port;
}

const accepts = async (port: number): Promise<boolean> => {
  const socket = connect(port, '127.0.0.1');
  const answer = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'error').then(() => false)]).catch(() => false);
  socket.destroy();
  return answer;
};

test('a transport that is off has no port', async (t) => {
  const grpcOnly = await startReceivers({ ...OPTIONS, grpc: { port: 0 } });
  const httpOnly = await startReceivers({ ...OPTIONS, http: { port: 0 } });
  t.after(() => Promise.all([grpcOnly.close(0), httpOnly.close(0)]));
  assert.ok(grpcOnly.grpcPort! > 0 && httpOnly.httpPort! > 0);
  assert.deepEqual([grpcOnly.httpPort, httpOnly.grpcPort], [null, null]);
});

test('a port that is taken is the system error, with what wanted it; neither port stays open', async (t) => {
  const taken = await takenPort(t);
  const other = await freePort();
  for (const [receiver, options] of [
    ['grpc', { grpc: { port: taken }, http: { port: other } }],
    ['http', { grpc: { port: other }, http: { port: taken } }],
  ] as const) {
    await assert.rejects(startReceivers({ ...OPTIONS, ...options }), (error: NodeJS.ErrnoException) => {
      assert.deepEqual({ code: error.code, ...pick(error) }, { code: 'EADDRINUSE', receiver, host: '127.0.0.1', port: taken });
      return true;
    });
    assert.equal(await accepts(other), false, `${receiver}: the other port is closed again`);
  }
});

const pick = (error: object) => {
  const { receiver, host, port } = error as { receiver: string; host: string; port: number };
  return { receiver, host, port };
};

test('an address of another machine is the system error', async () => {
  await assert.rejects(startReceivers({ ...OPTIONS, bindAddress: '192.0.2.1', http: { port: 0 } }), {
    code: 'EADDRNOTAVAIL',
    receiver: 'http',
    host: '192.0.2.1',
  });
});

test('close ends both ports, with clients still connected', async (t) => {
  const service = await startService(t);
  const client = grpcClient(t, service);
  await exportTo(client, 'traces', one('traces'));
  await post(service, 'traces', one('traces'), 'application/x-protobuf', { connection: 'keep-alive' });
  const idle = connect(service.receivers.httpPort!, '127.0.0.1');
  const silent = connect(service.receivers.grpcPort!, '127.0.0.1');
  for (const socket of [idle, silent]) socket.on('error', () => {});
  await Promise.all([once(idle, 'connect'), once(silent, 'connect')]);
  const startedAt = performance.now();
  await service.receivers.close(300);
  assert.ok(performance.now() - startedAt < 2000);
  assert.deepEqual([await accepts(service.receivers.grpcPort!), await accepts(service.receivers.httpPort!)], [false, false]);
  await service.receivers.close(0);
});

test('the same ports open again at once', async (t) => {
  const first = await startReceivers({ ...OPTIONS, grpc: { port: 0 }, http: { port: 0 } });
  await first.close(100);
  const second = await startReceivers({ ...OPTIONS, grpc: { port: first.grpcPort! }, http: { port: first.httpPort! } });
  t.after(() => second.close(0));
  assert.deepEqual([second.grpcPort, second.httpPort], [first.grpcPort, first.httpPort]);
});

test('nothing of receivers that are closed is kept', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const closed = async (): Promise<WeakRef<object>> => {
    const held = { offer: () => 'accepted' as const, refused: () => {} };
    const receivers = await startReceivers({
      ...OPTIONS,
      grpc: { port: 0 },
      http: { port: 0 },
      offer: () => held.offer(),
      refused: () => held.refused(),
    });
    receivers.refuse();
    await receivers.close(0);
    return new WeakRef(held);
  };
  const kept = await closed();
  for (let turn = 0; turn < 20 && kept.deref() !== undefined; turn++) {
    await new Promise((next) => setImmediate(next));
    collectGarbage();
  }
  assert.equal(kept.deref(), undefined);
});

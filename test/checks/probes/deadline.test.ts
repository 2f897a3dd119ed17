import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { deadline } from '../../../checks/probes/deadline.ts';

test('calls once the time is up', async () => {
  const began = performance.now();
  await new Promise<void>((late) => deadline(30, late));
  assert.ok(performance.now() - began >= 29);
});

test('called off, it never calls', async () => {
  let called = false;
  deadline(5, () => (called = true))();
  await new Promise<void>((late) => deadline(40, late));
  assert.equal(called, false);
});

test('an answer that came while this process could not run is read before the deadline is believed', async (t) => {
  const server = createServer((socket) => socket.on('data', () => socket.write('answer'))).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  const said = new Promise((resolve) => {
    const callOff = deadline(50, () => resolve('late'));
    socket.on('data', () => (callOff(), resolve('answer')));
    socket.write('question');
  });
  const blockedUntil = performance.now() + 300;
  while (performance.now() < blockedUntil);
  assert.equal(await said, 'answer');
});

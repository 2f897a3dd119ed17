import { test } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { createServer as createHttp } from 'node:http';
import { openHttp } from '../../../checks/probes/ask.ts';
import { lookAtHttp } from '../../../checks/probes/receivers.ts';
import { fullBacklog } from '../../doubles/full-backlog.ts';
import { listen } from '../../doubles/listen.ts';

const limits = (deadlineMs = 1000) => ({ deadlineMs, signal: new AbortController().signal, count: () => undefined });

for (const host of ['127.0.0.1', '::1'])
  test(`localhost is ${host} too, whatever the hosts file says`, async () => {
    const receiver = await listen(
      createServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 405 Method Not Allowed\r\n\r\n'))),
      host,
    );
    const answer = await lookAtHttp({ host: 'localhost', port: receiver.port }, limits());
    await receiver.close();
    assert.equal('value' in answer && answer.value.status, 405);

    const rest = await listen(
      createHttp((_request, response) => response.end('{}')),
      host,
    );
    const http = openHttp();
    const reply = await http.ask({ url: new URL(`http://localhost:${rest.port}/`) }, limits());
    http.close();
    await rest.close();
    assert.equal('value' in reply && reply.value.text, '{}');
  });

test('a connect that goes nowhere was past the name', async () => {
  const nowhere = await fullBacklog();
  const answer = await lookAtHttp({ host: 'localhost', port: nowhere.port }, limits(100));
  await nowhere.close();
  assert.ok('failure' in answer);
  assert.deepEqual([answer.failure, answer.stage], ['timeout', 'connect']);
});

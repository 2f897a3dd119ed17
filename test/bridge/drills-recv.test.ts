import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { ask, oneSpan, sendTraces, until } from './bridge-fixture.ts';
import { accepts, exercise } from './drills-fixture.ts';
import { makeCertificate } from './intake/certificates.ts';

const gzipped = (port: number) =>
  ask(`http://127.0.0.1:${port}/v1/traces`, {
    method: 'POST',
    body: gzipSync(oneSpan()),
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
  });

const speaksTls = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(
      { port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['h2'] },
      () => (socket.destroy(), done(true)),
    );
    socket.on('error', () => done(false));
  });

test('recv:closed closes both ports; counters go on where they were', async (t) => {
  const { drill, end, metrics, ports, status } = await exercise(t);
  assert.deepEqual(await sendTraces(ports.http, 2), [200, 200]);
  await drill('recv:closed');
  assert.deepEqual([await accepts(ports.grpc), await accepts(ports.http)], [false, false]);
  assert.equal((await status()).tasks[0]?.state, 'RUNNING');
  await end();
  assert.deepEqual(await sendTraces(ports.http, 1), [200]);
  assert.equal(await accepts(ports.grpc), true);
  const { counters } = (await metrics('/metrics.json')).json as { counters: Record<string, number> };
  assert.equal(counters['TracesReceived'], 3);
});

test('recv:hang takes requests and hangs up on them when it ends', async (t) => {
  const { drill, end, ports } = await exercise(t);
  await drill('recv:hang');
  assert.deepEqual([await accepts(ports.grpc), await accepts(ports.http)], [true, true]);
  const asked = assert.rejects(ask(`http://127.0.0.1:${ports.http}/v1/traces`), /socket hang up|ECONNRESET/);
  await end();
  await asked;
  assert.equal((await ask(`http://127.0.0.1:${ports.http}/v1/traces`)).status, 405);
});

test('recv:nogzip refuses gzip and takes the rest', async (t) => {
  const { drill, end, ports } = await exercise(t);
  assert.equal((await gzipped(ports.http)).status, 200);
  await drill('recv:nogzip');
  assert.equal((await gzipped(ports.http)).status, 400);
  assert.deepEqual(await sendTraces(ports.http, 1), [200]);
  await end();
  assert.equal((await gzipped(ports.http)).status, 200);
});

test('recv:plaintext serves plaintext where TLS is configured; afterwards the task fails for want of a certificate', async (t) => {
  const { drill, end, rest, status, bridge } = await exercise(t);
  const configure = (enabled: string) => rest('/connectors/otlp-source/config', { method: 'PATCH', body: { 'otlp.tls.enabled': enabled } });
  await configure('true');
  assert.equal((await status()).tasks[0]?.state, 'FAILED');
  await drill('recv:plaintext');
  await rest('/connectors/otlp-source/tasks/0/restart', { method: 'POST' });
  assert.equal((await status()).tasks[0]?.state, 'RUNNING');
  assert.deepEqual(await sendTraces(bridge.worker.find('otlp-source')!.task!.ports.http!, 1), [200]);
  await end();
  assert.match((await status()).tasks[0]?.trace ?? '', /otlp\.tls\.cert\.path: no file is given/);
});

test('recv:plaintext takes the place of TLS that is served, and gives it back', async (t) => {
  const { certFile, keyFile } = makeCertificate('drilled');
  const { drill, end, ports, status } = await exercise(t, {
    'otlp.tls.enabled': 'true',
    'otlp.tls.cert.path': certFile,
    'otlp.tls.key.path': keyFile,
  });
  assert.equal(await speaksTls(ports.http), true);
  await drill('recv:plaintext');
  assert.deepEqual(await sendTraces(ports.http, 1), [200]);
  assert.equal(await speaksTls(ports.http), false);
  await end();
  assert.deepEqual([await speaksTls(ports.http), await speaksTls(ports.grpc)], [true, true]);
  assert.equal((await status()).tasks[0]?.state, 'RUNNING');
});

test('a task that starts while a drill holds its ports opens them when the drill ends', async (t) => {
  const { drill, end, rest, bridge } = await exercise(t);
  await drill('recv:closed');
  await rest('/connectors/otlp-source/tasks/0/restart', { method: 'POST' });
  const { http } = bridge.worker.find('otlp-source')!.task!.ports;
  assert.ok(http !== null);
  assert.equal(await accepts(http), false);
  await end();
  assert.equal(await accepts(http), true);
});

test('a port that somebody took during the drill makes the task FAILED, as it would after any restart', async (t) => {
  const { rest, drill, end, status, ports, lines } = await exercise(t);
  await rest('/connectors/otlp-source/config', {
    method: 'PATCH',
    body: { 'otlp.grpc.port': String(ports.grpc), 'otlp.http.port': String(ports.http) },
  });
  await drill('recv:closed');
  const guest = createServer().listen(ports.http, '127.0.0.1');
  t.after(() => guest.close());
  await once(guest, 'listening');
  await end();
  await until('the task to fail', async () => (await status()).tasks[0]?.state === 'FAILED');
  assert.match((await status()).tasks[0]?.trace ?? '', /Address already in use/);
  assert.ok(lines.some(({ message }) => message.includes('cannot have its ports back')));
});

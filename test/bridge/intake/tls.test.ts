import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectHttp2, type IncomingHttpHeaders } from 'node:http2';
import { request } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { Client, credentials } from '@grpc/grpc-js';
import { openCertificate } from '../../../bridge/intake/certificate.ts';
import { readTlsFiles, type TlsPaths } from '../../../bridge/intake/tls-files.ts';
import { SIGNAL } from '../../../proto/vocabulary/signals.ts';
import { folder, until } from '../bridge-fixture.ts';
import { makeCertificate, type Pem } from './certificates.ts';
import { one } from './samples.ts';
import { exportTo, startService, type Service } from './service.ts';

const FIRST = makeCertificate('first');
const SECOND = makeCertificate('second');
const TYPE = { 'content-type': 'application/x-protobuf' };

/** Copies that a test may change. */
function filesOf(pem: Pem): TlsPaths & { cert: string; key: string } {
  const directory = folder();
  const files = { cert: join(directory, 'c.pem'), key: join(directory, 'k.pem'), clientCa: null };
  replace(files, pem);
  return files;
}

function replace({ cert, key }: { cert: string; key: string }, pem: Pem): void {
  copyFileSync(pem.certFile, cert);
  copyFileSync(pem.keyFile, key);
}

function overHttp1({ receivers }: Service, options: ConnectionOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const at = { host: '127.0.0.1', port: receivers.httpPort!, path: SIGNAL.traces.path, method: 'POST', headers: TYPE, agent: false };
    const asked = request({ ...at, ...options }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode!));
    });
    asked.on('error', reject).end(one('traces'));
  });
}

async function overHttp2({ receivers }: Service, options: ConnectionOptions): Promise<number> {
  const session = connectHttp2(`https://127.0.0.1:${receivers.httpPort}`, options);
  const stream = session.request({ ':method': 'POST', ':path': SIGNAL.traces.path, ...TYPE });
  stream.end(one('traces'));
  const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders];
  stream.resume();
  await once(stream, 'close');
  session.destroy();
  return Number(headers[':status']);
}

function overGrpc(t: TestContext, { receivers }: Service, ca: string, own?: Pem): Client {
  const secure = credentials.createSsl(Buffer.from(ca), own ? Buffer.from(own.key) : null, own ? Buffer.from(own.cert) : null);
  const client = new Client(`127.0.0.1:${receivers.grpcPort}`, secure, { 'grpc.use_local_subchannel_pool': 1 });
  t.after(() => client.close());
  return client;
}

/** Common name of who a port shows itself as now. */
async function shownBy(port: number): Promise<string> {
  const socket: TLSSocket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['h2'] });
  await once(socket, 'secureConnect');
  const name = socket.getPeerCertificate().subject.CN;
  socket.destroy();
  return String(name);
}

test('both receivers serve TLS: gRPC, and HTTP/1.1 and HTTP/2 by ALPN', async (t) => {
  const service = await startService(t, { tls: filesOf(FIRST) });
  assert.equal(await overHttp1(service, { ca: FIRST.cert }), 200);
  assert.equal(await overHttp2(service, { ca: FIRST.cert }), 200);
  assert.equal((await exportTo(overGrpc(t, service, FIRST.cert), 'traces', one('traces'))).code, 0);
  assert.equal(service.offered.length, 3);
  assert.equal((await exportTo(overGrpc(t, service, SECOND.cert), 'traces', one('traces'), 500)).code, 14, 'who trusts another');
});

test('plaintext and old TLS are not served there, and what breaks the handshake ends alone', async (t) => {
  const service = await startService(t, { tls: filesOf(FIRST) });
  for (const port of [service.receivers.httpPort!, service.receivers.grpcPort!]) {
    const plain = connectPlain(port, '127.0.0.1');
    plain.on('error', () => {}).resume();
    plain.write('POST /v1/traces HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(plain, 'close');
    const old = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' });
    await once(old, 'error');
  }
  assert.equal(await overHttp1(service, { ca: FIRST.cert }), 200);
  assert.equal(service.offered.length, 1);
});

test('new files are served without a port closing, over a connection that stays too; broken ones are named and change nothing', async (t) => {
  const files = filesOf(FIRST);
  const service = await startService(t, { tls: files, tlsLookEveryMs: 20 });
  const ports = [service.receivers.httpPort!, service.receivers.grpcPort!];
  const names = () => Promise.all(ports.map(shownBy));
  const kept = overGrpc(t, service, FIRST.cert);
  assert.equal((await exportTo(kept, 'traces', one('traces'))).code, 0);
  assert.deepEqual(await names(), ['first', 'first']);

  replace(files, SECOND);
  await until('the second is shown', async () => (await names()).join() === 'second,second');
  assert.match(service.lines.at(-1)!.message, /^TLS uses the new certificate in \S+c\.pem for CN=second, valid until 20/);
  assert.equal((await exportTo(kept, 'traces', one('traces'))).code, 0, 'an open connection goes on');

  const warnings = () => service.lines.filter(({ level }) => level === 'WARN').map(({ message }) => message);
  for (const [what, change, warning] of [
    ['garbage', () => writeFileSync(files.cert, 'x'), `${files.cert} holds no certificate in PEM form`],
    ['another key', () => copyFileSync(FIRST.certFile, files.cert), `${files.key} is not the key of the certificate in ${files.cert}`],
    ['no file', () => rmSync(files.cert), `${files.cert} does not exist`],
  ] as const) {
    const before = warnings().length;
    change();
    await until(what, () => warnings().length > before);
    assert.ok(warnings().at(-1)!.startsWith('TLS goes on with the certificate it has: otlp.tls.'), what);
    assert.ok(warnings().at(-1)!.endsWith(warning), `${what}: ${warnings().at(-1)}`);
    assert.deepEqual(await names(), ['second', 'second']);
  }
  replace(files, FIRST);
  await until('the first is back', async () => (await names()).join() === 'first,first');
});

test('client certificates are asked for and required where an authority is named', async (t) => {
  const authority = makeCertificate('authority');
  const known = makeCertificate('sender', authority);
  const service = await startService(t, { tls: { ...filesOf(FIRST), clientCa: authority.certFile } });
  const own = { cert: known.cert, key: known.key };
  assert.equal(await overHttp1(service, { ca: FIRST.cert, ...own }), 200);
  assert.equal(await overHttp2(service, { ca: FIRST.cert, ...own }), 200);
  assert.equal((await exportTo(overGrpc(t, service, FIRST.cert, known), 'traces', one('traces'))).code, 0);
  await assert.rejects(overHttp1(service, { ca: FIRST.cert }));
  await assert.rejects(overHttp1(service, { ca: FIRST.cert, cert: SECOND.cert, key: SECOND.key }));
  assert.equal((await exportTo(overGrpc(t, service, FIRST.cert), 'traces', one('traces'), 500)).code, 14);
  assert.equal((await exportTo(overGrpc(t, service, FIRST.cert, SECOND), 'traces', one('traces'), 500)).code, 14);
  assert.equal(service.offered.length, 3);
});

test('files that TLS cannot be served with are told apart, each with its key', async () => {
  const files = filesOf(FIRST);
  const odd = join(folder(), 'odd.pem');
  writeFileSync(odd, '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n');
  for (const [paths, message] of [
    [{ ...files, cert: null }, 'otlp.tls.cert.path: no file is given, and TLS needs one'],
    [{ ...files, key: null }, 'otlp.tls.key.path: no file is given, and TLS needs one'],
    [{ ...files, cert: '/nowhere/c.pem' }, 'otlp.tls.cert.path: /nowhere/c.pem does not exist'],
    [{ ...files, cert: '/' }, 'otlp.tls.cert.path: / is a folder'],
    [{ ...files, cert: FIRST.keyFile }, `otlp.tls.cert.path: ${FIRST.keyFile} holds no certificate in PEM form`],
    [{ ...files, key: FIRST.certFile }, `otlp.tls.key.path: ${FIRST.certFile} holds no private key in PEM form`],
    [{ ...files, key: odd }, `otlp.tls.key.path: ${odd} is encrypted, and there is no key for its passphrase`],
    [{ ...files, key: SECOND.keyFile }, `otlp.tls.key.path: ${SECOND.keyFile} is not the key of the certificate in ${files.cert}`],
    [{ ...files, clientCa: odd }, `bridge.tls.client.ca.path: ${odd} holds no certificate in PEM form`],
  ] as const)
    await assert.rejects(readTlsFiles(paths), { message });
  await assert.rejects(openCertificate({ paths: { ...files, key: null }, log: () => {} }));
});

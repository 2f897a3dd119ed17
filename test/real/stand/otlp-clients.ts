import { once } from 'node:events';
import { connect } from 'node:net';
import { Client, credentials } from '@grpc/grpc-js';
import { SIGNAL } from '../../../proto/vocabulary/signals.ts';
import type { Signal } from '../../../proto/vocabulary/signals.ts';

export type HttpAnswer = { status: number; contentType: string | null; body: string };

/** One request to the HTTP receiver; a POST of these bytes unless `method` says otherwise. */
export async function overHttp(
  port: number,
  path: string,
  body: Buffer | string = '',
  headers: Record<string, string> = {},
  method = 'POST',
): Promise<HttpAnswer> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers,
    ...(method === 'GET' ? {} : { body: Buffer.from(body) }),
  });
  return { status: answer.status, contentType: answer.headers.get('content-type'), body: await answer.text() };
}

/** What a server writes back to these bytes until it has been silent for a moment or hung up. */
export async function raw(port: number, request: string, silentMs = 300): Promise<string> {
  const socket = connect(port, '127.0.0.1').setTimeout(silentMs);
  let said = '';
  socket.on('data', (bytes: Buffer) => (said += bytes.toString('latin1')));
  socket.on('timeout', () => socket.destroy());
  socket.write(request);
  await once(socket, 'close');
  return said;
}

/** Sends the same Export request `count` times over one gRPC connection, all at once; returns how often each status code came back. */
export async function overGrpc(port: number, signal: Signal, body: Buffer, count = 1): Promise<Record<number, number>> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), { 'grpc.enable_http_proxy': 0 });
  const same = (bytes: Buffer): Buffer => bytes;
  const method = `/${SIGNAL[signal].service}/Export`;
  const one = (): Promise<number> =>
    new Promise((done) => client.makeUnaryRequest(method, same, same, body, (error) => done(error === null ? 0 : error.code)));
  const codes = await Promise.all(Array.from({ length: count }, one));
  client.close();
  return codes.reduce<Record<number, number>>((seen, code) => ({ ...seen, [code]: (seen[code] ?? 0) + 1 }), {});
}

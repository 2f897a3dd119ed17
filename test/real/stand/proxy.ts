import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { CERTIFICATE, CERTIFICATE_KEY } from '../../doubles/certificate.ts';

/** What stands between a client and a port. */
export type ProxyMode =
  | { mode: 'pass' }
  /** takes everything, passes nothing on, says nothing */
  | { mode: 'hang' }
  /** in each direction of each connection */
  | { mode: 'slow'; bytesPerSecond: number }
  /** ends an HTTP answer after so many bytes of its body */
  | { mode: 'cut'; bodyBytes: number }
  /** says these bytes to whatever comes, then hangs up */
  | { mode: 'answer'; bytes: string }
  /** speaks TLS to the client and plainly to the port */
  | { mode: 'tls' };

/** `set`: how connections that come from now on are treated. */
export type Proxy = { port: number; set(mode: ProxyMode): void; close(): Promise<void> };

const TICK_MS = 50;

/** A TCP proxy on a free port of 127.0.0.1 before `to`. */
export async function proxy(to: { port: number; host?: string }, first: ProxyMode): Promise<Proxy> {
  let current = first;
  const open = new Set<Socket>();
  const hold = (socket: Socket): Socket => {
    open.add(socket);
    return socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket));
  };
  const onConnection = (client: Socket): void => {
    const mode = current;
    hold(client);
    if (mode.mode === 'hang') return void client.resume();
    if (mode.mode === 'answer') return void client.once('data', () => client.end(mode.bytes));
    const server = hold(connect({ host: to.host ?? '127.0.0.1', port: to.port }));
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
    relay(client, server, mode);
    if (mode.mode === 'cut') server.on('data', cutting(client, mode.bodyBytes));
    else relay(server, client, mode);
  };
  const server =
    first.mode === 'tls' ? createTlsServer({ key: CERTIFICATE_KEY, cert: CERTIFICATE }, onConnection) : createServer(onConnection);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    set: (next) => void (current = next),
    close: async () => {
      const closed = once(server.close(), 'close');
      open.forEach((socket) => socket.destroy());
      await closed;
    },
  };
}

function relay(from: Socket, to: Socket, mode: ProxyMode): void {
  if (mode.mode === 'slow') from.on('data', slowly(from, to, mode.bytesPerSecond));
  else from.pipe(to);
}

/** Writes each chunk in small pieces, one a tick, and reads on only when it is through. */
const slowly = (from: Socket, to: Socket, bytesPerSecond: number) => (chunk: Buffer) => {
  const size = Math.max(1, Math.round((bytesPerSecond * TICK_MS) / 1000));
  from.pause();
  const next = (at: number): void => {
    if (to.destroyed) return;
    if (at >= chunk.length) return void from.resume();
    to.write(chunk.subarray(at, at + size));
    setTimeout(next, TICK_MS, at + size);
  };
  next(0);
};

function cutting(client: Socket, bodyBytes: number): (chunk: Buffer) => void {
  let said = Buffer.alloc(0);
  return (chunk) => {
    const before = said.length;
    said = Buffer.concat([said, chunk]);
    const headers = said.indexOf('\r\n\r\n');
    const end = headers < 0 ? said.length : Math.min(said.length, headers + 4 + bodyBytes);
    client.write(said.subarray(before, end));
    if (headers >= 0 && said.length >= headers + 4 + bodyBytes) client.end();
  };
}

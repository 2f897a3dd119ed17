import type { AddressInfo, Server, Socket } from 'node:net';

/** A real server on loopback that misbehaves in one way. `close` ends every connection; `connections` counts those accepted so far. */
export type Double = { port: number; connections(): number; close(): Promise<void> };

/** Starts a server on a free port of 127.0.0.1. Works for node:net, tls, http and http2 servers alike: they are all net servers. */
export async function listen(server: Server, host = '127.0.0.1'): Promise<Double> {
  const open = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections++;
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        open.forEach((socket) => socket.destroy());
      }),
  };
}

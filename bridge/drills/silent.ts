import { createServer, type Server, type Socket } from 'node:net';
import type { ReceiverOptions } from '../intake/receivers.ts';
import type { Stand } from './receiver-gate.ts';

const listening = (server: Server, host: string, port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve(server);
    });
  });

/** Takes connections and whatever is sent on the receivers' ports, and answers nothing. */
export async function openSilent({ bindAddress, grpc, http }: ReceiverOptions): Promise<Stand> {
  const sockets = new Set<Socket>();
  const take = (socket: Socket) => {
    sockets.add(socket);
    socket
      .on('error', () => socket.destroy())
      .on('close', () => sockets.delete(socket))
      .resume();
  };
  const servers = [grpc, http].flatMap((receiver) => (receiver ? [{ server: createServer(take), port: receiver.port }] : []));
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all(servers.map(({ server }) => new Promise((closed) => server.close(closed))));
  };
  try {
    await Promise.all(servers.map(({ server, port }) => listening(server, bindAddress, port)));
  } catch (error) {
    await close();
    throw error;
  }
  return { leave: () => {}, refuse: () => {}, close };
}

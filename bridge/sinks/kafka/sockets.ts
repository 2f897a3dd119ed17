import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { ISocketFactoryArgs } from 'kafkajs';
import type { BrokerAddress } from '../../settings/kafka.ts';

/** Notices a broker whose machine vanished without a word. */
const KEEP_ALIVE_MS = 30_000;

export type Sockets = {
  /** what kafkajs opens its connections with */
  open(wanted: ISocketFactoryArgs): Socket;
  /** addresses by which kafkajs knows the bootstrap servers */
  bootstrap: readonly string[];
  /** `host:port` of a connection that failed and was not one of the bootstrap servers, since one of these was last connected to */
  lostAdvertised(): string | null;
  /** bytes that came or that the system has taken, over all connections: it changes while a peer is alive */
  progress(): number;
  /** ends every connection, and with an error all that waits for them */
  destroy(): void;
};

/** kafkajs cuts `host:port` at its first colon, which no IPv6 address survives: such servers get a name that stands for them. */
const nameFor = ({ host, port }: BrokerAddress, at: number): string =>
  isIP(host) === 6 ? `bootstrap-${at}.invalid:${port}` : `${host}:${port}`;
const shown = (host: string, port: number) => (isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`);

export function createSockets(servers: readonly BrokerAddress[]): Sockets {
  const open = new Set<Socket>();
  let before = 0;
  let lost: string | null = null;
  const bootstrap = servers.map(nameFor);

  const addressOf = ({ host, port }: ISocketFactoryArgs) => {
    const at = bootstrap.indexOf(`${host}:${port}`);
    return at < 0 ? { host, port, isBootstrap: false } : { ...servers[at]!, isBootstrap: true };
  };

  return {
    bootstrap,
    open(wanted) {
      const { host, port, isBootstrap } = addressOf(wanted);
      const secure = wanted.ssl as ConnectionOptions | undefined;
      let isConnected = false;
      const connected = () => {
        isConnected = true;
        if (isBootstrap) lost = null;
        wanted.onConnect();
      };
      const socket = secure
        ? connectTls({ host, port, ...(isIP(host) > 0 ? {} : { servername: host }), ...secure }, connected)
        : connectPlain({ host, port }, connected);
      socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS);
      open.add(socket);
      socket.once('close', () => {
        open.delete(socket);
        before += bytesOf(socket);
        if (!isConnected && !isBootstrap) lost = shown(host, port);
      });
      return socket;
    },
    lostAdvertised: () => lost,
    progress: () => [...open].reduce((sum, socket) => sum + bytesOf(socket), before),
    destroy() {
      for (const socket of open) socket.destroy(new Error('given up'));
    },
  };
}

const bytesOf = (socket: Socket): number => socket.bytesRead + socket.bytesWritten - socket.writableLength;

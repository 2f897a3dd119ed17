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
  /** whether this `host:port` was ever connected to */
  hasReached(address: string): boolean;
  /** ends every connection, and with an error all that waits for them; none is opened afterwards */
  destroy(): void;
  isDestroyed(): boolean;
};

/** kafkajs cuts `host:port` at its first colon, which no IPv6 address survives: such servers get a name that stands for them. */
const nameFor = ({ host, port }: BrokerAddress, at: number): string =>
  isIP(host) === 6 ? `bootstrap-${at}.invalid:${port}` : `${host}:${port}`;

export function createSockets(servers: readonly BrokerAddress[]): Sockets {
  const open = new Set<Socket>();
  const reached = new Set<string>();
  let isDestroyed = false;
  const bootstrap = servers.map(nameFor);

  const placeOf = ({ host, port }: ISocketFactoryArgs): BrokerAddress => servers[bootstrap.indexOf(`${host}:${port}`)] ?? { host, port };

  return {
    bootstrap,
    open(wanted) {
      const { host, port } = placeOf(wanted);
      const secure = wanted.ssl as ConnectionOptions | undefined;
      const connected = () => {
        reached.add(`${wanted.host}:${wanted.port}`);
        wanted.onConnect();
      };
      const socket = secure
        ? connectTls({ host, port, ...(isIP(host) > 0 ? {} : { servername: host }), ...secure }, connected)
        : connectPlain({ host, port }, connected);
      socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS);
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      if (isDestroyed) socket.destroy(new Error('given up'));
      return socket;
    },
    hasReached: (address) => reached.has(address),
    destroy() {
      isDestroyed = true;
      for (const socket of open) socket.destroy(new Error('given up'));
    },
    isDestroyed: () => isDestroyed,
  };
}

import { freePorts } from '../stand/ports.ts';
import { proxy } from '../stand/proxy.ts';
import type { Proxy, ProxyMode } from '../stand/proxy.ts';
import type { Properties } from '../stand/settings.ts';
import type { StandOptions } from '../stand/stand.ts';
import type { CleanUps } from './clean-ups.ts';

/** A broker with a second listener that it advertises at a proxy: `address` is that; who asks its own port asks it directly. */
export async function behindProxy(
  owner: Pick<CleanUps, 'after'>,
  mode: ProxyMode,
): Promise<{ way: Proxy; address: string; stand: Partial<StandOptions> }> {
  const [kafkaPort, clients] = (await freePorts(2)) as [number, number];
  const way = await proxy({ port: clients }, mode);
  owner.after(() => way.close());
  const address = `127.0.0.1:${way.port}`;
  return {
    way,
    address,
    stand: {
      kafkaPort,
      broker: (controllerPort) => advertisedAt(address, { kafkaPort, clients, controllerPort }),
    },
  };
}

/** Settings of a broker that listens at `clients` too, and sends whoever comes there to `address`. */
export const advertisedAt = (address: string, ports: { kafkaPort: number; clients: number; controllerPort: number }): Properties => ({
  listeners: `PLAINTEXT://127.0.0.1:${ports.kafkaPort},WAY://127.0.0.1:${ports.clients},CONTROLLER://127.0.0.1:${ports.controllerPort}`,
  'advertised.listeners': `PLAINTEXT://127.0.0.1:${ports.kafkaPort},WAY://${address}`,
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,WAY:PLAINTEXT,CONTROLLER:PLAINTEXT',
  'inter.broker.listener.name': 'PLAINTEXT',
});

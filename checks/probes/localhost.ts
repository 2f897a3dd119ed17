import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import type { Stage } from '../facts/index.ts';
import { isLoopback } from '../address.ts';
import type { Look } from './probe.ts';

const BOTH = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

const bothLoopbacks: LookupFunction = (_host, { all }, found) => (all === true ? found(null, BOTH) : found(null, '127.0.0.1', 4));

const isLocalhost = (host: string): boolean => /^localhost\.?$/i.test(host);

/** For a socket's options: `localhost` is both loopback addresses, whatever the hosts file has of it. Source: RFC 6761, 6.3. */
export const lookupOf = (host: string): { lookup?: LookupFunction } => (isLocalhost(host) ? { lookup: bothLoopbacks } : {});

/** Where a look at a host begins: an address, and `localhost`, have no name to be asked for. */
export const firstStage = (host: string): Stage => (isIP(host) > 0 || isLocalhost(host) ? 'connect' : 'name');

/** Addresses are compared; a name is resolved first. One that does not resolve is not ours. */
export async function isThisMachine(host: string, { localAddresses }: Pick<Look, 'localAddresses'>): Promise<boolean> {
  const isOurs = (address: string): boolean => isLoopback(address) || localAddresses.includes(address);
  if (isOurs(host)) return true;
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.some(({ address }) => isOurs(address));
}

import { isIP, type LookupFunction } from 'node:net';
import type { Stage } from '../facts/index.ts';

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

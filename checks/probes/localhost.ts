import type { LookupFunction } from 'node:net';

const BOTH = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

const bothLoopbacks: LookupFunction = (_host, { all }, found) => (all === true ? found(null, BOTH) : found(null, '127.0.0.1', 4));

/** For a socket's options: `localhost` is both loopback addresses, whatever the hosts file has of it. Source: RFC 6761, 6.3. */
export const lookupOf = (host: string): { lookup?: LookupFunction } => (/^localhost\.?$/i.test(host) ? { lookup: bothLoopbacks } : {});

import type { Address } from './facts/index.ts';

/** Hosts and ports, written and compared: the one place that knows about brackets, loopback and wildcards. Pure. */

const unbracketed = (host: string): string => host.replace(/^\[(.*)\]$/, '$1');

const plain = (host: string): string => {
  const bare = unbracketed(host.toLowerCase());
  const mapped = bare.startsWith('::ffff:') ? bare.slice(7) : bare;
  return mapped === 'localhost' || mapped === '::1' ? '127.0.0.1' : mapped;
};

export const isLoopback = (host: string): boolean => /^127(\.\d{1,3}){3}$/.test(plain(host));
export const isWildcard = (host: string): boolean => ['0.0.0.0', '::', '*', ''].includes(unbracketed(host));

/** One and the same address, however it is written; `localhost` is 127.0.0.1 and ::1, no other loopback address. */
export const sameHost = (a: string, b: string): boolean => plain(a) === plain(b);

/** True when the host is this machine, as far as its own addresses tell. */
export const isLocal = (host: string, localAddresses: readonly string[]): boolean =>
  isLoopback(host) || localAddresses.some((address) => sameHost(address, host));

/** A host as it stands in a URL. */
export const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** `127.0.0.1:4317`, `[::1]:4317`. */
export const joinAddress = ({ host, port }: Address): string => `${bracketed(host)}:${port}`;

/** `host:port`, IPv6 with or without brackets, as a worker_id is written; nothing when it is no such thing. */
export function splitAddress(text: string): Address | undefined {
  const found = /^(.*):(\d{1,5})$/.exec(text);
  if (found === null) return undefined;
  const [host, port] = [unbracketed(found[1]!), Number(found[2])];
  return host === '' || port < 1 || port > 65535 ? undefined : { host, port };
}

/** Host of a URL as the system wants it: an IPv6 address without brackets. */
export const hostOf = (url: URL): string => unbracketed(url.hostname);

/** HOST:PORT in a service URL of JMX: of its registry, where it has one. */
export const jmxPlace = (url: string): string | undefined =>
  /\/jndi\/rmi:\/\/([^/]+)\//.exec(url)?.[1] ?? /^service:jmx:[\w+-]+:\/\/([^/]+)/.exec(url)?.[1];

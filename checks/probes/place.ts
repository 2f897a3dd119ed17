import type { Address } from '../facts/index.ts';

/** Host of a URL as the system wants it: an IPv6 address without brackets. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1');

/** `127.0.0.1:4317`, `[::1]:4317`. */
export const hostPort = ({ host, port }: Address): string => `${bracketed(host)}:${port}`;

/** A host as it stands in a URL. */
export const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** A worker_id (`host:port`, IPv6 with or without brackets) as an address, or nothing when it is no such thing. */
export function addressOf(workerId: string): Address | undefined {
  const match = /^(.*):(\d{1,5})$/.exec(workerId);
  if (match === null) return undefined;
  const [host, port] = [match[1]!.replace(/^\[(.*)\]$/, '$1'), Number(match[2])];
  return host === '' || port < 1 || port > 65535 ? undefined : { host, port };
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/i;

export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

/** Whether two names of a host are surely the same one; `localhost` is 127.0.0.1 and ::1, no other loopback address. */
export function sameHost(one: string, other: string): boolean {
  const plain = (host: string): string =>
    ['localhost', '127.0.0.1', '::1'].includes(host.toLowerCase()) ? 'localhost' : host.toLowerCase();
  return plain(one) === plain(other);
}

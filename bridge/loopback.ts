import { isIP } from 'node:net';

/** `[::1]` is how an address of IPv6 stands in a URL; the system wants it bare. */
export const withoutBrackets = (host: string): string => host.replace(/^\[(.*)\]$/, '$1');
export const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** Addresses that never leave this machine: 127.0.0.0/8, ::1 and the name localhost. */
export function isLoopback(host: string): boolean {
  const bare = withoutBrackets(host).toLowerCase();
  if (bare === 'localhost') return true;
  return isIP(bare) === 4 ? bare.startsWith('127.') : isIP(bare) === 6 && /^(0*:)*:?0*1$|^::ffff:127\./.test(bare);
}

/** Host part of a Host header or an origin's authority; null when it is none. */
function hostOf(authority: string): string | null {
  return /^(\[[0-9a-f:.]+\]|[^:[\]/?#@\s]+)(:\d+)?$/i.exec(authority)?.[1] ?? null;
}

/**
 * A door on loopback answers only callers that name it as loopback: a page in a browser whose own name resolves to 127.0.0.1
 * (DNS rebinding), or that posts across origins, is told no. Gives the reason, or nothing.
 */
export function foreignCaller(headers: { host?: string | undefined; origin?: string | undefined }): string | null {
  const host = headers.host === undefined ? null : hostOf(headers.host);
  if (headers.host !== undefined && (host === null || !isLoopback(host)))
    return `Host ${headers.host} is not this machine's loopback: ask for localhost or 127.0.0.1`;
  if (headers.origin === undefined) return null;
  const origin = /^https?:\/\/(.*)$/i.exec(headers.origin)?.[1];
  return origin !== undefined && isLoopback(hostOf(origin) ?? '') ? null : `Origin ${headers.origin} may not use this interface`;
}

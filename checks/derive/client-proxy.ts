import type { ClientEnv } from '../facts/index.ts';
import type { ClientExport, Said } from './client-exports.ts';

/**
 * The proxy that a client's environment sends an export through, where nothing exempts the host. gRPC reads its own variable first, and https_proxy
 * and http_proxy even for plaintext and for localhost. Sources: gRPC "Environment Variables" (core) and grpc-js; curl; Python requests.
 */
export function proxyOf({ variables }: ClientEnv, { transport, place }: ClientExport): Said | undefined {
  if (place === undefined || transport === undefined) return undefined;
  const names =
    transport === 'grpc'
      ? ['grpc_proxy', 'https_proxy', 'http_proxy']
      : [place.tls === true ? 'https_proxy' : 'http_proxy', 'all_proxy'].flatMap((name) => [name, name.toUpperCase()]);
  const variable = names.find((name) => variables[name] !== undefined);
  if (variable === undefined) return undefined;
  const exempt = (transport === 'grpc' ? ['no_grpc_proxy', 'no_proxy'] : ['no_proxy']).flatMap((name) => [name, name.toUpperCase()]);
  const list = exempt.map((name) => variables[name]).find((value) => value !== undefined) ?? '';
  const isExempt = list.split(',').some((entry) => exempts(entry.trim().toLowerCase(), place.host.toLowerCase(), place.port));
  return isExempt ? undefined : { variable, value: variables[variable]! };
}

/** `*`, `host`, `.domain`, `domain`, `host:port`, `10.0.0.0/8`. */
function exempts(entry: string, host: string, port: number): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  const [bare = '', onPort] = /^(.*?)(?::(\d+))?$/.exec(entry)!.slice(1) as [string, string | undefined];
  if (onPort !== undefined && Number(onPort) !== port && !entry.includes('::')) return false;
  const name = (entry.includes('::') ? entry : bare).replace(/^\*?\./, '').replace(/^\[(.*)\]$/, '$1');
  return host === name || host.endsWith(`.${name}`) || inRange(name, host);
}

function inRange(range: string, host: string): boolean {
  const [network = '', bits = ''] = range.split('/');
  if (!isIPv4(network) || !isIPv4(host) || !/^\d{1,2}$/.test(bits)) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(numberOf(network) / size) === Math.floor(numberOf(host) / size);
}

const isIPv4 = (text: string): boolean => /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text);
const numberOf = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

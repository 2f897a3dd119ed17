import type { Facts } from '../facts/index.ts';
import { joinAddress } from '../address.ts';
import { seen } from '../facts/index.ts';

/** Commands that run unedited against this target: its own URL, names and ports, quoted for a POSIX shell. */

const PLAIN = /^[A-Za-z0-9_.:/=,@%+-]+$/;
export const shellWord = (text: string): string => (PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

const DEFAULT_CONNECT_URL = 'http://localhost:8083';

export const connectUrl = (facts: Facts): string => (seen(facts, 'target')?.connectUrl ?? DEFAULT_CONNECT_URL).replace(/\/+$/, '');

/** URL of this connector at Connect, with `path` behind it. */
export const connectorUrl = (facts: Facts, path = ''): string =>
  `${connectUrl(facts)}/connectors/${encodeURIComponent(seen(facts, 'target')?.connector ?? '')}${path}`;

export const curl = (url: string, ...options: string[]): string => ['curl', '-s', ...options, shellWord(url)].join(' ');

export const connectorCall = (facts: Facts, method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string): string =>
  method === 'GET' ? curl(connectorUrl(facts, path)) : curl(connectorUrl(facts, path), '-X', method);

/** Lays keys over the configuration and keeps the others. Source: Kafka Connect 3.8, PATCH of a connector's configuration. */
export const patchConfig = (facts: Facts, keys: Record<string, string | null>): string =>
  `${curl(connectorUrl(facts, '/config'), '-X', 'PATCH', '-H', "'Content-Type: application/json'")} -d ${shellWord(JSON.stringify(keys))}`;

export const restartTask = (facts: Facts, task = 0): string => connectorCall(facts, 'POST', `/tasks/${task}/restart`);
export const showStatus = (facts: Facts): string => connectorCall(facts, 'GET', '/status');

/** An otlpctl command with the options that name this target. */
export function otlpctl(facts: Facts, command: string, ...options: string[]): string {
  const target = seen(facts, 'target');
  const words = ['otlpctl', command];
  if (target !== undefined && target.connectUrl === null) words.push('--connect-url', 'none');
  else if (connectUrl(facts) !== DEFAULT_CONNECT_URL) words.push('--connect-url', shellWord(connectUrl(facts)));
  if (target?.connector !== undefined && target.connector !== null) words.push('--connector', shellWord(target.connector));
  return [...words, ...placesGiven(facts, command), ...options].join(' ');
}

/** The places that `otlpctl metrics` takes; doctor takes all. */
const ABOUT_METRICS = ['worker-host', 'metrics-url'];

/** Places that were given on top: without them the command would look elsewhere. */
function placesGiven(facts: Facts, command: string): string[] {
  const target = seen(facts, 'target');
  if (target === undefined) return [];
  const value: Readonly<Record<string, string | null>> = {
    'otlp-grpc': target.grpc === null ? null : joinAddress(target.grpc),
    'otlp-http':
      target.http === null ? null : `${target.http.tls === true ? 'https' : 'http'}://${joinAddress(target.http)}${target.http.path ?? ''}`,
    'worker-host': target.workerHost,
    'metrics-url': target.metricsUrl,
    'log-file': target.logPlace,
  };
  const given = seen(facts, 'run')?.given ?? [];
  return Object.entries(value).flatMap(([name, text]) =>
    text !== null && given.includes(name) && (command !== 'metrics' || ABOUT_METRICS.includes(name)) ? [`--${name}`, shellWord(text)] : [],
  );
}

import { jmxPlace } from '../address.ts';
import type { Failure } from '../facts/index.ts';
import { excerpt } from './excerpt.ts';
import type { FailedOutcome } from './probe.ts';

/** What JmxTool says on stderr, in Java's words, as facts. Seen with Kafka 3.9.1 and 4.1.0 on Java 17; the first that fits counts. */
const SAID: readonly { find: RegExp; failure: Failure; detail: (place: string, found: string) => string }[] = [
  {
    find: /Authentication failed|SecurityException/,
    failure: 'denied',
    detail: (place) => `JMX at ${place} wants a user and a password, which JmxTool could only be given in sight of everybody`,
  },
  { find: /UnknownHostException: (?:Unknown host: )?([^\s;]+)/, failure: 'name', detail: (_place, host) => `${host} does not resolve` },
  { find: /Connection refused(?: to host: ([^\s;]+))?/, failure: 'refused', detail: (place, host) => refusedBy(place, host) },
  { find: /No route to host|Network is unreachable/, failure: 'refused', detail: (place) => `no route to ${place}` },
  { find: /[Cc]onnect(?:ion)? timed out/, failure: 'timeout', detail: (place) => `no connection to ${place}: it timed out` },
  {
    find: /non-JRMP server|SSLHandshakeException|SSLException/,
    failure: 'tls',
    detail: (place) => `${place} is no plain JMX port: it may want TLS`,
  },
  { find: /NameNotFoundException: (\w+)/, failure: 'malformed', detail: (place, name) => `the registry at ${place} has no ${name}` },
  { find: /Connection reset|EOFException/, failure: 'reset', detail: (place) => `${place} closes the connection` },
];

/** The registry hands out the address of JMX itself, which may be another and wrong one. */
const refusedBy = (place: string, host: string): string =>
  host === '' || place.startsWith(`${host}:`) || place.startsWith(`[${host}]:`)
    ? `connection refused at ${place}`
    : `connection refused at ${host}, where the registry at ${place} says that JMX is (java.rmi.server.hostname)`;

/** Nothing where JmxTool says of no such failure. */
export function jmxToolFailure(stderr: string, url: string): FailedOutcome | undefined {
  for (const { find, failure, detail } of SAID) {
    const found = find.exec(stderr);
    if (found !== null) return { failure, detail: excerpt(detail(jmxPlace(url) ?? url, found[1] ?? '')) };
  }
  return undefined;
}

import type { Address } from '../checks/facts/index.ts';
import { CONNECTOR_STATES, PORTS } from '../proto/vocabulary/connect.ts';
import { badInput } from './bad-input.ts';
import { commandWords } from './command-words.ts';
import { didYouMean } from './near.ts';

/**
 * Readers of option values: text in, value out, or one sentence with what was given, what it is not, and what to try.
 * `named` is how the person gave it: `--timeout` or `OTLPCTL_TIMEOUT`. A URL's userinfo is never quoted back.
 */
export type Reader<T> = (text: string, named: string) => T;

const SECONDS_IN: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  sec: 1,
  second: 1,
  m: 60,
  min: 60,
  minute: 60,
  h: 3600,
  hour: 3600,
  d: 86_400,
  day: 86_400,
};

/** `10 minutes` → 600, to offer what was meant; nothing where it cannot be told. */
function meantSeconds(text: string): number | undefined {
  const parts = /^(\d+(?:\.\d+)?) *([a-z]+)$/i.exec(text.trim());
  const word = parts?.[2]!.toLowerCase() ?? '';
  const unit = SECONDS_IN[word] ?? SECONDS_IN[word.replace(/s$/, '')];
  return parts && unit ? Number(parts[1]) * unit : undefined;
}

/** Seconds as a plain decimal number; `above` and `from` are its exclusive and inclusive lower limits. */
export const readSeconds =
  (limits: { above: number } | { from: number }, example = 10): Reader<number> =>
  (text, named) => {
    if (!/^-?\d+(\.\d+)?$/.test(text))
      throw badInput(`${named} "${text}" is not a number of seconds (try ${meantSeconds(text) ?? example})`);
    const seconds = Number(text);
    const low = 'above' in limits ? seconds <= limits.above : seconds < limits.from;
    // Node's timers end at 2^31 milliseconds; a date in seconds has its own reader.
    if (low || seconds > 2_000_000) {
      const range = 'above' in limits ? `more than ${limits.above}` : `${limits.from} or more`;
      throw badInput(`${named} "${text}" is out of range: it must be ${range} seconds and at most 2000000 (try ${example})`);
    }
    return seconds;
  };

/** Seconds since 1970; 0 for never, as monitoring systems write it before their first check: 0, -1 or nothing. */
export const readEpoch: Reader<number> = (text, named) => {
  if (text === '' || text === '-1') return 0;
  if (!/^\d{1,11}(\.\d+)?$/.test(text)) throw badInput(`${named} "${text}" is not a time in seconds since 1970 (try $(date +%s))`);
  return Number(text);
};

/** A process of this machine. Source: proc(5), pid_max: 2^22 at most. */
export const readProcessId: Reader<number> = (text, named) => {
  if (!/^\d{1,7}$/.test(text) || Number(text) < 1)
    throw badInput(`${named} "${text}" is not the number of a process (try $(pgrep -n python3))`);
  return Number(text);
};

export const readText: Reader<string> = (text, named) => {
  if (text.trim() === '') throw badInput(`${named} is empty: give it a value`);
  return text;
};

/** A command that can be run as words, as it was given. */
export const readCommand: Reader<string> = (text, named) => {
  commandWords(text, named);
  return text;
};

/** As it is: a monitoring system has nothing to pass on at its first check. */
export const readAsIs: Reader<string> = (text) => text;

const SWITCH: Readonly<Record<string, boolean>> = {
  '': false,
  '0': false,
  false: false,
  no: false,
  off: false,
  '1': true,
  true: true,
  yes: true,
  on: true,
};

/** Of a variable only; a switch on the command line has no value. */
export const readSwitch: Reader<boolean> = (text, named) => {
  const value = SWITCH[text.toLowerCase()];
  if (value === undefined) throw badInput(`${named} "${text}" is neither on nor off (try 1 or 0)`);
  return value;
};

/** Up to the last @: what cannot be read as a URL may have any sign in its password. */
const withoutUserinfo = (text: string) => text.replace(/^([a-z:]+:\/\/)?.*@/is, '$1');

/** `usual`: where such a thing mostly is. */
export const readUrlLike =
  (usual: string): Reader<URL> =>
  (text, named) =>
    readUrl(text, named, usual);

function readUrl(text: string, named: string, usual: string): URL {
  const shown = withoutUserinfo(text);
  const example = `try http://${/^[\w.-]+(:\d+)?$/.test(shown) ? shown : usual}`;
  const port = /^https?:\/\/[^/?#]*:(\d+)(?:[/?#]|$)/i.exec(shown)?.[1];
  if (Number(port) > HIGHEST_PORT)
    throw badInput(`${named} "${shown}" has port ${port}, and ports end at ${HIGHEST_PORT} (try http://${usual})`);
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) throw badInput(`${named} "${shown}" is not an http or https URL (${example})`);
  const url = new URL(text);
  // A password as it is: what follows its / would be taken for the path, and shown.
  if (url.pathname.includes('@')) throw badInput(`${named} has an @ behind its first /: within user:password write / as %2F and @ as %40`);
  if (url.search || url.hash) throw badInput(`${named} "${shown}" has more than an address and a path (leave out what follows ? and #)`);
  return url;
}

const HIGHEST_PORT = 65_535;

/** JMX's own form of an address; its registry's port is the one that JMX_PORT or com.sun.management.jmxremote.port sets. */
export const readJmxUrl: Reader<string> = (text, named) => {
  const place = /^(?:\w+:\/\/)?([\w.-]+:\d{1,5})(?:\/.*)?$/.exec(text)?.[1] ?? 'localhost:9999';
  if (!/^service:jmx:[\w+-]+:\/\/[!-~]*$/.test(text) || text.includes('@'))
    throw badInput(
      `${named} "${withoutUserinfo(text)}" is not an address of JMX without credentials (try service:jmx:rmi:///jndi/rmi://${place}/jmxrmi)`,
    );
  return text;
};

export const readUrlOrNone: Reader<URL | null> = (text, named) =>
  text === 'none' ? null : readUrl(text, named, `localhost:${PORTS.rest}`);

const ADDRESS = /^(?:\[([0-9a-f:.]+(?:%[\w.-]+)?)\]|([^\s:/@[\]]+)):(\d{1,5})$/i;

/** HOST:PORT; an IPv6 address stands in brackets. */
export const readAddress: Reader<Address> = (text, named) => addressOf(text, named, PORTS.grpc);

function addressOf(text: string, named: string, usual: number): Address {
  const parts = ADDRESS.exec(text);
  const port = Number(parts?.[3]);
  if (!parts || port < 1 || port > HIGHEST_PORT) {
    throw badInput(
      `${named} "${withoutUserinfo(text)}" is not HOST:PORT with a port from 1 to ${HIGHEST_PORT} (try localhost:${usual} or [::1]:${usual})`,
    );
  }
  return { host: parts[1] ?? parts[2]!, port };
}

/** HOST:PORT[,HOST:PORT…], as bootstrap.servers has them. */
export const readAddresses: Reader<Address[]> = (text, named) => {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length > MOST_ADDRESSES)
    throw badInput(`${named} names ${parts.length} addresses: give at most ${MOST_ADDRESSES}, one that answers is enough`);
  return parts.map((part) => {
    if (/^[A-Z_]+:\/\//i.test(part))
      throw badInput(
        `${named} "${withoutUserinfo(part)}" begins with a protocol: give HOST:PORT, and the protocol as security.protocol in --kafka-config`,
      );
    if (!ADDRESS.test(part)) throw badInput(`${named} "${withoutUserinfo(part)}" is not HOST:PORT (try localhost:${KAFKA_PORT})`);
    return addressOf(part, named, KAFKA_PORT);
  });
};

const MOST_ADDRESSES = 20;
/** Source: Kafka's own configurations and quickstart. */
const KAFKA_PORT = 9092;

/** A receiver of OTLP over HTTP: URL or HOST:PORT. */
export const readHttpPlace: Reader<URL> = (text, named) => {
  if (ADDRESS.test(text)) {
    const { host, port } = addressOf(text, named, PORTS.http);
    return new URL(`http://${host.includes(':') ? `[${host}]` : host}:${port}`);
  }
  if (!/^https?:\/\//i.test(text)) {
    throw badInput(`${named} "${withoutUserinfo(text)}" is neither a URL nor HOST:PORT (try http://localhost:${PORTS.http})`);
  }
  return readUrl(text, named, `localhost:${PORTS.http}`);
};

const EXPECTATIONS = ['traffic', 'grpc', 'http', ...CONNECTOR_STATES.map((state) => `state=${state}`)];

export const readExpectation: Reader<string> = (text, named) => {
  const expectation = text.startsWith('state=') ? `state=${text.slice(6).toUpperCase()}` : text;
  if (!EXPECTATIONS.includes(expectation)) {
    throw badInput(`${named} "${text}" is not known${didYouMean(text, EXPECTATIONS)}: give traffic, grpc, http or state=NAME`);
  }
  return expectation;
};

/** A whole number in plain digits, within its limits. */
export const readWhole =
  ({ from, to }: { from: number; to: number }, example: number): Reader<number> =>
  (text, named) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (!(value >= from && value <= to)) throw badInput(`${named} "${text}" is not a whole number from ${from} to ${to} (try ${example})`);
    return value;
  };

export const readPort: Reader<number> = readWhole({ from: 1, to: HIGHEST_PORT }, PORTS.grpc);

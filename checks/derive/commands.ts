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

/** Kafka's own reader of JMX, once. The class has this name since Kafka 3.5. */
export const jmxTool = (url: string): string =>
  `kafka-run-class.sh org.apache.kafka.tools.JmxTool --jmx-url ${shellWord(url)} --object-name 'io.conduktor.connect.otel:*' --one-time true`;

export const connectorCall = (facts: Facts, method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string): string =>
  method === 'GET' ? curl(connectorUrl(facts, path)) : curl(connectorUrl(facts, path), '-X', method);

/** Lays keys over the configuration and keeps the others. Source: Kafka Connect 3.8, PATCH of a connector's configuration. */
export const patchConfig = (facts: Facts, keys: Record<string, string | null>): string =>
  `${curl(connectorUrl(facts, '/config'), '-X', 'PATCH', '-H', "'Content-Type: application/json'")} -d ${shellWord(JSON.stringify(keys))}`;

export const restartTask = (facts: Facts, task = 0): string => connectorCall(facts, 'POST', `/tasks/${task}/restart`);
export const showStatus = (facts: Facts): string => connectorCall(facts, 'GET', '/status');

/** An otlpctl command with the options that name this target; `options` are names and values by turns, and stand in for the target's own. */
export function otlpctl(facts: Facts, command: string, ...options: string[]): string {
  const target = seen(facts, 'target');
  const url = target !== undefined && target.connectUrl === null ? 'none' : connectUrl(facts);
  const said: [string, string][] = [
    ...(url === DEFAULT_CONNECT_URL ? [] : [['--connect-url', url] as [string, string]]),
    ...(target?.connector == null ? [] : [['--connector', target.connector] as [string, string]]),
    ...placesGiven(facts, command),
  ];
  const instead = options.flatMap((option, at): [string, string][] => (at % 2 === 0 ? [[option, options[at + 1] ?? '']] : []));
  const kept = said.filter(([name]) => instead.every(([other]) => other !== name));
  return ['otlpctl', command, ...[...kept, ...instead].map(([name, value]) => `${name} ${pathOrWord(value)}`)].join(' ');
}

/** A path in the reader's home is for the shell to expand. */
const pathOrWord = (value: string): string => (/^~\/[\w./-]+$/.test(value) ? value : shellWord(value));

/** The places that `otlpctl metrics` takes; doctor takes all. */
const ABOUT_METRICS = ['worker-host', 'metrics-url', 'jmx-url'];
/** And those that tell whether an action did what it promised. */
const ABOUT_ACTIONS = [...ABOUT_METRICS, 'otlp-grpc', 'otlp-http'];

/** The places that a command needs; null: all. */
const needed = (command: string): readonly string[] | null =>
  command === 'metrics' ? ABOUT_METRICS : /^(?:connector|drain-restart|shutdown|firewall)\b/.test(command) ? ABOUT_ACTIONS : null;

/** Places that were given on top: without them the command would look elsewhere. */
function placesGiven(facts: Facts, command: string): [string, string][] {
  const target = seen(facts, 'target');
  if (target === undefined) return [];
  const value: Readonly<Record<string, string | null>> = {
    'otlp-grpc': target.grpc === null ? null : joinAddress(target.grpc),
    'otlp-http':
      target.http === null ? null : `${target.http.tls === true ? 'https' : 'http'}://${joinAddress(target.http)}${target.http.path ?? ''}`,
    'worker-host': target.workerHost,
    'metrics-url': target.metricsUrl,
    'jmx-url': target.jmxUrl ?? null,
    'log-file': target.logPlace,
    'log-command': target.logCommand ?? null,
    kafka: target.kafka?.join(',') ?? null,
    'kafka-config': target.kafkaConfig ?? null,
    'kafka-metrics-url': target.kafkaMetricsUrl ?? null,
    'kafka-jmx-url': target.kafkaJmxUrl ?? null,
    'host-command': target.hostCommand ?? null,
    'prometheus-url': /^(?:doctor|check)\b/.test(command) ? (target.prometheusUrl ?? null) : null,
  };
  const given = seen(facts, 'run')?.given ?? [];
  return Object.entries(value).flatMap(([name, text]) =>
    text !== null && given.includes(name) && (needed(command)?.includes(name) ?? true) ? [[`--${name}`, text] as [string, string]] : [],
  );
}

import { readFileSync, statSync } from 'node:fs';
import type { Credentials, Settings, Target, TlsFiles } from '../checks/target.ts';
import { badInput } from './bad-input.ts';
import { clientOf } from './client-options.ts';
import { commandWords } from './command-words.ts';
import { errnoWords } from './errno-words.ts';
import { kafkaSecurityFrom } from './kafka-config.ts';
import type { OptionName } from './options.ts';
import type { OptionValues, ReadOptions } from './read-options.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** One line user:password. A file that others can read is refused: it holds a password. */
function credentialsFrom(file: string): Credentials {
  const asked = `--connect-auth-file ${file}`;
  let line: string;
  try {
    const is = statSync(file);
    if (is.isDirectory()) throw badInput(`${asked} is a directory: name the file with the line user:password`);
    if (is.mode & 0o077) throw badInput(`${asked} can be read by others: run chmod 600 ${file}`);
    line = readFileSync(file, 'utf8').trimEnd();
  } catch (error) {
    throw (error as { code?: string }).code === 'bad-input' ? error : badInput(`${asked} cannot be read: ${errnoWords(error)}`);
  }
  const colon = line.indexOf(':');
  if (colon < 1 || line.includes('\n')) throw badInput(`${asked} is not one line user:password`);
  return { user: line.slice(0, colon), password: line.slice(colon + 1) };
}

function pem(file: string, name: OptionName): string {
  try {
    const text = readFileSync(file, 'utf8');
    if (!text.includes('-----BEGIN ')) throw badInput(`--${name} ${file} holds no PEM: it has no -----BEGIN line`);
    return text;
  } catch (error) {
    throw (error as { code?: string }).code === 'bad-input' ? error : badInput(`--${name} ${file} cannot be read: ${errnoWords(error)}`);
  }
}

/** The PEM texts for Connect over https, where any is given; a certificate and its key come together. */
function tlsOf(values: OptionValues): TlsFiles | undefined {
  const [ca, cert, key] = [values['connect-ca'], values['connect-cert'], values['connect-key']];
  if ((cert === undefined) !== (key === undefined))
    throw badInput(`--connect-cert and --connect-key belong together: give the ${cert === undefined ? 'certificate' : 'key'} too`);
  const tls = {
    ...(ca !== undefined && { ca: pem(ca, 'connect-ca') }),
    ...(cert !== undefined && { cert: pem(cert, 'connect-cert') }),
    ...(key !== undefined && { key: pem(key, 'connect-key') }),
  };
  return Object.keys(tls).length === 0 ? undefined : tls;
}

function decoded(userinfo: string): string {
  try {
    return decodeURIComponent(userinfo);
  } catch {
    return userinfo;
  }
}

/** The URL without its userinfo, and that userinfo: from here on the two never meet in one string. */
export function parted(url: URL): { url: URL; credentials?: Credentials } {
  if (url.username === '' && url.password === '') return { url };
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return { url: bare, credentials: { user: decoded(url.username), password: decoded(url.password) } };
}

/** A URL of something that takes no credentials from us. */
function withoutCredentials(url: URL, name: OptionName): URL {
  if (url.username !== '' || url.password !== '')
    throw badInput(`--${name} has user:password@ in it, and only Connect and metrics are asked with credentials: leave it out`);
  return url;
}

export function targetOf(values: OptionValues): Target {
  const connect = values['connect-url'] ? parted(values['connect-url']) : undefined;
  const metrics = values['metrics-url'] ? parted(values['metrics-url']) : undefined;
  const kafkaMetrics = values['kafka-metrics-url'] ? parted(values['kafka-metrics-url']) : undefined;
  const hostCommand = values['host-command'];
  const prometheus = values['prometheus-url'] ? parted(values['prometheus-url']) : undefined;
  const file = values['connect-auth-file'];
  if (file !== undefined && connect?.credentials)
    throw badInput('--connect-auth-file and user:password@ in --connect-url are both given: leave one out');
  const connectAuth = file === undefined ? connect?.credentials : credentialsFrom(file);
  const connectTls = tlsOf(values);
  const kafkaConfig = values['kafka-config'];
  if (kafkaConfig !== undefined && values.kafka === undefined)
    throw badInput('--kafka-config is given without --kafka: say where Kafka is, as in --kafka localhost:9092');
  const [logFile, logCommand] = [values['log-file'], values['log-command']];
  if (logFile !== undefined && logCommand !== undefined)
    throw badInput('--log-file and --log-command are both given, and there is one log: leave one out');
  const client = clientOf(values);
  if (kafkaMetrics !== undefined && values['kafka-jmx-url'] !== undefined)
    throw badInput("--kafka-metrics-url and --kafka-jmx-url are both given, and one tells a broker's metrics: leave one out");
  return {
    connectUrl: connect?.url ?? null,
    ...(connectAuth && { connectAuth }),
    ...(connectTls && { connectTls }),
    ...(values.connector !== undefined && { connector: values.connector }),
    ...(values['otlp-grpc'] && { otlpGrpc: values['otlp-grpc'] }),
    ...(values['otlp-http'] && { otlpHttp: withoutCredentials(values['otlp-http'], 'otlp-http') }),
    ...(values['worker-host'] !== undefined && { workerHost: values['worker-host'] }),
    ...(metrics && { metricsUrl: metrics.url }),
    ...(metrics?.credentials && { metricsAuth: metrics.credentials }),
    ...(prometheus && { prometheusUrl: prometheus.url }),
    ...(prometheus?.credentials && { prometheusAuth: prometheus.credentials }),
    ...(values['jmx-url'] !== undefined && { jmxUrl: values['jmx-url'] }),
    ...(logFile !== undefined && { logFile }),
    ...(logCommand !== undefined && { logCommand: commandWords(logCommand, '--log-command') }),
    ...(values.kafka && { kafka: values.kafka }),
    ...(kafkaConfig !== undefined && { kafkaConfig, kafkaSecurity: kafkaSecurityFrom(kafkaConfig) }),
    ...(client && { client }),
    ...(kafkaMetrics && { kafkaMetricsUrl: kafkaMetrics.url }),
    ...(kafkaMetrics?.credentials && { kafkaMetricsAuth: kafkaMetrics.credentials }),
    ...(values['kafka-jmx-url'] !== undefined && { kafkaJmxUrl: values['kafka-jmx-url'] }),
    ...(hostCommand !== undefined && { hostCommand: commandWords(hostCommand, '--host-command') }),
  };
}

export function settingsOf(
  { values, given }: ReadOptions,
  world: { env: Environment; now: () => number; version: string; windowSeconds: number; stdin?: Settings['stdin'] },
): Settings {
  return {
    timeoutMs: (values.timeout ?? 10) * 1000,
    windowMs: (values.window ?? world.windowSeconds) * 1000,
    expect: values.expect ?? [],
    ...(values.active === true && { active: true as const }),
    given,
    version: world.version,
    env: world.env,
    now: world.now,
    ...(world.stdin && { stdin: world.stdin }),
  };
}

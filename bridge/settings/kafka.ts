import { readFileSync } from 'node:fs';
import { badInput } from './bad-input.ts';
import { ownCertificateFault } from './own-certificate.ts';

export type BrokerAddress = { host: string; port: number };
export type RecordKey = { by: 'none' } | { by: 'trace-id' } | { by: 'resource'; attribute: string };
export type Compression = 'none' | 'gzip' | 'zstd';

export type KafkaSettings = {
  brokers: readonly BrokerAddress[];
  clientId: string;
  /** paths of PEM files, null where not given; `anyName`: the broker's name is not compared with its certificate's */
  tls: { trusted: string | null; own: string | null; password: string | null; anyName: boolean } | null;
  sasl: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string } | null;
  compression: Compression;
  maxRecordBytes: number;
  batchBytes: number;
  inFlight: number;
  requestTimeoutMs: number;
  connectTimeoutMs: number;
  metadataMaxAgeMs: number;
  recordKey: RecordKey;
};

const PREFIX = 'bridge.kafka.';
const ADDRESS = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})$/;

function addressesOf(text: string): BrokerAddress[] {
  return text.split(',').map((part) => {
    const [, v6, name, port] = ADDRESS.exec(part.trim()) ?? [];
    const host = v6 ?? name;
    if (host === undefined || Number(port) < 1 || Number(port) > 65535)
      throw badInput(`${PREFIX}bootstrap.servers: "${part.trim()}" is not host:port (give host:port, several separated by commas)`);
    return { host, port: Number(port) };
  });
}

/** A quoted value of a JAAS line: `username="otlp"`. */
const quoted = (text: string, name: string): string | undefined =>
  new RegExp(`\\b${name}\\s*=\\s*"((?:[^"\\\\]|\\\\.)*)"`).exec(text)?.[1]?.replace(/\\(.)/g, '$1');

function saslOf(value: (name: string) => string | undefined): NonNullable<KafkaSettings['sasl']> {
  const mechanism = value('sasl.mechanism')?.toLowerCase() as NonNullable<KafkaSettings['sasl']>['mechanism'] | undefined;
  const jaas = value('sasl.jaas.config');
  if (mechanism === undefined || jaas === undefined)
    throw badInput(`${PREFIX}security.protocol uses SASL: give ${PREFIX}sasl.mechanism and ${PREFIX}sasl.jaas.config`);
  const [username, password] = [quoted(jaas, 'username'), quoted(jaas, 'password')];
  // The value is a secret: it is not quoted.
  if (username === undefined || password === undefined)
    throw badInput(`${PREFIX}sasl.jaas.config has no username="…" and password="…": give it as Kafka's clients take it`);
  return { mechanism, username, password };
}

/** A file that is there and is PEM: a Java keystore is told before it is tried. */
function pem(name: string, path: string | undefined): string | null {
  if (path === undefined) return null;
  if (!readFileSync(path, 'latin1').includes('-----BEGIN '))
    throw badInput(`${PREFIX}${name}=${path} is not a PEM file: convert the keystore (keytool -exportcert -rfc, openssl pkcs12)`);
  return path;
}

/** The bridge's own certificate: one that no broker would ever see is told now, and not once messages wait. */
function own(path: string | undefined, password: string | null): string | null {
  const file = pem('ssl.keystore.location', path);
  const fault = file === null ? null : ownCertificateFault(readFileSync(file, 'latin1'), password);
  if (fault !== null) throw badInput(`${PREFIX}ssl.keystore.location=${file} ${fault}`);
  return file;
}

function recordKeyOf(text: string): RecordKey {
  if (text === 'none' || text === 'trace-id') return { by: text };
  const attribute = /^resource:(.+)$/.exec(text)?.[1];
  if (attribute === undefined) throw badInput(`${PREFIX}record.key=${text} is not known (give none, trace-id or resource:ATTRIBUTE)`);
  return { by: 'resource', attribute };
}

/** Settings of the Kafka sink. `value` gives a key's value or default by its name without the prefix; each was judged alone before. */
export function readKafkaSettings(value: (name: string) => string | undefined): KafkaSettings {
  const bootstrap = value('bootstrap.servers');
  if (bootstrap === undefined) throw badInput(`bridge.sink=kafka needs ${PREFIX}bootstrap.servers=HOST:PORT`);
  const security = (value('security.protocol') ?? '').toLowerCase();
  const number = (name: string) => Number(value(name));
  const password = value('ssl.key.password') ?? null;
  const sizes = { maxRecordBytes: number('max.request.size'), batchBytes: number('batch.size') };
  return {
    brokers: addressesOf(bootstrap),
    clientId: value('client.id') ?? '',
    tls: security.endsWith('ssl')
      ? {
          trusted: pem('ssl.truststore.location', value('ssl.truststore.location')),
          own: own(value('ssl.keystore.location'), password),
          password,
          anyName: value('ssl.endpoint.identification.algorithm') === '',
        }
      : null,
    sasl: security.startsWith('sasl') ? saslOf(value) : null,
    compression: (value('compression.type') ?? 'none').toLowerCase() as Compression,
    ...sizes,
    inFlight: number('max.in.flight.requests.per.connection'),
    requestTimeoutMs: number('request.timeout.ms'),
    connectTimeoutMs: number('socket.connection.setup.timeout.ms'),
    metadataMaxAgeMs: number('metadata.max.age.ms'),
    recordKey: recordKeyOf(value('record.key') ?? 'none'),
  };
}

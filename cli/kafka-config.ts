import { readFileSync, statSync } from 'node:fs';
import type { KafkaSecurity } from '../checks/target.ts';
import { badInput } from './bad-input.ts';
import { errnoWords } from './errno-words.ts';
import { readProperties } from './properties.ts';

/**
 * TLS and SASL from a properties file as Kafka's own clients read it (Kafka documentation, "Security configuration"), and with librdkafka's names
 * for PEM files. What is in it never comes into a sentence: only names of keys and of files do.
 */
export function kafkaSecurityFrom(file: string): KafkaSecurity {
  const asked = `--kafka-config ${file}`;
  const read = (path: string, whose: string): string => {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      throw badInput(`${whose} cannot be read: ${errnoWords(error)}`);
    }
  };
  const text = read(file, asked);
  if (statSync(file).mode & 0o077) throw badInput(`${asked} can be read by others: run chmod 600 ${file}`);
  const properties = readProperties(text);
  const get = (...keys: string[]): string | undefined =>
    keys.map((key) => properties.get(key)?.trim()).find((value) => value !== undefined && value !== '');
  const fail = (what: string): never => {
    throw badInput(`${asked}: ${what}`);
  };
  const protocol = (get('security.protocol') ?? 'PLAINTEXT').toUpperCase();
  if (!PROTOCOLS.includes(protocol)) fail(`security.protocol is none of ${PROTOCOLS.join(', ')}`);
  return {
    ...(protocol.endsWith('SSL') ? { tls: tlsOf({ get, read, fail, properties, asked }) } : {}),
    ...(protocol.startsWith('SASL_') ? { sasl: saslOf({ get, fail }) } : {}),
  };
}

const PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'];
const MECHANISMS = { PLAIN: 'plain', 'SCRAM-SHA-256': 'scram-sha-256', 'SCRAM-SHA-512': 'scram-sha-512' } as const;

type Reading = { get(...keys: string[]): string | undefined; fail(what: string): never };
type Files = Reading & { read(path: string, whose: string): string; properties: ReadonlyMap<string, string>; asked: string };

function saslOf({ get, fail }: Reading): NonNullable<KafkaSecurity['sasl']> {
  const name = (get('sasl.mechanism', 'sasl.mechanisms') ?? '').toUpperCase();
  const mechanism = MECHANISMS[name as keyof typeof MECHANISMS] as (typeof MECHANISMS)[keyof typeof MECHANISMS] | undefined;
  if (mechanism === undefined) return fail(`sasl.mechanism is none of ${Object.keys(MECHANISMS).join(', ')}, the ones that otlpctl speaks`);
  const jaas = get('sasl.jaas.config') ?? '';
  const user = jaasOption(jaas, 'username') ?? get('sasl.username');
  const password = jaasOption(jaas, 'password') ?? get('sasl.password');
  if (user === undefined || password === undefined) return fail('sasl.jaas.config has no username="…" password="…"');
  return { mechanism, user, password };
}

/** `…LoginModule required username="u" password="p";` with either quotes or none. */
function jaasOption(jaas: string, name: string): string | undefined {
  const found = new RegExp(`\\b${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|'([^']*)'|([^\\s;]+))`).exec(jaas);
  return found?.[1]?.replace(/\\(.)/g, '$1') ?? found?.[2] ?? found?.[3];
}

function tlsOf({ get, read, fail, properties, asked }: Files): NonNullable<KafkaSecurity['tls']> {
  const pem = (inline: string, ...places: string[]): string | undefined => {
    const own = get(inline);
    const place = places.find((key) => get(key) !== undefined);
    const text = own ?? (place === undefined ? undefined : read(get(place) ?? '', `${asked}: ${place} ${get(place) ?? ''}`));
    if (text !== undefined && !text.includes('-----BEGIN '))
      fail(
        `${own === undefined ? place : inline} holds no PEM: otlpctl reads no JKS or PKCS12 store, so give ssl.truststore.type=PEM and a PEM file`,
      );
    return text;
  };
  const ca = pem('ssl.truststore.certificates', 'ssl.truststore.location', 'ssl.ca.location');
  const cert = pem('ssl.keystore.certificate.chain', 'ssl.keystore.location', 'ssl.certificate.location');
  // A keystore of type PEM holds the key beside its certificate.
  const key = pem('ssl.keystore.key', 'ssl.key.location') ?? (cert?.includes('PRIVATE KEY-----') === true ? cert : undefined);
  if ((cert === undefined) !== (key === undefined))
    fail(`a client certificate and its key belong together: the ${cert === undefined ? 'certificate' : 'key'} is missing`);
  const passphrase = get('ssl.key.password');
  const anyName = properties.get('ssl.endpoint.identification.algorithm')?.trim();
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(anyName === '' || anyName === 'none' ? { anyName: true as const } : {}),
  };
}

import { SIGNAL, SIGNALS } from './signals.ts';

/**
 * Configuration keys of the connector with types, ranges and defaults, as its own definition states them.
 * `file`: must name a readable file. `choice`: any case. Absent default: null.
 */
export type ConfigKey = {
  name: string;
  type: 'boolean' | 'int' | 'string' | 'choice' | 'file';
  default?: string;
  min?: number;
  max?: number;
  values?: readonly string[];
  meaning: string;
};

const PORT = { type: 'int', min: 1, max: 65535 } as const;

export const CONNECTOR_KEYS: readonly ConfigKey[] = [
  { name: 'otlp.grpc.enabled', type: 'boolean', default: 'true', meaning: 'serve OTLP over gRPC' },
  { name: 'otlp.grpc.port', ...PORT, default: '4317', meaning: 'port of OTLP over gRPC' },
  { name: 'otlp.http.enabled', type: 'boolean', default: 'true', meaning: 'serve OTLP over HTTP' },
  { name: 'otlp.http.port', ...PORT, default: '4318', meaning: 'port of OTLP over HTTP' },
  {
    name: 'otlp.tls.enabled',
    type: 'boolean',
    default: 'false',
    meaning: 'serve TLS; the connector accepts it and serves plaintext all the same',
  },
  { name: 'otlp.tls.cert.path', type: 'file', meaning: 'PEM certificate chain' },
  { name: 'otlp.tls.key.path', type: 'file', meaning: 'PEM private key' },
  ...SIGNALS.map((signal): ConfigKey => ({
    name: SIGNAL[signal].topicKey,
    type: 'string',
    default: SIGNAL[signal].topic,
    meaning: `topic of ${signal}`,
  })),
  {
    name: 'otlp.message.format',
    type: 'choice',
    values: ['json', 'protobuf'],
    default: 'json',
    meaning: 'form of a record: one Export request, whole',
  },
  {
    name: 'otlp.message.queue.size',
    type: 'int',
    min: 100,
    max: 1_000_000,
    default: '10000',
    meaning: 'Export requests that each of the three queues holds',
  },
  { name: 'otlp.bind.address', type: 'string', default: '0.0.0.0', meaning: 'address that both receivers listen on' },
];

/** The bridge's limit over everything it holds: its refusals name it, and what doctor advises. */
export const HELD_BYTES_KEY = {
  name: 'bridge.queue.max.bytes',
  type: 'int',
  min: 1024,
  max: 68_719_476_736,
  default: '268435456',
  meaning: 'bytes of all requests together that are held: on their way in, inflated, queued, in flight',
} as const satisfies ConfigKey;

export const CONNECTOR_KEY: ReadonlyMap<string, ConfigKey> = new Map(CONNECTOR_KEYS.map((key) => [key.name, key]));

/** Default of a key that has one. */
export function defaultOf(name: string): string {
  const value = CONNECTOR_KEY.get(name)?.default;
  if (value === undefined) throw new Error(`no default for ${name}`);
  return value;
}

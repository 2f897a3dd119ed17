import { CONNECTOR_KEYS, HELD_BYTES_KEY } from '../../proto/vocabulary/keys.ts';
import { PORTS } from '../../proto/vocabulary/connect.ts';
import { KAFKA_KEYS } from './kafka-keys.ts';
import type { SettingKey } from './setting-key.ts';

const PORT = { type: 'int', min: 0, max: 65535 } as const;

/** The connector's keys as the bridge takes them: port 0 asks the system for a free one, and nothing is served beyond this machine unless asked for. */
export const RECEIVER_KEYS: readonly SettingKey[] = CONNECTOR_KEYS.map((key): SettingKey => {
  if (key.name.endsWith('.port')) return { ...key, min: 0 };
  if (key.name.startsWith('kafka.topic.')) return { ...key, type: 'topic' };
  if (key.name === 'otlp.message.format')
    return {
      ...key,
      values: [...key.values!, 'json-connect'],
      meaning: `${key.meaning}; json is OTLP/JSON, json-connect the JSON of the connector`,
    };
  if (key.name === 'otlp.tls.enabled') return { ...key, meaning: 'serve TLS on both receivers' };
  if (key.name === 'otlp.bind.address') return { ...key, default: '127.0.0.1' };
  return key;
});

/** Keys of the bridge itself. Source: contract "The bridge". */
export const BRIDGE_KEYS: readonly SettingKey[] = [
  {
    name: 'bridge.sink',
    type: 'choice',
    values: ['memory', 'file', 'kafka'],
    default: 'file',
    meaning: 'where messages go',
  },
  {
    name: 'bridge.ack',
    type: 'choice',
    values: ['queue', 'kafka'],
    default: 'queue',
    meaning: 'when a request is answered OK: queue, as the connector does, once it is queued; kafka once the sink has stored it',
  },
  {
    name: 'bridge.ack.timeout.ms',
    type: 'int',
    min: 100,
    max: 600_000,
    default: '4000',
    meaning: 'with bridge.ack=kafka, how long a request waits to be stored before it is refused with advice to try again',
  },
  { name: 'bridge.state.dir', type: 'string', meaning: 'folder of connectors, spilled messages and the lock; one live bridge holds it' },
  { name: 'bridge.file.dir', type: 'string', meaning: 'folder of the file sink; data/ in the state folder unless given' },
  { name: 'bridge.log.file', type: 'string', meaning: 'file that log lines are appended to, beside stdout' },
  {
    name: 'bridge.drain.max.per.second',
    type: 'decimal',
    min: 0.001,
    max: 10_000_000,
    meaning: 'messages a second that leave the queues at most, all signals together',
  },
  {
    name: 'bridge.max.request.bytes',
    type: 'int',
    min: 1024,
    max: 1_073_741_824,
    default: '67108864',
    meaning: 'largest request, inflated',
  },
  HELD_BYTES_KEY,
  {
    name: 'bridge.max.connections',
    type: 'int',
    min: 1,
    max: 1_000_000,
    default: '2000',
    meaning: 'open connections of one receiver',
  },
  {
    name: 'bridge.tls.client.ca.path',
    type: 'file',
    meaning: 'PEM certificates of who may send over TLS; a client certificate is then asked for and required',
  },
  {
    name: 'bridge.flush.timeout.ms',
    type: 'int',
    min: 0,
    max: 600_000,
    default: '5000',
    meaning: 'how long a stop waits for the sink before what is left is spilled',
  },
  {
    name: 'bridge.stop.grace.ms',
    type: 'int',
    min: 0,
    max: 600_000,
    default: '0',
    meaning: 'how long a stop still takes requests while it says that it is not ready, so that a balancer looks elsewhere first',
  },
  { name: 'bridge.rest.port', ...PORT, default: String(PORTS.rest), meaning: 'port of the Connect REST interface' },
  { name: 'bridge.rest.bind.address', type: 'string', default: '127.0.0.1', meaning: 'address of the Connect REST interface' },
  { name: 'bridge.metrics.port', ...PORT, default: String(PORTS.metrics), meaning: 'port of the metrics' },
  { name: 'bridge.metrics.bind.address', type: 'string', default: '127.0.0.1', meaning: 'address of the metrics' },
  {
    name: 'bridge.connect.version',
    type: 'choice',
    values: ['4.1', '3.9'],
    default: '4.1',
    meaning: 'version of Kafka Connect whose answers are given',
  },
  {
    name: 'bridge.drills',
    type: 'choice',
    values: ['off', 'on'],
    default: 'off',
    meaning: 'faults on demand, switched by PUT /drills on the metrics port; only where everything listens on loopback',
  },
  {
    name: 'bridge.auth.file',
    type: 'file',
    meaning: 'who may use REST and metrics: a line each of user:password or bearer TOKEN, readable by its owner alone',
  },
  {
    name: 'bridge.allow.unauthenticated',
    type: 'boolean',
    default: 'false',
    meaning: 'let REST and metrics listen beyond loopback without bridge.auth.file',
  },
  ...KAFKA_KEYS,
];

/** Ports that --port-offset moves, unless they are given. */
export const OFFSET_PORTS = ['otlp.grpc.port', 'otlp.http.port', 'bridge.rest.port', 'bridge.metrics.port'] as const;

export const RECEIVER_KEY: ReadonlyMap<string, SettingKey> = new Map(RECEIVER_KEYS.map((key) => [key.name, key]));
export const BRIDGE_KEY: ReadonlyMap<string, SettingKey> = new Map(BRIDGE_KEYS.map((key) => [key.name, key]));

import type { SettingKey } from './setting-key.ts';

const K = 'bridge.kafka.';

/** Keys of the Kafka sink: after the prefix, the names that Kafka's own clients have, as far as there are such. */
export const KAFKA_KEYS: readonly SettingKey[] = [
  { name: `${K}bootstrap.servers`, type: 'string', meaning: 'brokers of the Kafka sink, host:port, separated by commas' },
  { name: `${K}client.id`, type: 'string', default: 'otlpctl-bridge', meaning: 'what quotas and logs of brokers know the bridge by' },
  {
    name: `${K}security.protocol`,
    type: 'choice',
    values: ['plaintext', 'ssl', 'sasl_plaintext', 'sasl_ssl'],
    default: 'plaintext',
    meaning: 'whether TLS and SASL are used to brokers',
  },
  {
    name: `${K}sasl.mechanism`,
    type: 'choice',
    values: ['plain', 'scram-sha-256', 'scram-sha-512'],
    meaning: 'how the bridge says who it is',
  },
  {
    name: `${K}sasl.jaas.config`,
    type: 'string',
    meaning:
      "a login module with its username and password, as Kafka's clients take it; give it in the file of --config, not on a command line",
  },
  { name: `${K}ssl.truststore.location`, type: 'file', meaning: "PEM certificates that brokers are trusted by; the system's unless given" },
  { name: `${K}ssl.truststore.type`, type: 'choice', values: ['pem'], default: 'pem', meaning: 'form of that file' },
  { name: `${K}ssl.keystore.location`, type: 'file', meaning: "PEM file of the bridge's own private key and certificate chain" },
  { name: `${K}ssl.keystore.type`, type: 'choice', values: ['pem'], default: 'pem', meaning: 'form of that file' },
  { name: `${K}ssl.key.password`, type: 'string', meaning: 'password of that private key' },
  {
    name: `${K}ssl.endpoint.identification.algorithm`,
    type: 'choice',
    values: ['https', ''],
    default: 'https',
    meaning: "empty: the broker's name need not be the one in its certificate",
  },
  { name: `${K}acks`, type: 'choice', values: ['all', '-1'], default: 'all', meaning: 'replicas that must have a record before it counts' },
  { name: `${K}compression.type`, type: 'choice', values: ['none', 'gzip', 'zstd'], default: 'none', meaning: 'compression of batches' },
  {
    name: `${K}max.request.size`,
    type: 'int',
    min: 1024,
    max: 104_857_600,
    default: '1048576',
    meaning: 'largest record in bytes, before it is compressed',
  },
  {
    name: `${K}batch.size`,
    type: 'int',
    min: 1024,
    max: 10_485_760,
    default: '900000',
    meaning: 'bytes of one batch at most, before it is compressed',
  },
  {
    name: `${K}max.in.flight.requests.per.connection`,
    type: 'int',
    min: 1,
    max: 64,
    default: '4',
    meaning: 'batches of one signal that are on their way at the same time; 1 keeps the order of each partition',
  },
  {
    name: `${K}request.timeout.ms`,
    type: 'int',
    min: 1000,
    max: 600_000,
    default: '30000',
    meaning: 'how long a broker may take to answer',
  },
  {
    name: `${K}socket.connection.setup.timeout.ms`,
    type: 'int',
    min: 100,
    max: 600_000,
    default: '5000',
    meaning: 'how long a connection to a broker may take',
  },
  {
    name: `${K}metadata.max.age.ms`,
    type: 'int',
    min: 1000,
    max: 3_600_000,
    default: '30000',
    meaning: 'how old the list of partitions and leaders may be',
  },
  {
    name: `${K}record.key`,
    type: 'string',
    default: 'none',
    meaning: 'key of records: none, trace-id (of the first span or log record), or resource:ATTRIBUTE such as resource:service.name',
  },
];

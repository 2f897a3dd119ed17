import { SIGNAL, SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import type { Format } from '../convert/convert.ts';
import { withoutBrackets } from '../loopback.ts';
import { RECEIVER_KEY, RECEIVER_KEYS } from '../settings/keys.ts';
import type { Destination, TopicCreation } from '../sinks/sink.ts';
import { receiverErrors, type ConnectorConfig } from './validate.ts';

/** A connector's configuration, read: what its task needs. */
export type TaskConfig = {
  bindAddress: string;
  grpc: { port: number } | null;
  http: { port: number } | null;
  /** as configured, enabled or not: for the log */
  grpcPort: number;
  httpPort: number;
  /** null: plaintext; a path is null where its key is not given */
  tls: { cert: string | null; key: string | null } | null;
  to: Record<Signal, Destination>;
  format: Format;
  queueSize: number;
};

export const topicsOf = ({ to }: Pick<TaskConfig, 'to'>): Record<Signal, string> =>
  Object.fromEntries(SIGNALS.map((signal) => [signal, to[signal].topic])) as Record<Signal, string>;

/** Why a connector cannot start, with the exception that Connect would show. */
export type StartFault = { exception: string; message: string };

export type Reading = { config: TaskConfig; fault: null } | { config: null; fault: StartFault };

const NUMBER = /^-?\d{1,5}$/;

/** Topics are made by the connector where its configuration says with how many partitions and replicas, -1 for the broker's own. Source: KIP-158. */
function creationOf(config: ConnectorConfig): TopicCreation | null {
  const [partitions, replicas] = ['partitions', 'replication.factor'].map((name) => config[`topic.creation.default.${name}`]?.trim() ?? '');
  if (!NUMBER.test(partitions!) || !NUMBER.test(replicas!)) return null;
  return { partitions: Number(partitions), replicas: Number(replicas) };
}

/** Reads what a connector would run with; files are looked at now, not when the configuration was stored. */
export function readTaskConfig(config: ConnectorConfig): Reading {
  const wrong = RECEIVER_KEYS.flatMap(({ name }) => (config[name] === undefined ? [] : receiverErrors(name, config[name])));
  if (wrong.length > 0) return { config: null, fault: { exception: 'org.apache.kafka.common.config.ConfigException', message: wrong[0]! } };

  const value = (name: string) => config[name]?.trim() ?? RECEIVER_KEY.get(name)?.default ?? '';
  const on = (name: string) => value(name).toLowerCase() === 'true';
  const grpcPort = Number(value('otlp.grpc.port'));
  const httpPort = Number(value('otlp.http.port'));
  const format = value('otlp.message.format').toLowerCase() as Format;
  const creation = creationOf(config);
  const read: TaskConfig = {
    bindAddress: withoutBrackets(value('otlp.bind.address')),
    grpc: on('otlp.grpc.enabled') ? { port: grpcPort } : null,
    http: on('otlp.http.enabled') ? { port: httpPort } : null,
    grpcPort,
    httpPort,
    tls: on('otlp.tls.enabled') ? { cert: value('otlp.tls.cert.path') || null, key: value('otlp.tls.key.path') || null } : null,
    to: Object.fromEntries(
      SIGNALS.map((signal) => [signal, { topic: value(SIGNAL[signal].topicKey), format, creation }]),
    ) as TaskConfig['to'],
    format,
    queueSize: Number(value('otlp.message.queue.size')),
  };
  if (!read.grpc && !read.http)
    return {
      config: null,
      fault: { exception: 'java.lang.IllegalArgumentException', message: 'At least one OTLP receiver must be enabled (gRPC or HTTP)' },
    };
  return { config: read, fault: null };
}

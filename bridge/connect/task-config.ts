import { SIGNAL, SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import { withoutBrackets } from '../loopback.ts';
import { RECEIVER_KEY, RECEIVER_KEYS } from '../settings/keys.ts';
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
  topics: Record<Signal, string>;
  format: string;
  queueSize: number;
};

/** Why a connector cannot start, with the exception that Connect would show. */
export type StartFault = { exception: string; message: string };

export type Reading = { config: TaskConfig; fault: null } | { config: null; fault: StartFault };

/** Reads what a connector would run with; files are looked at now, not when the configuration was stored. */
export function readTaskConfig(config: ConnectorConfig): Reading {
  const wrong = RECEIVER_KEYS.flatMap(({ name }) => (config[name] === undefined ? [] : receiverErrors(name, config[name])));
  if (wrong.length > 0) return { config: null, fault: { exception: 'org.apache.kafka.common.config.ConfigException', message: wrong[0]! } };

  const value = (name: string) => config[name]?.trim() ?? RECEIVER_KEY.get(name)?.default ?? '';
  const on = (name: string) => value(name).toLowerCase() === 'true';
  const grpcPort = Number(value('otlp.grpc.port'));
  const httpPort = Number(value('otlp.http.port'));
  const read: TaskConfig = {
    bindAddress: withoutBrackets(value('otlp.bind.address')),
    grpc: on('otlp.grpc.enabled') ? { port: grpcPort } : null,
    http: on('otlp.http.enabled') ? { port: httpPort } : null,
    grpcPort,
    httpPort,
    tls: on('otlp.tls.enabled') ? { cert: value('otlp.tls.cert.path') || null, key: value('otlp.tls.key.path') || null } : null,
    topics: Object.fromEntries(SIGNALS.map((signal) => [signal, value(SIGNAL[signal].topicKey)])) as Record<Signal, string>,
    format: value('otlp.message.format').toLowerCase(),
    queueSize: Number(value('otlp.message.queue.size')),
  };
  if (!read.grpc && !read.http)
    return {
      config: null,
      fault: { exception: 'java.lang.IllegalArgumentException', message: 'At least one OTLP receiver must be enabled (gRPC or HTTP)' },
    };
  return { config: read, fault: null };
}

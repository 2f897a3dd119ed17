import type { Readable } from 'node:stream';
import type { Address } from './facts/index.ts';

/** Credentials never enter a fact: they live here and in the requests only. */
export type Credentials = { user: string; password: string };

/** PEM texts, already read: a private certificate authority, a client certificate and its key. */
export type TlsFiles = { ca?: string; cert?: string; key?: string };

/** How Kafka is asked, read from a properties file of its clients. `user` and `password` belong to SASL. */
export type KafkaSecurity = {
  tls?: TlsFiles & { passphrase?: string; /** ssl.endpoint.identification.algorithm is empty */ anyName?: true };
  sasl?: Credentials & { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512' };
};

/** As `--log-file`: the log comes on standard input. */
export const STDIN = '-';

/** What a person or the configuration said about the one thing to look at. Undefined: not given. */
export type Target = {
  /** null: `--connect-url none` */
  connectUrl: URL | null;
  connectAuth?: Credentials;
  connectTls?: TlsFiles;
  connector?: string;
  otlpGrpc?: Address;
  otlpHttp?: URL;
  workerHost?: string;
  metricsUrl?: URL;
  metricsAuth?: Credentials;
  /** a Prometheus that scrapes the target */
  prometheusUrl?: URL;
  prometheusAuth?: Credentials;
  /** `service:jmx:…`, as Kafka's JmxTool takes it */
  jmxUrl?: string;
  /** a path, or STDIN */
  logFile?: string;
  /** prints the log: a tool and its arguments */
  logCommand?: readonly string[];
  /** bootstrap addresses */
  kafka?: readonly Address[];
  kafkaSecurity?: KafkaSecurity;
  /** where kafkaSecurity was read, to be named in commands */
  kafkaConfig?: string;
  /** metrics of a broker, by HTTP or by JMX */
  kafkaMetricsUrl?: URL;
  kafkaMetricsAuth?: Credentials;
  kafkaJmxUrl?: string;
  /** stands before every command that looks at the worker's host */
  hostCommand?: readonly string[];
  client?: ClientGiven;
};

/** What was given of one client: its variables as a file had them, or its process; what it said. */
export type ClientGiven = {
  env?:
    { place: string; variables: Readonly<Record<string, string | undefined>>; /** of this very process */ isOurs?: true } | { pid: number };
  error?: { place: string; text: string };
};

/** How to look. Durations in milliseconds. */
export type Settings = {
  timeoutMs: number;
  windowMs: number;
  expect: readonly string[];
  /** looks may send data: marked requests */
  active?: true;
  /** names of options that were given, so that only those can be `unknown` */
  given: readonly string[];
  version: string;
  /** environment, injected: proxy variables, KAFKA_HOME */
  env: Readonly<Record<string, string | undefined>>;
  /** epoch milliseconds, injected */
  now: () => number;
  /** standard input, taken hold of only when something is to be read from it */
  stdin?: () => Readable & { isTTY?: boolean };
  /** ends the run early: what is finished by then is reported */
  signal?: AbortSignal;
  /** told which facts are still being looked for, whenever that changes: progress for a person who waits */
  onPending?: (facts: readonly string[]) => void;
};

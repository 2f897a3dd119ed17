import type { Address } from './receivers.ts';

/** The run itself, so that a replay needs nothing else: `now` is a fact. */
export type RunFact = {
  otlpctl: string;
  /** milliseconds since the epoch */
  startedAt: number;
  durationMs: number;
  timeoutMs: number;
  windowMs: number;
  /** what of the window was possible, when the time-out cut it */
  windowCutMs?: number;
  /** exchanges made; all of them looks */
  requests: number;
  /** expectations of --expect */
  expect: string[];
  /** names of proxy variables that are set in the environment and that we do not follow */
  proxyVariables: string[];
  /** this machine's addresses, to tell a local worker */
  localAddresses: string[];
  /** options that were given, by name: only what was given can be `unknown` */
  given: string[];
};

/** An address that a look goes to; off: that receiver is switched off by configuration. */
export type Place = Address & {
  assumed?: true;
  off?: true;
  /** reached over TLS because the address given says so */
  tls?: true;
  /** before /v1/traces, where the address given has a path */
  path?: string;
};

/** What is looked at: resolved from options and REST. */
export type TargetFact = {
  connectUrl: string | null;
  /** the connector asked for or found; null when there is none to judge */
  connector: string | null;
  /** OTLP connectors on this Connect */
  candidates: string[];
  kind: 'connector' | 'bridge' | 'unknown';
  grpc: Place | null;
  http: Place | null;
  metricsUrl: string | null;
  jmxUrl?: string;
  logPlace: string | null;
  /** the command that prints the log, where one was given */
  logCommand?: string;
  /** bootstrap addresses of Kafka and the file with its clients' settings, where they were given */
  kafka?: string[];
  kafkaConfig?: string;
  kafkaMetricsUrl?: string;
  kafkaJmxUrl?: string;
  /** where a Prometheus that scrapes the target was named */
  prometheusUrl?: string;
  /** the command that reaches the worker's host, where one was given */
  hostCommand?: string;
  /** configuration of the connector, where REST could be read */
  config: Record<string, string> | null;
  workerId: string | null;
  /** where the worker is reached: --worker-host, else the host of workerId, else the connect URL's */
  workerHost: string | null;
};

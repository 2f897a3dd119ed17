import { resolve } from 'node:path';
import { execa } from 'execa';
import { cleanEnv } from '../../doubles/otlpctl.ts';
import { PYTHON_SDK } from '../tools.ts';

/** Clients that are set up wrongly, as an operator meets them: what they have in their environment, and which SDK shows it. */
export type Ports = { grpc: number; http: number };
export type Sdk = 'js' | 'python';

/** Nothing listens there: the discard service is off everywhere. */
export const DEAD_PROXY = 'http://127.0.0.1:9';

export const TROUBLED = {
  'grpc-to-http-port': ({ http }: Ports) => ({
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${http}`,
  }),
  'http-to-grpc-port': ({ grpc }: Ports) => ({
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${grpc}`,
  }),
  'signal-endpoint-without-path': ({ http }: Ports) => ({
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${http}`,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://127.0.0.1:${http}`,
  }),
  'localhost-in-container': ({ http }: Ports) => ({
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://localhost:${http}`,
  }),
  'proxy-env-on-client': ({ http }: Ports) => ({
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${http}`,
    http_proxy: DEAD_PROXY,
  }),
  'proxy-before-grpc': ({ grpc }: Ports) => ({
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${grpc}`,
    http_proxy: DEAD_PROXY,
  }),
  'exporter-none': ({ http }: Ports) => ({
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${http}`,
    OTEL_TRACES_EXPORTER: 'none',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
  }),
  'https-to-plaintext': ({ http }: Ports) => ({
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_ENDPOINT: `https://127.0.0.1:${http}`,
  }),
  'https-to-plaintext-grpc': ({ grpc }: Ports) => ({
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_EXPORTER_OTLP_ENDPOINT: `https://127.0.0.1:${grpc}`,
  }),
  'gzip-over-http': ({ http }: Ports) => ({
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${http}`,
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
  }),
} as const satisfies Record<string, (ports: Ports) => Record<string, string>>;
export type Trouble = keyof typeof TROUBLED;

const SERVICE = resolve(import.meta.dirname, '../../demo/service.ts');
const ORDERS = resolve(import.meta.dirname, 'orders.py');

/** A namespace of its own, as a container has one; localhost in it is up and empty. */
const ALONE = ['unshare', '--user', '--map-root-user', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];

export type Run = {
  sdk?: Sdk;
  /** a network namespace of its own */ alone?: boolean;
  /** how many spans the service in JavaScript makes */ orders?: number;
};

/** The command of an SDK's service, and its whole environment. */
export function clientOf(env: Record<string, string>, { sdk = 'python', alone = false, orders = 1 }: Run = {}) {
  const isJs = sdk === 'js';
  const service = isJs ? [process.execPath, SERVICE, String(orders)] : [PYTHON_SDK, ORDERS, env['OTEL_EXPORTER_OTLP_PROTOCOL'] ?? 'grpc'];
  const exporters = { OTEL_TRACES_EXPORTER: 'otlp', OTEL_METRICS_EXPORTER: 'otlp', OTEL_LOGS_EXPORTER: 'otlp' };
  return {
    command: [...(alone ? ALONE : []), ...service] as [string, ...string[]],
    // Python takes seconds where the specification says milliseconds.
    env: cleanEnv({ ...(isJs ? exporters : {}), OTEL_LOG_LEVEL: 'warn', OTEL_EXPORTER_OTLP_TIMEOUT: isJs ? '2000' : '2', ...env }),
  };
}

/** Runs it to its end; what it said of its troubles. */
export async function runClient(env: Record<string, string>, run: Run = {}): Promise<string> {
  const { command, env: all } = clientOf(env, run);
  const [file, ...args] = command;
  const ran = await execa(file, args, { reject: false, extendEnv: false, env: all, timeout: 60_000 });
  return ran.stderr;
}

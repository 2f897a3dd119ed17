import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cleanEnv } from '../../doubles/otlpctl.ts';
import { until } from '../../doubles/until.ts';
import { COLLECTOR } from '../tools.ts';

export type LogLine = { level: string; msg: string } & Record<string, unknown>;

export type Collector = {
  pid: number;
  /** ports of its OTLP receiver: gRPC, HTTP */
  port: number;
  httpPort: number;
  log(): LogLine[];
  /** SIGTERM: it sends on what it holds, then the exit code */
  stop(): Promise<number | null>;
};

type Config = {
  /** beside OTLP, in every pipeline */
  receivers?: Record<string, object>;
  exporters: Record<string, object>;
  /** name of a pipeline, which begins with its signal, to its exporters */
  pipelines: Record<string, readonly string[]>;
  /** serves its own metrics there, for Prometheus */
  metricsPort?: number;
};

const readLine = (line: string): LogLine[] => {
  try {
    return [JSON.parse(line) as LogLine];
  } catch {
    return [{ level: 'unread', msg: line }];
  }
};

const FREE = { endpoint: '127.0.0.1:0' };
const ownMetrics = (port: number | undefined): object =>
  port === undefined
    ? { level: 'none' }
    : { level: 'basic', readers: [{ pull: { exporter: { prometheus: { host: '127.0.0.1', port } } } }] };

/** Runs the Collector with an OTLP receiver on free ports before the exporters given. */
export async function startCollector({ receivers = {}, exporters, pipelines, metricsPort }: Config): Promise<Collector> {
  const config = {
    receivers: { otlp: { protocols: { grpc: FREE, http: FREE } }, ...receivers },
    exporters,
    service: {
      telemetry: { metrics: ownMetrics(metricsPort), logs: { encoding: 'json', sampling: { enabled: false } } },
      pipelines: Object.fromEntries(
        Object.entries(pipelines).map(([name, to]) => [name, { receivers: ['otlp', ...Object.keys(receivers)], exporters: to }]),
      ),
    },
  };
  // JSON is YAML.
  const child = spawn(COLLECTOR, [`--config=yaml:${JSON.stringify(config)}`], { env: cleanEnv(), stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise<number | null>((done, fail) => child.once('error', fail).once('close', done));
  ended.catch(() => undefined);
  await once(child, 'spawn');

  const log = () => said.split('\n').filter(Boolean).flatMap(readLine);
  const stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  try {
    await until('the Collector to be ready', () => {
      if (child.exitCode !== null) throw new Error(`the Collector ended with ${child.exitCode}: ${said}`);
      return log().some(({ msg }) => msg.startsWith('Everything is ready')) || undefined;
    });
    const portOf = (starting: string) =>
      Number(
        String(log().find(({ msg }) => msg === starting)!.endpoint)
          .split(':')
          .at(-1),
      );
    return { pid: child.pid!, port: portOf('Starting GRPC server'), httpPort: portOf('Starting HTTP server'), log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cleanEnv } from '../../doubles/otlpctl.ts';
import { until } from '../../doubles/until.ts';
import { COLLECTOR } from '../tools.ts';

export type LogLine = { level: string; msg: string } & Record<string, unknown>;

export type Collector = {
  /** port of its OTLP receiver, gRPC */
  port: number;
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
};

const readLine = (line: string): LogLine[] => {
  try {
    return [JSON.parse(line) as LogLine];
  } catch {
    return [{ level: 'unread', msg: line }];
  }
};

/** Runs the Collector with an OTLP receiver on a free port before the exporters given. */
export async function startCollector({ receivers = {}, exporters, pipelines }: Config): Promise<Collector> {
  const config = {
    receivers: { otlp: { protocols: { grpc: { endpoint: '127.0.0.1:0' } } }, ...receivers },
    exporters,
    service: {
      telemetry: { metrics: { level: 'none' }, logs: { encoding: 'json', sampling: { enabled: false } } },
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
    const port = await until('the Collector to be ready', () => {
      if (child.exitCode !== null) throw new Error(`the Collector ended with ${child.exitCode}: ${said}`);
      if (!log().some(({ msg }) => msg.startsWith('Everything is ready'))) return undefined;
      const endpoint = log().find(({ msg }) => msg === 'Starting GRPC server')!.endpoint as string;
      return Number(endpoint.split(':').at(-1));
    });
    return { port, log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BIN, cleanEnv } from './otlpctl.ts';
import { until } from './until.ts';

export type BridgePorts = { grpc: number | null; http: number | null; rest: number; metrics: number };

export type BridgeProcess = {
  pid: number;
  ports: BridgePorts;
  /** state folder; the file sink's files are in data/ below it */
  folder: string;
  connectUrl: string;
  metricsUrl: string;
  /** what points otlpctl at this bridge */
  target: readonly string[];
  log(): string;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, then the exit code */
  stop(): Promise<number | null>;
};

/**
 * Runs `otlpctl bridge` as a process of its own, on free ports unless `set` names some, with the file sink in a folder that goes with it.
 * `keep.node` are options of Node.js itself.
 */
export async function startBridgeProcess(
  set: Record<string, string> = {},
  keep: { folder?: string; node?: readonly string[] } = {},
): Promise<BridgeProcess> {
  const folder = keep.folder ?? mkdtempSync(join(tmpdir(), 'otlpctl-bridge-'));
  const keys = {
    'otlp.grpc.port': '0',
    'otlp.http.port': '0',
    'bridge.rest.port': '0',
    'bridge.metrics.port': '0',
    'bridge.state.dir': folder,
    ...set,
  };
  const readyFile = join(folder, 'ready.json');
  // One that was killed has left its own.
  rmSync(readyFile, { force: true });
  const args = ['bridge', ...Object.entries(keys).flatMap(([key, value]) => ['--set', `${key}=${value}`]), '--ready-file', readyFile];
  const child: ChildProcess = spawn(process.execPath, [...(keep.node ?? []), BIN, ...args], {
    env: cleanEnv(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(child, 'close').then(([code]) => code as number | null);

  const { ports } = await until('the bridge to be ready', () => {
    if (child.exitCode !== null) throw new Error(`the bridge ended with ${child.exitCode}: ${said}`);
    try {
      return JSON.parse(readFileSync(readyFile, 'utf8')) as { ports: BridgePorts };
    } catch {
      return undefined;
    }
  });

  const connectUrl = `http://127.0.0.1:${ports.rest}`;
  const metricsUrl = `http://127.0.0.1:${ports.metrics}/metrics.json`;
  return {
    pid: child.pid!,
    ports,
    folder,
    connectUrl,
    metricsUrl,
    target: ['--connect-url', connectUrl, '--metrics-url', metricsUrl],
    log: () => said,
    kill: (signal) => void child.kill(signal),
    async stop() {
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const code = await ended;
      if (keep.folder === undefined) rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}

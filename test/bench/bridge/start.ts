import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BIN, cleanEnv } from '../../doubles/otlpctl.ts';
import { freePorts } from '../../real/stand/ports.ts';

const LOOK_EVERY_MS = 2;
const DEADLINE_MS = 20_000;

const accepts = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => (socket.destroy(), done(true))).on('error', () => done(false));
  });

/** From the start of the process to both of its receivers taking connections, in milliseconds. */
export async function startMs(): Promise<number> {
  const ports = await freePorts(2);
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-bench-'));
  const keys = {
    'otlp.grpc.port': ports[0]!,
    'otlp.http.port': ports[1]!,
    'bridge.rest.port': 0,
    'bridge.metrics.port': 0,
    'bridge.sink': 'memory',
    'bridge.state.dir': folder,
  };
  const args = ['bridge', ...Object.entries(keys).flatMap(([key, value]) => ['--set', `${key}=${value}`])];
  const began = performance.now();
  const child = spawn(process.execPath, [BIN, ...args], { env: cleanEnv(), stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'exit');
  try {
    for (const port of ports)
      while (!(await accepts(port))) {
        if (child.exitCode !== null || performance.now() - began > DEADLINE_MS) throw new Error('the bridge did not start');
        await pause(LOOK_EVERY_MS);
      }
    return performance.now() - began;
  } finally {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

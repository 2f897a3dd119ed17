import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binFolder } from '../../doubles/terminal.ts';
import { BIN, cleanEnv, type Ran } from '../../doubles/otlpctl.ts';
import { until } from '../../doubles/until.ts';
import { hostWith, peerOf, type Prefix } from './namespaces.ts';

/** Where the peer reaches the worker's host. */
export const WORKER = '10.77.0.1';

export type Run = { ran: Promise<Ran>; child: ChildProcess };

/** The host of a worker, and another machine that sends to it. */
export type WorkerHost = {
  prefix: Prefix;
  /** A program on the host, which signals reach; it sees the processes of all hosts. */
  start(command: readonly string[], env?: Record<string, string>): Run;
  /** a program on the host, or on the peer */
  run(where: 'worker' | 'peer', command: readonly string[], env?: Record<string, string>): Promise<Ran>;
  /** a command line as a person types it on the host */
  type(line: string, env?: Record<string, string>): Promise<Ran>;
  /** the peer gets through to this port */
  reaches(port: number): Promise<boolean>;
};

const TYPED = binFolder();
// Root needs it for nothing; a line that a person copies has it.
if (!existsSync('/usr/bin/sudo')) writeFileSync(join(TYPED, 'sudo'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
const PATH = `${TYPED}:${process.env.PATH}`;

function started(prefix: Prefix, command: readonly string[], env: Record<string, string>): Run {
  const [program = '', ...words] = [...prefix, ...command];
  const child = spawn(program, words, { env: cleanEnv(env), stdio: ['ignore', 'pipe', 'pipe'] });
  const ran: Ran = { code: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ran.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (ran.stderr += text));
  const end = new Promise<Ran>((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done({ ...ran, code }));
  });
  return { child, ran: end };
}

/** Starts a bridge behind this packet filter, on the usual ports of a host of its own, and a peer. */
export async function workerHost(
  t: { after(cleanUp: () => void): unknown },
  filter: string,
  set: Record<string, string> = {},
): Promise<WorkerHost> {
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-host-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const ready = join(folder, 'ready.json');
  const keys = Object.entries({ 'bridge.state.dir': folder, 'otlp.bind.address': '0.0.0.0', ...set });
  const words = keys.flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  const { pid, prefix } = await hostWith(t, filter, [process.execPath, BIN, 'bridge', ...words, '--ready-file', ready]);
  const peer = await peerOf(t, pid);
  await until('the bridge', () => existsSync(ready) || undefined, 30_000);
  // Into a namespace of processes it would go as a child of nsenter, which no signal reaches.
  const direct = prefix.filter((word) => word !== '-p');
  const start: WorkerHost['start'] = (command, env = {}) => started(direct, command, { PATH, ...env });
  const runIt: WorkerHost['run'] = (where, command, env = {}) => started(where === 'worker' ? prefix : peer, command, { PATH, ...env }).ran;
  return {
    prefix,
    start,
    run: runIt,
    type: (line, env) => runIt('worker', ['/bin/sh', '-c', line], env),
    reaches: async (port) => (await runIt('peer', ['timeout', '1', 'bash', '-c', `</dev/tcp/${WORKER}/${port}`])).code === 0,
  };
}

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { cleanEnv, type Ran } from '../doubles/otlpctl.ts';

const ENTRY = fileURLToPath(new URL('source-bin.ts', import.meta.url));

/** Runs the command line from source to its end, in a process of its own: exit codes and both streams are the real ones. */
export function runSource(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [ENTRY, ...args], { env: cleanEnv(env), stdio: ['ignore', 'pipe', 'pipe'] });
    const ran: Ran = { code: null, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (ran.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (ran.stderr += text));
    child.on('error', fail);
    child.on('close', (code) => done({ ...ran, code }));
  });
}

import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
export const BIN = resolve(ROOT, 'cli/otlpctl.js');

/** What a run of otlpctl left. */
export type Ran = { code: number | null; stdout: string; stderr: string };

/** `node`: options of node itself, before the program. `input`: what stands on standard input, else it is closed. */
export type RunOptions = { env?: Record<string, string>; node?: readonly string[]; input?: string };

/** Variables of the caller that would change what otlpctl looks at do not reach it. */
export const cleanEnv = (env: Record<string, string> = {}): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
  ...env,
});

/** Runs the built bin to its end, in a process of its own. */
export function otlpctl(args: readonly string[], { env = {}, node = [], input }: RunOptions = {}): Promise<Ran> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [...node, BIN, ...args], { env: cleanEnv(env), stdio: 'pipe' });
    const ran: Ran = { code: null, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (ran.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (ran.stderr += text));
    child.on('error', fail);
    child.on('close', (code) => done({ ...ran, code }));
    child.stdin.on('error', () => undefined).end(input);
  });
}

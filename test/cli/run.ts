import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { BIN, cleanEnv, type Ran } from '../doubles/otlpctl.ts';

/** The built bin; OTLPCTL_FROM_SOURCE=1 takes the sources, while something else does not build. */
const PROGRAM = process.env['OTLPCTL_FROM_SOURCE'] === '1' ? resolve(import.meta.dirname, 'source-bin.ts') : BIN;

export type Run = Ran & { json(): unknown };

/** Runs otlpctl to its end. `node`: options of node itself, before the program. */
export function run(
  args: readonly string[],
  { env = {}, node = [] }: { env?: Record<string, string>; node?: readonly string[] } = {},
): Promise<Run> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [...node, PROGRAM, ...args], { env: cleanEnv(env), stdio: ['ignore', 'pipe', 'pipe'] });
    const ran = { code: null as number | null, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (ran.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (ran.stderr += text));
    child.on('error', fail);
    child.on('close', (code) => done({ ...ran, code, json: () => JSON.parse(ran.stdout) as unknown }));
  });
}

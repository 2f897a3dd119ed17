import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BIN, cleanEnv } from './otlpctl.ts';

/** What a person sees, and how it ended. */
export type Seen = { code: number | null; screen: string };

/** A folder in which `otlpctl` is the built bin, as an installation has it on its PATH. */
export function binFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-bin-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'otlpctl'), `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`, { mode: 0o755 });
  return folder;
}

/** What is left on the screen: a line that is cleared and written anew is as it was written last. */
const shownOf = (written: string): string => written.replaceAll('\r\n', '\n').replaceAll(/[^\n]*\r\u001b\[K/g, '');

/**
 * Runs a command line on a pseudo-terminal (util-linux's script), in place of the shell, which has ways of its own with Ctrl-C; types each answer when its question stands there.
 * \u0003 is Ctrl-C: the terminal makes a signal of it.
 */
export function onTerminal(
  line: string,
  answers: readonly (readonly [question: string, typed: string])[],
  { cwd, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Seen> {
  return new Promise((done, fail) => {
    const child = spawn('script', ['-qefc', `exec ${line}`, '/dev/null'], {
      env: { ...cleanEnv({ TERM: 'dumb', ...env }), SHELL: '/bin/sh' },
      stdio: ['pipe', 'pipe', 'inherit'],
      ...(cwd !== undefined && { cwd }),
    });
    let [screen, read] = ['', 0];
    const left = [...answers];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      screen += text;
      const [next] = left;
      const at = next === undefined ? -1 : screen.indexOf(next[0], read);
      if (next === undefined || at < 0) return;
      read = at + next[0].length;
      left.shift();
      child.stdin.write(next[1]);
    });
    child.on('error', fail);
    child.on('close', (code) => done({ code, screen: shownOf(screen) }));
  });
}

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BIN, cleanEnv } from './otlpctl.ts';

/** What a person sees, and how it ended. */
export type Seen = { code: number | null; screen: string };

/** A command line under way on a terminal. */
export type OnTerminal = {
  /** everything that was written, with its control sequences */
  written(): string;
  /** told each time more was written */
  onMore(told: () => void): void;
  type(text: string): void;
  ended: Promise<number | null>;
};

export type TerminalOptions = { cwd?: string; env?: Record<string, string> };

/** A folder in which `otlpctl` is the built bin, as an installation has it on its PATH. */
export function binFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-bin-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'otlpctl'), `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`, { mode: 0o755 });
  return folder;
}

/** What is left on the screen: a line that is cleared and written anew is as it was written last. */
const shownOf = (written: string): string => written.replaceAll('\r\n', '\n').replaceAll(/[^\n]*\r\u001b\[K/g, '');

/** What stands on the screen after it was last painted from its first line on. */
export const paintedOf = (written: string): string =>
  shownOf(written.slice(written.lastIndexOf('\u001b[H\u001b[J') + 1)).replace(/^\[H\u001b\[J/, '');

/** Starts a command line on a pseudo-terminal (util-linux's script), in place of the shell, which has ways of its own with Ctrl-C. \u0003 is Ctrl-C: the terminal makes a signal of it. */
export function startOnTerminal(line: string, { cwd, env = {} }: TerminalOptions = {}): OnTerminal {
  const child = spawn('script', ['-qefc', `exec ${line}`, '/dev/null'], {
    env: { ...cleanEnv({ TERM: 'dumb', ...env }), SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
    ...(cwd !== undefined && { cwd }),
  });
  let written = '';
  const told: (() => void)[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text;
    told.forEach((tell) => tell());
  });
  const ended = new Promise<number | null>((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done(code));
  });
  return { written: () => written, onMore: (tell) => void told.push(tell), type: (text) => void child.stdin.write(text), ended };
}

/** Runs a command line on a terminal to its end; types each answer when its question stands there. */
export async function onTerminal(
  line: string,
  answers: readonly (readonly [question: string, typed: string])[],
  options: TerminalOptions = {},
): Promise<Seen> {
  const terminal = startOnTerminal(line, options);
  const left = [...answers];
  let read = 0;
  terminal.onMore(() => {
    const [next] = left;
    const at = next === undefined ? -1 : terminal.written().indexOf(next[0], read);
    if (next === undefined || at < 0) return;
    read = at + next[0].length;
    left.shift();
    terminal.type(next[1]);
  });
  const code = await terminal.ended;
  return { code, screen: shownOf(terminal.written()) };
}

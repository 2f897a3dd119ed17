import { deadline } from './deadline.ts';
import { excerpt, duration } from './excerpt.ts';
import { createLineSplitter } from './line-splitter.ts';
import type { FailedOutcome, UnaskedOutcome } from './probe.ts';

/** The one place where a tool that is not ours is started. */
export type Tool = {
  /** the tool and its arguments; no shell reads them */
  command: readonly string[];
  /** the whole environment of the tool; our own when left out */
  env?: Readonly<Record<string, string | undefined>>;
  /** after so long the tool and all it started are ended */
  deadlineMs: number;
  signal: AbortSignal;
  /** told each line of its output as it comes; without it the output is thrown away */
  onLine?: (line: string, from: 'stdout' | 'stderr') => void;
};

/** It ended with exit code 0, or how it did not. */
export type ToolEnd = { exit: 0; lines: number } | FailedOutcome | UnaskedOutcome;

const KEPT_OF_STDERR = 2000;
/** For a tool to end by itself after SIGTERM, before SIGKILL. */
const GRACE_MS = 50;
const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a tool to its end, to the deadline, or until the look is called off, whichever is first. Its standard input is empty, so that one that
 * asks for a password ends; it is a process group of its own, so that what it started ends with it.
 */
export async function runTool({ command, env, deadlineMs, signal, onLine }: Tool): Promise<ToolEnd> {
  const [file = '', ...args] = command;
  // Loaded only where a tool is run.
  const { execa } = await import('execa');
  const own = env === undefined ? {} : { env, extendEnv: false };
  const tool = execa(file, args, { stdin: 'ignore', stdout: 'pipe', stderr: 'pipe', buffer: false, reject: false, detached: true, ...own });
  const { pid } = tool;
  const end = (name: NodeJS.Signals): void => endGroup(pid, name);
  const endWithUs = (): void => end('SIGKILL');
  // In a group of its own the terminal's Ctrl-C does not reach it.
  const passOn = (name: NodeJS.Signals): void => {
    endWithUs();
    process.kill(process.pid, name);
  };
  process.once('exit', endWithUs);
  ENDINGS.forEach((name) => process.once(name, passOn));

  let [said, lines] = ['', 0];
  const complaints = createLineSplitter((line) => onLine?.(line, 'stderr'));
  tool.stderr.on('data', (bytes: Buffer) => {
    if (said.length < KEPT_OF_STDERR) said += bytes.toString();
    if (!isLate) complaints.add(bytes);
  });
  const splitter = createLineSplitter((line) => {
    lines += 1;
    onLine?.(line, 'stdout');
  });
  tool.stdout.on('data', (bytes: Buffer) => {
    if (!isLate) splitter.add(bytes);
  });
  let isLate = false;
  let callOff = (): void => undefined;
  const calledOff = new Promise<'late'>((resolve) => {
    const late = (): void => {
      isLate = true;
      resolve('late');
    };
    if (signal.aborted) late();
    signal.addEventListener('abort', late, { once: true });
    callOff = deadline(deadlineMs, late);
  });
  try {
    const result = await Promise.race([tool, calledOff]);
    if (result !== 'late') {
      splitter.end();
      complaints.end();
      return result.exitCode === 0 ? { exit: 0, lines } : failureOf(file, result, said);
    }
    end('SIGTERM');
    setTimeout(endWithUs, GRACE_MS);
    tool.stdout.destroy();
    tool.stderr.destroy();
    const came = lines === 0 ? 'printed nothing' : `was still printing, ${lines} lines by then,`;
    return {
      failure: 'timeout',
      detail: `${file} ${came} in ${duration(deadlineMs)} and was ended`,
      stage: lines === 0 ? 'answer' : 'body',
    };
  } finally {
    callOff();
    process.off('exit', endWithUs);
    ENDINGS.forEach((name) => process.off(name, passOn));
  }
}

/** A tool that a person works with, as an editor: it has this terminal until it ends. Its exit code; throws when it cannot be started. */
export async function runOnTerminal(command: readonly string[]): Promise<number> {
  const [file = '', ...args] = command;
  const { execa } = await import('execa');
  const { exitCode, code, shortMessage } = await execa(file, args, { stdio: 'inherit', reject: false });
  if (exitCode === undefined) throw new Error(code === 'ENOENT' ? `there is no ${file} on this machine's PATH` : shortMessage);
  return exitCode;
}

function endGroup(pid: number | undefined, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, name);
  } catch {
    // Gone already.
  }
}

type Ended = { exitCode?: number | undefined; signal?: string | undefined; code?: string | undefined; shortMessage?: string | undefined };

function failureOf(file: string, { exitCode, signal, code, shortMessage = '' }: Ended, said: string): FailedOutcome | UnaskedOutcome {
  if (code === 'ENOENT') return { unasked: 'unknown', reason: `there is no ${file} on this machine's PATH` };
  if (code === 'EACCES' || code === 'EPERM') return { failure: 'denied', detail: `${file} may not be run by this user` };
  if (exitCode === undefined && signal === undefined)
    return { unasked: 'unknown', reason: `${file} could not be run: ${excerpt(shortMessage)}` };
  const why = excerpt(said.trim());
  const how = exitCode === undefined ? `was ended by ${signal}` : `ended with exit code ${exitCode}`;
  return { failure: 'malformed', detail: `${file} ${how}${why === '' ? ' and said nothing on stderr' : `: ${why}`}` };
}

import { deadline } from './deadline.ts';
import { duration, excerpt } from './excerpt.ts';
import type { FailedOutcome, UnaskedOutcome } from './probe.ts';

export type ToolRun = {
  command: string;
  args: readonly string[];
  /** the whole environment of the tool; our own when left out */
  env?: Readonly<Record<string, string | undefined>>;
  deadlineMs: number;
  signal: AbortSignal;
  /** told each line while the tool runs */
  onLine?: (line: string, from: 'stdout' | 'stderr') => void;
};

/** `outcome`: what it printed; a failure of it; `unknown` where it is not installed. `stderr`: what it said on the way, also when it was stopped. */
export type ToolAnswer = { outcome: { value: string } | FailedOutcome | UnaskedOutcome; stderr: string };

const MAX_CHARACTERS = 1024 * 1024;

/** The one way to run a tool of others: arguments as a list and no shell, a time limit, bounded output; nothing of it is left running. */
export async function runTool({ command, args, env, deadlineMs, signal, onLine }: ToolRun): Promise<ToolAnswer> {
  // Only when it is needed: it is some hundred modules.
  const { execa } = await import('execa');
  const began = performance.now();
  const child = execa(command, args, {
    reject: false,
    stdin: 'ignore',
    maxBuffer: MAX_CHARACTERS,
    // A group of its own, so that what a wrapper script starts ends with it.
    detached: true,
    ...(env === undefined ? {} : { env, extendEnv: false }),
  });
  if (onLine !== undefined) for (const from of ['stdout', 'stderr'] as const) eachLine(child[from], (line) => onLine(line, from));
  let stoppedAfterMs: number | undefined;
  const kill = (): void => {
    killGroup(child.pid);
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const stop = (): void => {
    stoppedAfterMs ??= performance.now() - began;
    kill();
  };
  const callOff = deadline(deadlineMs, stop);
  const leaveNothing = withUs(kill);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    const { code, exitCode, isMaxBuffer, failed, stdout, stderr } = await child;
    if (stoppedAfterMs !== undefined) return { outcome: late(command, stoppedAfterMs), stderr };
    if (!failed) return { outcome: { value: stdout }, stderr };
    if (isMaxBuffer) kill();
    return { outcome: failure(command, { code, exitCode, isMaxBuffer, stderr }), stderr };
  } finally {
    callOff();
    leaveNothing();
    signal.removeEventListener('abort', stop);
  }
}

type Ended = { code: string | undefined; exitCode: number | undefined; isMaxBuffer: boolean; stderr: string };

function failure(command: string, { code, exitCode, isMaxBuffer, stderr }: Ended): FailedOutcome | UnaskedOutcome {
  if (code === 'ENOENT') return { unasked: 'unknown', reason: `${command} is not installed here` };
  if (code === 'EACCES' || code === 'EPERM') return { failure: 'denied', detail: `${command} may not be run (${code})` };
  if (isMaxBuffer) return { failure: 'malformed', detail: `${command} said more than ${MAX_CHARACTERS} characters` };
  const how = exitCode === undefined ? (code ?? 'was killed') : `ended with exit code ${exitCode}`;
  const said = excerpt(stderr);
  return { failure: 'malformed', detail: `${command} ${how}${said === '' ? '' : `: ${said}`}` };
}

const late = (command: string, ms: number): FailedOutcome => ({ failure: 'timeout', detail: `${command} did not end in ${duration(ms)}` });

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A group of its own does not hear Ctrl-C: whatever ends this process ends the tool first. Returns what undoes that. */
function withUs(kill: () => void): () => void {
  const end = (ending: NodeJS.Signals): void => {
    kill();
    undo();
    process.kill(process.pid, ending);
  };
  const undo = (): void => ENDINGS.forEach((ending) => process.removeListener(ending, end));
  ENDINGS.forEach((ending) => process.on(ending, end));
  return undo;
}

function eachLine(stream: NodeJS.ReadableStream, told: (line: string) => void): void {
  let open = '';
  stream.on('data', (chunk: Buffer | string) => {
    const lines = (open + String(chunk)).split('\n');
    open = (lines.pop() ?? '').slice(0, MAX_CHARACTERS);
    lines.forEach(told);
  });
  stream.on('end', () => open !== '' && told(open));
}

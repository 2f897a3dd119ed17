import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The process that holds a socket. */
export type Holder = { pid: number; command: string; state: string; files: number; filesMax?: number };

/** Which process has each of these socket inodes open, read from /proc. `complete` is false where a socket's owner could not be read. */
export type Holders = { byInode: ReadonlyMap<string, Holder>; complete: boolean };

/** More processes than this are not gone through: a look must end. */
const MOST_PROCESSES = 20_000;
/** Links read between two looks at the clock and at other work. */
const LINKS_A_TURN = 2000;

export async function findHolders(inodes: ReadonlySet<string>, signal: AbortSignal, proc = '/proc'): Promise<Holders> {
  const byInode = new Map<string, Holder>();
  const missing = new Set(inodes);
  let complete = true;
  let links = 0;
  const pids = readdirSync(proc)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
  for (const pid of pids.slice(0, MOST_PROCESSES)) {
    if (missing.size === 0 || signal.aborted) break;
    const open = openFiles(`${proc}/${pid}/fd`);
    complete &&= open !== 'denied';
    if (open === 'denied' || open === 'gone') continue;
    for (const fd of open) {
      links += 1;
      const inode = socketInode(`${proc}/${pid}/fd/${fd}`);
      if (inode === undefined || !missing.delete(inode)) continue;
      byInode.set(inode, { pid, ...describe(`${proc}/${pid}`), files: open.length, ...filesLimit(readOr(`${proc}/${pid}/limits`, '')) });
    }
    if (links > LINKS_A_TURN) {
      links = 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return { byInode, complete: missing.size === 0 || (complete && !signal.aborted && pids.length <= MOST_PROCESSES) };
}

function openFiles(folder: string): string[] | 'denied' | 'gone' {
  try {
    return readdirSync(folder);
  } catch (error) {
    return ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '') ? 'denied' : 'gone';
  }
}

function socketInode(link: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(link))?.[1];
  } catch {
    return undefined;
  }
}

/** The name of a process's program; empty when it is not to be had. */
export const programOf = (pid: number): string => describe(`/proc/${pid}`).command;

const describe = (folder: string): { command: string; state: string } =>
  describeProcess({ stat: readOr(`${folder}/stat`, ''), comm: readOr(`${folder}/comm`, ''), cmdline: readOr(`${folder}/cmdline`, '') });

/** Name and state of a process, from what its folder in /proc holds. */
export function describeProcess({ stat, comm, cmdline }: { stat: string; comm: string; cmdline: string }): {
  command: string;
  state: string;
} {
  // comm may hold blanks and brackets: the state stands after its last one.
  const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
  const words = cmdline.split('\0');
  // comm is the name of a thread: Node's is `MainThread`, Kafka's `java`. The program's own name comes first.
  const name = programName(words[0] ?? '') ?? comm.trim();
  const main = name === 'java' ? mainClass(words) : undefined;
  return { command: main === undefined ? name : `${name} ${main}`, state };
}

/** `/usr/bin/python3` → `python3`, `nginx: master process` → `nginx`. */
const programName = (word: string): string | undefined => /^-?([^\s:/]+)/.exec(word.slice(word.lastIndexOf('/') + 1))?.[1];

/** The soft limit. Source: proc(5), /proc/PID/limits. */
export function filesLimit(limits: string): { filesMax?: number } {
  const most = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return most === undefined ? {} : { filesMax: Number(most) };
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}

/** Options of java that take the next word. Source: `java --help`. */
const WITH_VALUE: ReadonlySet<string> = new Set([
  '-cp',
  '-classpath',
  '--class-path',
  '-p',
  '--module-path',
  '--upgrade-module-path',
  '--add-modules',
  '--add-opens',
  '--add-exports',
  '--add-reads',
  '--limit-modules',
]);

/** The short name of what java runs: `ConnectDistributed`, `app.jar`. Nothing else of the command line is kept: it may hold secrets. */
export function mainClass(words: readonly string[]): string | undefined {
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '-jar') return words[at + 1]?.split('/').at(-1);
    if (WITH_VALUE.has(word)) at += 1;
    else if (!word.startsWith('-') && word !== '') return word.split('/').at(-1)?.split('.').at(-1);
  }
  return undefined;
}

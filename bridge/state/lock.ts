import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { badInput } from '../settings/bad-input.ts';

/** Who holds a folder. `start` is when that process began, so that a pid used again (1 in a container, always) is not mistaken for it. */
type Holder = { pid: number; start: string | null; token: string };

/** A process as /proc/PID/stat has it: state (field 3) and start in clock ticks since boot (field 22). Null where there is no /proc, or no such process. */
function seen(pid: number): { state: string; start: string } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0]!, start: fields[19]! };
  } catch {
    return null;
  }
}

/** Ended, but its parent has not asked how: nothing runs and nothing is held, however long the row stays in the table. */
const ENDED = new Set(['Z', 'X']);

function isAlive({ pid, start }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to somebody else
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = seen(pid);
  return now === null || (!ENDED.has(now.state) && (start === null || start === now.start));
}

function read(file: string): Holder | null {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder>;
    return typeof holder.pid === 'number' && holder.pid > 0 && typeof holder.token === 'string'
      ? { pid: holder.pid, start: holder.start ?? null, token: holder.token }
      : null;
  } catch {
    return null;
  }
}

/** Moves a dead holder's lock away. Two starters may both try: only the one that moved the very lock it judged goes on. */
function takeOver(file: string, stale: Holder | null): void {
  const aside = `${file}.${process.pid}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = read(aside);
  if (moved && moved.token !== stale?.token) {
    try {
      linkSync(aside, file);
    } catch {
      // somebody else holds it by now, which is as good
    }
  }
  rmSync(aside, { force: true });
}

/**
 * Makes this process the one live bridge of a folder, until `release`. The lock is whole from the moment it can be seen (link of a written file).
 * Throws bad input that names the holder. `takenOver`: pid of a dead holder whose lock was found.
 */
export function lockFolder(directory: string): { release(): void; takenOver: number | null } {
  const file = join(directory, 'lock');
  const mine: Holder = { pid: process.pid, start: seen(process.pid)?.start ?? null, token: randomUUID() };
  const draft = `${file}.${mine.token}`;
  writeFileSync(draft, JSON.stringify(mine), { mode: 0o600, flag: 'wx' });
  let takenOver: number | null = null;
  try {
    for (;;) {
      try {
        linkSync(draft, file);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = read(file);
      if (holder && isAlive(holder))
        throw badInput(
          `${directory} is held by a running bridge (pid ${holder.pid}): stop it, or give another bridge.state.dir or --port-offset`,
        );
      takenOver = holder?.pid ?? takenOver;
      takeOver(file, holder);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return {
    takenOver,
    release() {
      if (read(file)?.token === mine.token) rmSync(file, { force: true });
    },
  };
}

import { spawn } from 'node:child_process';
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Waits for a process to be gone, however it ended, then ends every process group named in FOLDER/groups and removes the folder. */
const SCRIPT = `trap '' INT TERM HUP
tail --pid="$1" -s 0.2 -f /dev/null
for group in $(cat "$2/groups"); do kill -s KILL -- "-$group" 2>/dev/null; done
[ -n "$OTLPCTL_KEEP" ] || rm -rf "$2"`;

/**
 * Binds a folder and the processes that live in it to the life of process `life`: nothing stays behind after Ctrl-C, a crash or kill -9.
 * OTLPCTL_KEEP=1 in the environment leaves the folder, for its logs.
 */
export function keep(folder: string, life: number): { adopt(group: number): void } {
  const groups = join(folder, 'groups');
  writeFileSync(groups, '');
  spawn('/bin/sh', ['-c', SCRIPT, 'otlpctl-stand-keeper', String(life), folder], { detached: true, stdio: 'ignore' }).unref();
  return { adopt: (group) => appendFileSync(groups, `${group}\n`) };
}

/** Removes a stand's folder, unless its logs are wanted. */
export function discard(folder: string): void {
  if (process.env.OTLPCTL_KEEP === undefined) rmSync(folder, { recursive: true, force: true });
}

/** Whose life the stands of a test run share: the runner's when this file is one of its children, else this process's own. */
export const runLife = (): number => (process.env.NODE_TEST_CONTEXT === undefined ? process.pid : process.ppid);

import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { until } from '../../doubles/until.ts';

/** How to start one process: the program with its arguments, and how it is seen to serve. */
export type PartPlan = { name: string; logFile: string; command: readonly [string, ...string[]]; ready: () => Promise<boolean> };

/** One process, as a rule a JVM of a stand. Known by its pid alone, so that a test file can take over what an earlier one started. */
export type Part = {
  name: string;
  logFile: string;
  /** undefined before the first start */
  pid(): number | undefined;
  signal(name: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
  /** Kills it and waits until it is gone. */
  kill(): Promise<void>;
  /** Starts it again with the same ports, state and log file, and waits until it serves. */
  start(): Promise<void>;
};

/** Connect starts in 5 to 10 s on two idle cores; the rest is for busy ones. */
const READY_MS = 90_000;
const GONE_MS = 15_000;

export function part(plan: PartPlan, adopt: (group: number) => void, started?: number): Part {
  let current = started;
  const alive = (): number | undefined => (current !== undefined && isAlive(current) ? current : undefined);
  return {
    name: plan.name,
    logFile: plan.logFile,
    pid: () => current,
    signal: (name) => {
      const pid = alive();
      if (pid === undefined) throw new Error(`${plan.name} is not running`);
      process.kill(pid, name);
    },
    kill: async () => {
      const pid = alive();
      if (pid === undefined) return;
      process.kill(-pid, 'SIGKILL');
      await until(`${plan.name} to be gone`, () => alive() === undefined || undefined, GONE_MS);
    },
    start: async () => {
      const log = openSync(plan.logFile, 'a');
      const [program, ...words] = plan.command;
      const child = spawn(program, words, { detached: true, stdio: ['ignore', log, log] });
      closeSync(log);
      const missing = new Promise<never>((_, fail) => child.once('error', fail));
      missing.catch(() => undefined);
      if (child.pid === undefined) await missing;
      if (child.pid === undefined) throw new Error(`${program} cannot be started`);
      adopt(child.pid);
      child.unref();
      current = child.pid;
      await until(`${plan.name} to serve`, () => served(plan, alive()), READY_MS);
    },
  };
}

async function served(plan: PartPlan, alive: number | undefined): Promise<true | undefined> {
  if (alive === undefined) {
    const end = readFileSync(plan.logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
    throw new Error(`${plan.name} ended while starting; its log ends with\n${end}`);
  }
  return (await plan.ready()) || undefined;
}

/** A zombie counts as gone: whoever should reap it may be gone too. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !['Z', 'X'].includes(stat.slice(stat.lastIndexOf(')') + 2)[0] ?? 'X');
  } catch {
    return false;
  }
}

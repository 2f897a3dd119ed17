import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import type { PastRun } from '../../checks/actions/past-run.ts';
import type { Marks } from '../../checks/actions/marks.ts';
import type { Plan } from '../../checks/actions/plan.ts';
import { list } from '../../checks/derive/words.ts';
import { auditFile, readLines } from './audit-file.ts';
import { runsOf, type AuditRun, type RunTarget, type Who } from './audit.ts';
import type { Condition } from './condition.ts';
import type { RunEvent } from './stage.ts';
import { openStateFolder } from './state-folder.ts';

/** Writes down what a run does, before it does it. */
export type Journal = {
  runs(): AuditRun[];
  refused(action: string, target: RunTarget, sentence: string): void;
  /** begins a run: its id */
  planned(action: string, target: RunTarget, plan: Plan, before: Condition, marks: Marks): string;
  /** goes on with one */
  continued(run: string): void;
  add(run: string, event: RunEvent): void;
  /** sentences about runs on this target that never said how they ended */
  unfinished(past: readonly PastRun[], target: RunTarget): string[];
};

/** `20261123-154201-7f3a`, in UTC. */
const runId = (now: number): string => {
  const [day = '', time = ''] = new Date(now).toISOString().split('T');
  return `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomBytes(2).toString('hex')}`;
};

function whoIsIt(env: Readonly<Record<string, string | undefined>>): Who {
  const { username, uid } = userInfo();
  const sudo = env['SUDO_USER'];
  return {
    user: sudo ?? username,
    uid: uid < 0 ? null : uid,
    as: sudo === undefined ? null : username,
    host: hostname(),
    pid: process.pid,
  };
}

/** The process that carries it out is there, as far as this machine can tell. */
export const isAlive = ({ pid, host }: PastRun): boolean => {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** `append`: the program's one writer; it takes secrets out. Throws one sentence when the folder cannot be used; a plan alone only reads it. */
export function openJournal(
  folder: string,
  {
    command,
    planOnly,
    reason,
    options,
    now,
    env,
    append,
  }: {
    command: string;
    planOnly: boolean;
    reason: string | null;
    /** where to look, as it was said */
    options: Readonly<Record<string, string>>;
    now: () => number;
    env: Readonly<Record<string, string | undefined>>;
    append(file: string, event: unknown): void;
  },
): Journal {
  if (!planOnly) openStateFolder(folder);
  const file = auditFile(folder);
  const origin = { schemaVersion: 1 as const, who: whoIsIt(env), command, reason };
  const write = (run: string, event: RunEvent): void => append(file, { run, at: new Date(now()).toISOString(), ...event });
  return {
    runs: () => runsOf(readLines(file)),
    refused: (action, target, sentence) => write(runId(now()), { event: 'refused', ...origin, action, target, sentence }),
    planned(action, target, plan, before, marks) {
      const run = runId(now());
      write(run, { event: 'planned', ...origin, action, target, options, plan, before, marks });
      return run;
    },
    continued: (run) => write(run, { event: 'continued', who: origin.who, command, reason }),
    add: write,
    unfinished: (past, target) => {
      const open = past.filter((one) => one.outcome === null && one.connector === target.connector && one.connectUrl === target.connectUrl);
      const [alive, dead] = [open.filter(isAlive), open.filter((one) => !isAlive(one))];
      return [
        ...(alive.length === 0
          ? []
          : [`${list(alive.map(({ run, action }) => `${action} (run ${run})`))} is being carried out right now.`]),
        ...dead.map(
          ({ run, action }) => `${action} (run ${run}) never said how it ended: otlpctl runbook continue ${run} goes on with it.`,
        ),
      ];
    },
  };
}

import { hostname } from 'node:os';
import type { Plan } from '../../checks/actions/plan.ts';
import { list } from '../../checks/derive/words.ts';
import { badInput } from '../bad-input.ts';
import { didYouMean } from '../near.ts';
import { endOf, eventOf, pastRuns, type AuditRun } from './audit.ts';
import { isAlive } from './journal.ts';
import { pastSteps, type StepPast } from './past-steps.ts';

/** A run of the record that can be gone on with, or has nothing left: `over` then says why. */
export type Found = {
  run: AuditRun;
  planned: NonNullable<ReturnType<typeof plannedOf>>;
  past: StepPast[];
  over: string | null;
};

const plannedOf = (run: AuditRun) => eventOf(run, 'planned');

/** What undoes an earlier step was done, wholly or in part. */
const isUndone = ({ steps }: Plan, past: readonly StepPast[]): boolean =>
  steps.some((step, at) => step.always === true && past[at]?.sentAt != null);

/** Finds it. Throws one sentence for one that cannot be gone on with. */
export function findRun(runs: readonly AuditRun[], id: string, force: boolean): Found {
  const run = runs.find((one) => one.run === id);
  if (run === undefined) {
    const ids = runs.map((one) => one.run);
    const last = ids.length === 0 ? 'the record is empty' : `the last are ${list(ids.slice(-3))}`;
    throw badInput(`there is no run "${id}" in the record${didYouMean(id, ids)}`, last);
  }
  const planned = plannedOf(run);
  if (planned === undefined) throw badInput(`run ${id} was refused and sent nothing: there is nothing to go on with`, 'run it again');
  const past = pastSteps(run, planned.plan.steps.length);
  const ended = endOf(run);
  const over = { run, planned, past };
  if (ended?.outcome === 'done') return { ...over, over: `run ${id} ended at ${ended.at} as promised` };
  const again = `for a new plan: ${planned.command}`;
  if (ended !== undefined && ended.interrupted !== true) throw badInput(`run ${id} ended at ${ended.at}: ${ended.sentence}`, again);
  if (ended !== undefined && isUndone(planned.plan, past))
    throw badInput(`run ${id} was interrupted at ${ended.at} and has put back what it changed`, again);
  const [own] = pastRuns([run]);
  if (ended === undefined && own !== undefined && own.host === hostname() && isAlive(own) && !force)
    throw badInput(`run ${id} is being carried out right now, by process ${own.pid}`, 'give --force if that is another program by now');
  return { ...over, over: null };
}

import type { Plan, PlanStep, ReadStep, WaitStep } from '../../checks/actions/plan.ts';
import type { Outcome } from '../exit-codes.ts';
import { neverLeft, type StepPast } from './past-steps.ts';
import { keep, mark } from './log-steps.ts';
import { filter } from './filter.ts';
import { addPartitions } from './partitions.ts';
import { resume } from './resume.ts';
import { send } from './send.ts';
import { pass, read, tool } from './small-steps.ts';
import { named, type Exchange, type Going, type Stage, type StepEnd } from './stage.ts';
import { still } from './still.ts';
import { wait } from './wait.ts';

export type Ended = { outcome: Outcome; sentence: string; exchanges: Exchange[]; files: string[]; interrupted?: true };

/**
 * Carries a plan out, step by step, and stops at the first that does not end as promised; what undoes an earlier step is done all the same.
 * `past`: what the record has of each step, where a run is gone on with. `ended`: nothing is due any more but what undoes.
 */
export async function execute(plan: Plan, stage: Stage, past: readonly StepPast[] = [], ended?: StepEnd): Promise<Ended> {
  const going: Going = {
    exchanges: [],
    commands: [],
    deadlineAt: Infinity,
    unanswered: null,
    answeredAt: performance.now(),
    mark: past.find(({ mark: marked }) => marked !== null)?.mark ?? null,
    files: [],
  };
  let failedAt = 0;
  for (const [index, step] of plan.steps.entries()) {
    const isDue = ended === undefined && !stage.signal.aborted;
    if (!isDue && step.always !== true) {
      ended ??= { outcome: 'not-seen', sentence: '' };
      continue;
    }
    if (ended?.outcome === 'not-tried' && isUntouched(going, past)) break;
    // Undoing is not to be interrupted.
    const around = step.always === true ? { ...stage, signal: new AbortController().signal } : stage;
    const before = await resume(plan, step, index, around, going, past);
    const end = before.left === null ? before.end : await take(plan, before.left, index, around, going);
    if (end !== undefined && ended === undefined) [ended, failedAt] = [end, index + 1];
    else if (end !== undefined && step.always === true) stage.say(`not done: ${end.sentence}`);
  }
  const { exchanges, files } = going;
  if (ended === undefined) return { outcome: 'done', sentence: 'done', exchanges, files };
  return stage.signal.aborted ? interrupted(plan, failedAt, going, past) : { ...ended, exchanges, files };
}

/** Nothing was sent or run, neither now nor before: there is nothing to undo. */
const isUntouched = ({ exchanges, commands }: Going, past: readonly StepPast[]): boolean =>
  exchanges.length === 0 && commands.length === 0 && past.every(neverLeft);

function take(plan: Plan, step: PlanStep, index: number, stage: Stage, going: Going): Promise<StepEnd> {
  switch (step.kind) {
    case 'request': {
      const waitMs = plan.steps
        .slice(index)
        .find((next): next is WaitStep | ReadStep => next.kind === 'wait' || next.kind === 'read')?.deadlineMs;
      return send(step, index, waitMs, stage, going);
    }
    case 'wait':
      return wait(step, index, stage, going);
    case 'still':
      return still(step, index, stage);
    case 'read':
      return read(step, index, stage, going);
    case 'mark':
      return mark(step, index, stage, going);
    case 'keep':
      return keep(step, index, stage, going);
    case 'pause':
      return pass(step, index, stage);
    case 'partitions':
      return addPartitions(step, index, stage, going);
    case 'filter':
      return filter(step, index, stage);
    case 'command':
      return tool(step, index, stage, going);
  }
}

/** What of the plan was done when somebody ended it, so that nobody has to guess. */
function interrupted(plan: Plan, next: number, { exchanges, commands, files }: Going, past: readonly StepPast[]): Ended {
  const earlier = plan.steps.flatMap((step, at) => (step.kind === 'request' && past[at]?.sentAt != null ? [named(step)] : []));
  const done = [...new Set([...earlier, ...exchanges.map(named), ...commands])];
  const end = { exchanges, files, interrupted: true as const };
  if (done.length === 0) return { outcome: 'not-tried', sentence: 'interrupted before anything was sent', ...end };
  const left = plan.steps.slice(next).flatMap((step) => (step.kind === 'request' && step.always !== true ? [named(step)] : []));
  const unsent = left.filter((one) => !done.includes(one));
  const rest = unsent.length === 0 ? 'what came of it was not waited for' : `not sent: ${unsent.join(', ')}`;
  return { outcome: 'not-seen', sentence: `interrupted after ${done.join(', ')}; ${rest}`, ...end };
}

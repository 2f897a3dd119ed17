import type { Plan, WaitStep } from '../../checks/actions/plan.ts';
import type { Outcome } from '../exit-codes.ts';
import { send } from './send.ts';
import { named, type Exchange, type Going, type Stage } from './stage.ts';
import { wait } from './wait.ts';

export type Ended = { outcome: Outcome; sentence: string; exchanges: Exchange[] };

/** Carries a plan out, step by step, and stops at the first that does not end as promised. `from`: the first step that is still due. */
export async function execute(plan: Plan, stage: Stage, from = 0): Promise<Ended> {
  const going: Going = { exchanges: [], deadlineAt: Infinity, unanswered: null, answeredAt: performance.now() };
  for (const [index, step] of plan.steps.entries()) {
    if (index < from) continue;
    if (stage.signal.aborted) return interrupted(plan, index, going);
    const waitMs = plan.steps.slice(index).find((next): next is WaitStep => next.kind === 'wait')?.deadlineMs;
    if (step.kind === 'wait' && index === from) going.deadlineAt = performance.now() + step.deadlineMs;
    const ended = step.kind === 'request' ? await send(step, index, waitMs, stage, going) : await wait(step, index, stage, going);
    if (ended !== undefined) return stage.signal.aborted ? interrupted(plan, index + 1, going) : { ...ended, exchanges: going.exchanges };
  }
  return { outcome: 'done', sentence: 'done', exchanges: going.exchanges };
}

/** What of the plan was done when somebody ended it, so that nobody has to guess. */
function interrupted(plan: Plan, next: number, { exchanges }: Going): Ended {
  const left = plan.steps.slice(next).flatMap((step) => (step.kind === 'request' ? [named(step)] : []));
  if (exchanges.length === 0) return { outcome: 'not-tried', sentence: 'interrupted before anything was sent', exchanges };
  const rest = left.length === 0 ? 'what came of it was not waited for' : `not sent: ${left.join(', ')}`;
  return { outcome: 'not-seen', sentence: `interrupted after ${exchanges.map(named).join(', ')}; ${rest}`, exchanges };
}

import type { ConnectRequest, CommandStep, Plan, PlanStep } from '../../checks/actions/plan.ts';
import { shellWord } from '../../checks/derive/commands.ts';
import { neverLeft, type StepPast } from './past-steps.ts';
import { judge } from './send.ts';
import { named, type Going, type Stage, type StepEnd } from './stage.ts';
import { judgeUnanswered } from './unanswered.ts';

/** What of a step is left to do; null: nothing, and `end` says whether it ended as promised. */
export type Left = { left: PlanStep } | { left: null; end: StepEnd };

const OVER: Left = { left: null, end: undefined };

/** How a step goes on of which the record has something. What was answered is not done again; what was not is judged by what is seen. */
export async function resume(
  plan: Plan,
  step: PlanStep,
  index: number,
  stage: Stage,
  going: Going,
  past: readonly StepPast[],
): Promise<Left> {
  const own = past[index];
  if (own === undefined) return { left: step };
  switch (step.kind) {
    case 'request':
    case 'command':
      return resumeSending(plan, step, index, stage, going, own);
    case 'partitions':
      // It looks before it asks.
      return own.answered !== null && own.answered.failure === null ? OVER : { left: step };
    case 'filter':
    case 'mark':
    case 'keep':
    case 'wait':
    case 'read':
      return own.seen ? OVER : { left: step };
    case 'still': {
      // Empty queues of then say nothing of now, unless what they were for has left.
      const next = plan.steps.findIndex(({ kind }, at) => at > index && kind === 'request');
      return past[next] !== undefined && !neverLeft(past[next]) ? OVER : { left: step };
    }
    case 'pause':
      return own.seen ? OVER : { left: { ...step, ms: Math.max(0, step.ms - since(past, index)) } };
  }
}

/** Milliseconds since the step before was begun: time that passes without us passes too. */
function since(past: readonly StepPast[], index: number): number {
  const began = past.slice(0, index).findLast(({ sentAt }) => sentAt !== null)?.sentAt;
  return began == null ? 0 : Date.now() - began;
}

const nameOf = (step: ConnectRequest | CommandStep): string =>
  step.kind === 'request' ? named(step) : step.command.map(shellWord).join(' ');

async function resumeSending(
  plan: Plan,
  step: ConnectRequest | CommandStep,
  index: number,
  stage: Stage,
  going: Going,
  own: StepPast,
): Promise<Left> {
  if (neverLeft(own)) return { left: step };
  if (own.answered !== null) return { left: null, end: recorded(step, own.answered, stage, going) };
  if (step.kind === 'command' && step.again === true) return { left: step };
  const judged = await judgeUnanswered(index, plan, stage);
  if (judged.was === 'done') {
    stage.journal({
      event: 'answered',
      step: index,
      ms: 0,
      attempts: 0,
      status: null,
      failure: null,
      answer: `seen instead: ${judged.by}`,
    });
    stage.say(`${nameOf(step)} was carried out: ${judged.by}`);
    return OVER;
  }
  if (judged.was === 'undone') {
    stage.say(`${nameOf(step)} was not carried out: ${judged.by}`);
    return { left: step };
  }
  if (stage.signal.aborted) return { left: null, end: { outcome: 'not-seen', sentence: '' } };
  const sentence = `nothing seen from here shows whether ${nameOf(step)} was carried out, so it is not sent again`;
  return { left: null, end: { outcome: 'not-seen', sentence } };
}

/** The answer that the record has counts as if it had just come. */
function recorded(step: ConnectRequest | CommandStep, answered: NonNullable<StepPast['answered']>, stage: Stage, going: Going): StepEnd {
  const { status, failure, attempts, answer } = answered;
  if (step.kind === 'command') return failure === null ? undefined : { outcome: 'not-seen', sentence: failure };
  if (status === null && failure === null) return undefined;
  const text = typeof answer === 'string' ? answer : '';
  const reply = status === null ? { failure: failure ?? '', sent: true } : { status, json: answer, text };
  return judge(step, reply, attempts, [], { ...stage, say: () => undefined }, going);
}

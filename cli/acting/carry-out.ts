import type { Marks } from '../../checks/actions/marks.ts';
import type { Plan } from '../../checks/actions/plan.ts';
import type { Facts } from '../../checks/facts/index.ts';
import { targetOf } from '../target-options.ts';
import type { Around } from './world.ts';
import type { Condition } from './condition.ts';
import { execute, type Ended } from './execute.ts';
import type { StepPast } from './past-steps.ts';
import type { RunEvent, StepEnd } from './stage.ts';
import { conditionAfter } from './watch.ts';

/** Where a run stands when it is carried out: nowhere yet, or where its record ends. */
export type Standing = { marks: Marks; look: () => Promise<Facts>; past: readonly StepPast[]; ended: StepEnd };

/** A run that has begun has an end in its record, unless the process itself is killed. */
export async function carryOut(
  run: string,
  plan: Plan,
  { marks, look, past, ended: already }: Standing,
  { world, client, options, target }: Around,
): Promise<{ ended: Ended; after: Condition | null; ms: number }> {
  const { journal, say, signal } = world;
  try {
    const began = performance.now();
    const keep = (text: string): string => world.keep(run, text);
    const stage = {
      target: targetOf(options.values),
      client,
      look,
      journal: (event: RunEvent) => journal.add(run, event),
      say,
      signal,
      marks,
      keep,
    };
    const ended = await execute(plan, stage, past, already);
    const ms = Math.round(performance.now() - began);
    const after = signal.aborted ? null : await conditionAfter(options, target, world);
    const { outcome, sentence, interrupted } = ended;
    journal.add(run, { event: 'ended', outcome, sentence, after, ...(interrupted && { interrupted }) });
    return { ended, after, ms };
  } catch (error) {
    journal.add(run, { event: 'ended', outcome: 'not-seen', sentence: `otlpctl itself failed: ${(error as Error).message}`, after: null });
    throw error;
  }
}

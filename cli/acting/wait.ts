import { setTimeout as pause } from 'node:timers/promises';
import { gapOf, isFailed, stateInWords } from '../../checks/actions/goal.ts';
import { anewBy, type Marks } from '../../checks/actions/marks.ts';
import type { Goal, WaitStep } from '../../checks/actions/plan.ts';
import { span } from '../../checks/derive/words.ts';
import type { Facts } from '../../checks/facts/index.ts';
import type { Going, Stage, StepEnd } from './stage.ts';

const POLL_MS = 250;
/** A state that was FAILED before may be shown a little longer. */
const STALE_MS = 5_000;
/** Seen as promised for so long, where nothing shows that the task is another. */
const SETTLED_MS = 3_000;

/** What the looks so far have shown. Times are of performance.now(). */
type Watch = { gap: string | undefined; failedSince: number | null; goodSince: number | null; by: string | undefined };

function noted(watch: Watch, facts: Facts, goal: Goal, before: Marks): Watch {
  const now = performance.now();
  const gap = gapOf(facts, goal);
  return {
    gap,
    goodSince: gap === undefined ? (watch.goodSince ?? now) : null,
    failedSince: isFailed(facts, goal) ? (watch.failedSince ?? now) : null,
    by: watch.by ?? (goal.anew === true ? anewBy(before, facts) : undefined),
  };
}

/** How it is known that the promise is kept; nothing while it is not known. */
function proof({ gap, goodSince, by }: Watch, goal: Goal, { unanswered, answeredAt }: Going): string | undefined {
  if (gap !== undefined || goodSince === null) return undefined;
  if (goal.anew !== true) return '';
  if (by !== undefined) return ` (${by})`;
  const isSettled = unanswered === null && performance.now() - Math.max(goodSince, answeredAt) >= SETTLED_MS;
  return isSettled ? ` for ${span(SETTLED_MS)}; nothing seen from here shows the restart itself` : undefined;
}

/** Why the promise was not kept in time. */
function lateSentence({ gap }: Watch, { unanswered }: Going, ms: number): string {
  const request = unanswered === null ? '' : `the request got ${unanswered}; `;
  if (gap !== undefined) return `${request}not seen in ${span(ms)}: ${gap}`;
  return `${request}nothing that was seen in ${span(ms)} shows whether it was carried out`;
}

/** Looks until the goal is seen, its deadline comes, a task stays FAILED, or somebody wants it to end. */
export async function wait({ goal, deadlineMs }: WaitStep, index: number, stage: Stage, going: Going): Promise<StepEnd> {
  const began = performance.now();
  const deadlineAt = Math.min(going.deadlineAt, began + deadlineMs);
  const spent = (): number => Math.round(performance.now() - began);
  let watch: Watch = { gap: 'nothing was looked at', failedSince: null, goodSince: null, by: undefined };
  for (;;) {
    const facts = await stage.look();
    watch = noted(watch, facts, goal, stage.marks);
    const proven = proof(watch, goal, going);
    const isStuck = watch.failedSince !== null && performance.now() - watch.failedSince >= STALE_MS;
    if (proven !== undefined || isStuck || performance.now() >= deadlineAt || stage.signal.aborted) {
      const seen = stateInWords(facts);
      const sentence = isStuck ? `it is FAILED and stays so: ${watch.gap}` : lateSentence(watch, going, spent());
      stage.journal({
        event: 'waited',
        step: index,
        ms: spent(),
        gap: proven === undefined ? sentence : null,
        seen: `${seen}${proven ?? ''}`,
      });
      if (proven === undefined) return { outcome: 'not-seen', sentence };
      stage.say(`${seen}${proven}`);
      return undefined;
    }
    await pause(POLL_MS, undefined, { signal: stage.signal }).catch(() => undefined);
  }
}

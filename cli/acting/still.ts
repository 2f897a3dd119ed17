import { setTimeout as pause } from 'node:timers/promises';
import { isStill, readingOf, stakeInWords, storedInWords, type Reading } from '../../checks/actions/still.ts';
import type { StillStep } from '../../checks/actions/plan.ts';
import { span } from '../../checks/derive/words.ts';
import type { Stage, StepEnd } from './stage.ts';

/** Two looks a second apart: the connector's poll loop comes round many times in between. */
const BETWEEN_MS = 1_000;
/** A person who waits hears of it so often. */
const TELL_MS = 10_000;

/** Watches intake and queues until both are still, or the deadline comes. */
export async function still({ deadlineMs, acceptLoss }: StillStep, index: number, stage: Stage): Promise<StepEnd> {
  const began = performance.now();
  let earlier: Reading | undefined;
  let toldAt = began;
  for (;;) {
    const facts = await stage.look();
    const now = readingOf(facts);
    const stake = stakeInWords(earlier, now);
    const ms = Math.round(performance.now() - began);
    const note = (gap: string | null, seen: string): void => stage.journal({ event: 'waited', step: index, ms, gap, seen });
    if (isStill(earlier, now)) {
      const stored = storedInWords(facts, now!);
      note(null, `nothing comes in and nothing waits; ${stored}`);
      stage.say(`nothing comes in and nothing waits (${stored})`);
      return undefined;
    }
    if (stage.signal.aborted || ms >= deadlineMs) {
      note(stake, stake);
      if (acceptLoss && !stage.signal.aborted) {
        stage.say(`not still in ${span(ms)}: ${stake}; going on, as --accept-loss says`);
        return undefined;
      }
      return {
        outcome: 'not-seen',
        sentence: `not still in ${span(ms)}, so nothing was restarted: ${stake} (--accept-loss goes on all the same)`,
      };
    }
    if (performance.now() - toldAt >= TELL_MS) {
      stage.say(`waiting: ${stake}`);
      toldAt = performance.now();
    }
    earlier = now;
    await pause(Math.min(BETWEEN_MS, Math.max(deadlineMs - ms, 1)), undefined, { signal: stage.signal }).catch(() => undefined);
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { anewBy, sameBy } from '../../checks/actions/marks.ts';
import type { Assumption, ConnectRequest, Goal, Plan, ReadStep } from '../../checks/actions/plan.ts';
import { connectorView } from '../../checks/derive/connector.ts';
import type { Facts } from '../../checks/facts/index.ts';
import { changedSince } from './assumption.ts';
import type { Stage } from './stage.ts';

/** What left and has no recorded answer was carried out, or was not, or nobody can tell. `by`: what shows it, in words. */
export type Judged = { was: 'done' | 'undone'; by: string } | { was: 'unknown' };

/** What was sent a moment ago may still be on its way. */
const SETTLE_MS = 5_000;
const POLL_MS = 250;

const NOTHING: Assumption = { state: null, config: null };

const isHidden = (value: string | null | undefined): boolean => value?.startsWith('<redacted:') === true;

/** Keys that tell whether a change was carried out: those whose value was another, and that are no secret. */
const telling = ({ config }: Assumption, goal: Goal): [string, string | null][] =>
  Object.entries(goal.config ?? {}).filter(
    ([key, value]) => (config?.[key] ?? null) !== value && !isHidden(config?.[key]) && !isHidden(value),
  );

/** What is seen that only the request can have brought about. */
function doneBy(facts: Facts, goal: Goal, assumes: Assumption, stage: Stage): string | undefined {
  const view = connectorView(facts);
  const keys = telling(assumes, goal);
  if (keys.length > 0 && view.config !== null && keys.every(([key, value]) => (view.config?.[key] ?? null) === value))
    return 'the configuration has its values';
  if (goal.anew === true) return anewBy(stage.marks, facts);
  const state = view.existence === 'absent' ? 'absent' : view.state;
  return state === goal.connector && (assumes.state ?? 'absent') !== state ? `${view.name} is ${state}` : undefined;
}

/** All is as it was before the request. */
function undoneBy(facts: Facts, goal: Goal, assumes: Assumption | null, stage: Stage): string | undefined {
  if (assumes !== null && changedSince(assumes, facts) !== undefined) return undefined;
  if (telling(assumes ?? NOTHING, goal).length > 0) return 'the configuration is as it was';
  return goal.anew === true ? sameBy(stage.marks, facts) : 'all is as it was';
}

/** Looks at what came of a step that left without a recorded answer, before anybody thinks of doing it again. */
export async function judgeUnanswered(index: number, { steps, assumes }: Plan, stage: Stage): Promise<Judged> {
  const wait = steps.slice(index + 1).find((step) => step.kind === 'wait' || step.kind === 'read');
  if (wait?.kind === 'read') return judgeValue(wait, stage);
  if (wait?.kind !== 'wait') return { was: 'unknown' };
  const end = performance.now() + SETTLE_MS;
  for (;;) {
    const facts = await stage.look();
    const done = doneBy(facts, wait.goal, assumes ?? NOTHING, stage);
    if (done !== undefined) return { was: 'done', by: done };
    if (performance.now() >= end || stage.signal.aborted) {
      const undone = undoneBy(facts, wait.goal, assumes, stage);
      return undone === undefined ? { was: 'unknown' } : { was: 'undone', by: undone };
    }
    await pause(POLL_MS, undefined, { signal: stage.signal }).catch(() => undefined);
  }
}

/** A value that is set twice is as it is set once. */
async function judgeValue({ url, key, value, does }: ReadStep, { client, signal }: Stage): Promise<Judged> {
  const call: ConnectRequest = { kind: 'request', method: 'GET', url, body: null, does };
  const reply = await client.send(call, { deadlineMs: SETTLE_MS, signal });
  const json = 'status' in reply ? (reply.json as Record<string, unknown> | null) : null;
  const is = String(json?.[key]);
  return is === value ? { was: 'done', by: `it is ${is}` } : { was: 'undone', by: `it is ${is}` };
}

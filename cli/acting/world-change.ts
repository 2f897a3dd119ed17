import type { PastRun } from '../../checks/actions/past-run.ts';
import type { Goal } from '../../checks/actions/plan.ts';
import type { Facts } from '../../checks/facts/index.ts';
import { changedSince } from './assumption.ts';
import type { Found } from './find-run.ts';
import { neverLeft } from './past-steps.ts';

/** What is not as the run left it or would have found it, as words before "since"; nothing where it may go on. */
export function worldChange({ run, planned, past }: Found, others: readonly PastRun[], facts: Facts): string | undefined {
  const { plan, target, at } = planned;
  const later = others.find(
    (one) =>
      one.run !== run.run &&
      one.sent &&
      one.at >= Date.parse(at) &&
      one.connector === target.connector &&
      one.connectUrl === target.connectUrl,
  );
  if (later !== undefined) return `${later.action} (run ${later.run}) was carried out on it`;
  if (plan.assumes === null) return undefined;
  // What has left may have been carried out: then its goal is as good as what was so before.
  const sent = plan.steps.findLastIndex((_, index) => past[index] !== undefined && !neverLeft(past[index]));
  const goal =
    sent < 0
      ? undefined
      : plan.steps.slice(sent).find((step): step is { kind: 'wait'; goal: Goal } & typeof step => step.kind === 'wait')?.goal;
  return changedSince(plan.assumes, facts, goal);
}

import type { Assumption, Goal } from '../../checks/actions/plan.ts';
import { connectorView } from '../../checks/derive/connector.ts';
import { restView } from '../../checks/derive/rest.ts';
import type { Facts } from '../../checks/facts/index.ts';

/** Connect shows them while it does what it was told. */
const IN_BETWEEN = ['RESTARTING', 'UNASSIGNED', 'FAILED'];

/**
 * What has changed since a plan was made, as words before "since"; nothing when all is as it was.
 * `goal`: what the plan itself has asked for by now, and so may be seen.
 */
export function changedSince({ state, config }: Assumption, facts: Facts, goal?: Goal): string | undefined {
  const rest = restView(facts);
  if (rest.state !== 'answers') return `Connect cannot be read any more (${rest.failed?.detail ?? rest.state})`;
  const view = connectorView(facts);
  const now = view.existence === 'absent' ? null : (view.state ?? null);
  const isOurs =
    goal !== undefined && (now === goal.connector || (now === null && goal.connector === 'absent') || IN_BETWEEN.includes(now ?? ''));
  if (now !== state && !isOurs) return `${view.name} went from ${state ?? 'absent'} to ${now ?? 'absent'}`;
  // What was not there before is whatever it was made to be.
  if (goal !== undefined && (config === null || view.config === null)) return undefined;
  const keys = [...new Set([...Object.keys(config ?? {}), ...Object.keys(view.config ?? {})])].filter(
    (key) => config?.[key] !== view.config?.[key] && !(key in (goal?.config ?? {})),
  );
  return keys.length === 0 ? undefined : `the configuration of ${view.name} changed (${keys.slice(0, 5).join(', ')})`;
}

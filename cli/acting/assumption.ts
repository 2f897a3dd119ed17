import type { Assumption } from '../../checks/actions/plan.ts';
import { connectorView } from '../../checks/derive/connector.ts';
import { restView } from '../../checks/derive/rest.ts';
import type { Facts } from '../../checks/facts/index.ts';

/** What has changed since a plan was made, as words before "since"; nothing when all is as it was. */
export function changedSince({ state, config }: Assumption, facts: Facts): string | undefined {
  const rest = restView(facts);
  if (rest.state !== 'answers') return `Connect cannot be read any more (${rest.failed?.detail ?? rest.state})`;
  const view = connectorView(facts);
  const now = view.existence === 'absent' ? null : (view.state ?? null);
  if (now !== state) return `${view.name} went from ${state ?? 'absent'} to ${now ?? 'absent'}`;
  const keys = [...new Set([...Object.keys(config ?? {}), ...Object.keys(view.config ?? {})])].filter(
    (key) => config?.[key] !== view.config?.[key],
  );
  return keys.length === 0 ? undefined : `the configuration of ${view.name} changed (${keys.slice(0, 5).join(', ')})`;
}

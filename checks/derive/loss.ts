import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Loss } from '../report.ts';
import { backlogOf } from './queue.ts';
import { dropped, flowOf, refused } from './series.ts';

/** Messages lost in the window and since the counters began, and how long until it starts. Null: not known. */
export function lossOf(facts: Facts): Loss {
  const metrics = seen(facts, 'metrics');
  const last = metrics?.samples.at(-1);
  const flow = flowOf(metrics);
  const thrown = last === undefined ? undefined : dropped(last);
  return {
    inWindow: flow?.lost ?? null,
    inWindowPercent: flow === undefined || flow.lossPercent === null ? null : Math.round(flow.lossPercent * 100) / 100,
    soFar: thrown === undefined || last === undefined ? null : thrown + (refused(last) ?? 0),
    since: metrics?.startedAt ?? seen(facts, 'log')?.startedAt ?? null,
    secondsUntilDrops: (flow?.lost ?? 0) > 0 ? 0 : (backlogOf(facts)?.secondsUntilDrops ?? null),
  };
}

import { configValue } from '../derive/connector.ts';
import { quote } from '../derive/evidence.ts';
import type { Backlog } from '../derive/queue.ts';
import { flowOf, perSecond } from '../derive/series.ts';
import type { Flow } from '../derive/series.ts';
import { span } from '../derive/words.ts';
import { CONNECTOR_KEY } from '../../proto/vocabulary/keys.ts';
import { SIGNALS } from '../../proto/vocabulary/signals.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';

/** What the rules of queues say alike. */

export const HEADING = 'Issue 3: High Message Drop Rate';
export const flow = (facts: Facts): Flow | undefined => flowOf(seen(facts, 'metrics'));
export const readings = (facts: Facts, said: string) => quote(facts, 'metrics', 'samples', said);
export const verb = (moved: Flow): string =>
  (moved.refused ?? 0) === 0 ? 'dropped' : (moved.dropped ?? 0) === 0 ? 'refused' : 'dropped or refused';

/** The larger of what came and what left, a second: what a plan has to stand. */
export const peak = (facts: Facts): number => {
  const moved = flow(facts);
  return moved === undefined ? 1 : Math.max(1, Math.ceil(perSecond(Math.max(moved.offered ?? 0, moved.produced ?? 0), moved)));
};

/** Half as much again as a burst needs, within what the connector takes. Source: runbook "Estimating Queue Size". */
export function largerQueue(facts: Facts): number {
  const now = Number(configValue(facts, 'otlp.message.queue.size') ?? 10_000);
  const key = CONNECTOR_KEY.get('otlp.message.queue.size');
  const burst = Math.max(0, ...SIGNALS.map((s) => (flow(facts)?.signals[s].received ?? 0) + (flow(facts)?.signals[s].lost ?? 0)));
  return Math.min(key?.max ?? 1_000_000, Math.max(now * 2, Math.ceil(burst * 1.5)));
}

/** How long until the queue is full, as the end of a sentence. */
export const until = (backlog: Backlog): string =>
  backlog.secondsUntilDrops === null
    ? ''
    : backlog.secondsUntilDrops === 0
      ? '; it is full'
      : `; at this growth it is full in ${span(backlog.secondsUntilDrops * 1000)}`;

/** What a sender of the SDK sets for fewer and larger requests: one request is one message, whatever it holds. */
export const LARGER_BATCHES = 'export OTEL_BSP_MAX_EXPORT_BATCH_SIZE=2048';

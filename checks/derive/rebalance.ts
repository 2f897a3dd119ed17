import type { Facts } from '../facts/index.ts';
import { mark } from './log.ts';
import { clock, span } from './words.ts';

/** Connect says by how much it holds tasks back after a worker left: a sentence, empty where it does not. Source: Kafka Connect, scheduled.rebalance.max.delay.ms. */
export function heldBack(facts: Facts): string {
  const said = mark(facts, 'rebalance-delay');
  const ms = Number(/rebalance delay: (\d+)/.exec(said?.text ?? '')?.[1] ?? 0);
  if (said === undefined || ms === 0) return '';
  const until = said.lastAt === null ? '' : `, until ${clock(said.lastAt + ms)}`;
  return ` It is held back for ${span(ms)} after a worker left${until} (scheduled.rebalance.max.delay.ms).`;
}

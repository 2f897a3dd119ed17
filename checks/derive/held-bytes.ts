import { HELD_BYTES, REFUSED_REASONS, type RefusedFor } from '../../proto/vocabulary/attributes.ts';
import { SIGNAL, SIGNALS } from '../../proto/vocabulary/signals.ts';
import type { Facts, Sample } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Flow } from './series.ts';
import { bytes, count, list, percent } from './words.ts';

/** What the bridge holds of what it may, in bytes; the connector has no such limit. */
export type Held = { bytes: number; limit: number; percent: number };

/** Nothing where the source does not tell. */
export function heldIn({ values }: Sample): Held | undefined {
  const [now, limit] = [values[HELD_BYTES.held], values[HELD_BYTES.limit]];
  return now === undefined || limit === undefined || limit <= 0 ? undefined : { bytes: now, limit, percent: (now / limit) * 100 };
}

export function heldOf(facts: Facts): Held | undefined {
  const last = seen(facts, 'metrics')?.samples.at(-1);
  return last === undefined ? undefined : heldIn(last);
}

/** `210 MB of 268 MB (78 %)`. */
export const heldWords = (held: Held): string => `${bytes(held.bytes)} of ${bytes(held.limit)} (${percent(held.percent)})`;

/** Mean bytes of a request that the bridge holds; nothing where it holds none. */
export function requestBytes(facts: Facts): number | undefined {
  const values = seen(facts, 'metrics')?.samples.at(-1)?.values ?? {};
  const requests = SIGNALS.reduce((sum, signal) => sum + (values[SIGNAL[signal].queueSize] ?? 0), values['RecordsInFlight'] ?? 0);
  const held = values[HELD_BYTES.held] ?? 0;
  return requests === 0 || held === 0 ? undefined : Math.ceil(held / requests);
}

/** The limits that refused something in the window; none where nobody tells. */
export const limitsHit = ({ refusedFor }: Flow): RefusedFor[] => REFUSED_REASONS.filter((reason) => (refusedFor[reason] ?? 0) > 0);

const LIMIT: Readonly<Record<RefusedFor, string>> = {
  queue_full: 'a full queue',
  queue_bytes_full: 'the limit of bytes held',
  not_stored: 'want of the sink',
};

/** Which limit it was, to follow on `refused`: ` for a full queue`, or how many for each. */
export function limitWords(moved: Flow): string {
  const hit = limitsHit(moved);
  if (hit.length < 2) return hit.map((reason) => ` for ${LIMIT[reason]}`).join('');
  return ` (${list(hit.map((reason) => `${count(moved.refusedFor[reason] ?? 0)} for ${LIMIT[reason]}`))})`;
}

import { backlogOf } from '../derive/queue.ts';
import { inFlight } from '../derive/jmx.ts';
import { dropped, received, refused } from '../derive/series.ts';
import { messages } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';

/** What has come in, what waits, and what Kafka has not acknowledged; null where it cannot be seen. */
export type Reading = { offered: number; waiting: number; unacknowledged: number | null };

export function readingOf(facts: Facts): Reading | undefined {
  const last = seen(facts, 'metrics')?.samples.at(-1);
  const [taken, waiting] = [last && received(last), backlogOf(facts)?.messages];
  if (last === undefined || taken === undefined || waiting === undefined) return undefined;
  return { offered: taken + (dropped(last) ?? 0) + (refused(last) ?? 0), waiting, unacknowledged: inFlight(facts) ?? null };
}

const isEmpty = ({ waiting, unacknowledged }: Reading): boolean => waiting === 0 && (unacknowledged ?? 0) === 0;

/** Two looks in a row: nothing came between them, and nothing waits at either. Lag 0 alone may be a moment between two polls. */
export const isStill = (a: Reading | undefined, b: Reading | undefined): boolean =>
  a !== undefined && b !== undefined && isEmpty(a) && isEmpty(b) && a.offered === b.offered;

/** What is at stake now, as words. */
export function stakeInWords(earlier: Reading | undefined, now: Reading | undefined): string {
  if (now === undefined) return 'the metrics could not be read, so what is queued is not known';
  const came = earlier === undefined ? 0 : now.offered - earlier.offered;
  const parts = [
    `${messages(now.waiting)} queued`,
    ...((now.unacknowledged ?? 0) > 0 ? [`${messages(now.unacknowledged ?? 0)} not acknowledged by Kafka`] : []),
    ...(came > 0 ? [`senders still send (${messages(came)} since the last look)`] : []),
  ];
  return parts.join(', ');
}

/** How much of "stored" was seen. */
export const storedInWords = (facts: Facts, { unacknowledged }: Reading): string => {
  if (seen(facts, 'target')?.kind === 'bridge') return 'the sink has acknowledged everything';
  return unacknowledged === null ? "Kafka's acknowledgements cannot be seen from here" : 'Kafka has acknowledged everything';
};

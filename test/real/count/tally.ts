import { SIGNALS } from '../../../proto/vocabulary/signals.ts';
import { readTopic } from '../bridge-kafka/records.ts';
import type { Fate, Sent } from './sender.ts';

export type Tally = {
  sent: number;
  acknowledged: number;
  refused: number;
  unanswered: number;
  /** ids in the topics */
  stored: number;
  /** acknowledged and in no topic */
  lost: string[];
  /** in the topics more than once */
  duplicated: number;
  /** in the topics though their sender was told no, or nothing */
  unasked: number;
};

const ID = /id-\d+/;

/** How often each id stands in the topics. */
export async function storedIds(kafka: string, prefix: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const signal of SIGNALS)
    for (const { value } of await readTopic(kafka, `${prefix}-${signal}`)) {
      const id = ID.exec(value.toString('latin1'))?.[0] ?? 'no id';
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  return counts;
}

export function tally(sent: Sent, stored: ReadonlyMap<string, number>): Tally {
  const of = (fate: Fate) => [...sent].filter(([, one]) => one === fate).map(([id]) => id);
  const acknowledged = of('acknowledged');
  return {
    sent: sent.size,
    acknowledged: acknowledged.length,
    refused: of('refused').length,
    unanswered: of('unanswered').length,
    stored: stored.size,
    lost: acknowledged.filter((id) => !stored.has(id)),
    duplicated: [...stored.values()].filter((count) => count > 1).length,
    unasked: [...of('refused'), ...of('unanswered')].filter((id) => stored.has(id)).length,
  };
}

export const tallyText = (one: Tally): string =>
  [
    `sent          ${one.sent}`,
    `acknowledged  ${one.acknowledged}`,
    `refused       ${one.refused}`,
    `unanswered    ${one.unanswered}`,
    `stored        ${one.stored}   of them ${one.unasked} whose sender was told no or nothing`,
    `lost          ${one.lost.length}${one.lost.length > 0 ? `   ${one.lost.slice(0, 5).join(', ')}` : ''}`,
    `duplicated    ${one.duplicated}`,
  ].join('\n');

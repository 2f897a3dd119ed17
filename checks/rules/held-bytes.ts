import { HELD_BYTES_KEY } from '../../proto/vocabulary/keys.ts';
import { quote } from '../derive/evidence.ts';
import { heldOf, requestBytes } from '../derive/held-bytes.ts';
import type { Held } from '../derive/held-bytes.ts';
import { remedy } from '../derive/remedy.ts';
import { bytes, percent } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Evidence, Remedy } from '../report.ts';
import { peak } from './queue-words.ts';

/** What the rules of queues say about the bridge's other limit, that of bytes. */

export const heldEvidence = (facts: Facts, held: Held): Evidence =>
  quote(facts, 'metrics', `samples.${(seen(facts, 'metrics')?.samples.length ?? 1) - 1}.values.HeldBytes`, held.bytes);

/** Twice as much, within what the key takes. `alone`: no queue was full. */
export function moreBytes(facts: Facts, alone = true): Remedy[] {
  const now = heldOf(facts)?.limit;
  const next = Math.min(HELD_BYTES_KEY.max, (now ?? Number(HELD_BYTES_KEY.default)) * 2);
  if (next === now) return [];
  return [
    remedy(
      `Start the bridge again with a larger ${HELD_BYTES_KEY.name} beside its other keys, as far as its memory goes; it flushes its queues first.${alone ? ' A larger otlp.message.queue.size changes nothing here.' : ''}`,
      `otlpctl bridge --set ${HELD_BYTES_KEY.name}=${next}`,
      'restart',
    ),
  ];
}

/** Where the limit is met all the time: what comes in is more than leaves. */
export const fewerBytes = (facts: Facts): Remedy =>
  remedy(
    `Spread the senders over more instances, or make what the bridge writes to faster (raise bridge.drain.max.per.second if that is set): a larger ${HELD_BYTES_KEY.name} only delays the refusals.`,
    planOf(facts),
  );

/** Queues and memory for requests of the size that is held now. */
export const planOf = (facts: Facts): string => {
  const size = requestBytes(facts);
  return `otlpctl capacity --peak ${peak(facts)} --burst 10${size === undefined ? '' : ` --message-size ${size}B`}`;
};

/** The limit comes first: health has room for the beginning of a sentence. */
export const atLimit = ({ bytes: now, limit, percent: share }: Held, verb: 'reached' | 'come near'): string =>
  `Bytes held ${verb} ${HELD_BYTES_KEY.name} (now ${bytes(now)} of ${bytes(limit)}, ${percent(share)})`;

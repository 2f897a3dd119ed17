import type { Message } from '../../message.ts';
import { sizeOf, type KafkaRecord } from './record.ts';

/** A message and its record. */
export type Made = { message: Message; record: KafkaRecord };

/** Records of one partition that go in one batch; null: any partition. */
export type Chunk = { made: readonly Made[]; partition: number | null };

/** A batch has a frame of its own, and the records in it lengths: it stays this much below the limit of a topic. */
export const largest = (limit: number): number => Math.max(1, Math.floor(limit * 0.95));

/** Cuts records into chunks of at most so many bytes, unless one alone is larger; groups of chunks by partition, each in order. */
export function cut(all: readonly Made[], mostBytes: number, partitionOf: (key: string | null) => number | null): Chunk[][] {
  const groups = new Map<number | null, { made: Made[]; bytes: number; partition: number | null }[]>();
  for (const made of all) {
    const partition = partitionOf(made.record.key);
    const bytes = sizeOf(made.record);
    let chunks = groups.get(partition);
    if (!chunks) groups.set(partition, (chunks = []));
    const last = chunks.at(-1);
    if (last && last.bytes + bytes <= mostBytes) {
      last.made.push(made);
      last.bytes += bytes;
    } else chunks.push({ made: [made], bytes, partition });
  }
  return [...groups.values()];
}

import type { PartitionMetadata } from 'kafkajs';
import { kafkajs } from './library.ts';

/** One attempt to send: its partition, once it is chosen. kafkajs asks for it again at each of its own tries, and gets the same. */
export type Pick = { partition: number | null };

export type Partitions = {
  /** by number, as last heard; none before the first answer */
  count(): number;
  /** what kafkajs asks */
  choose(metadata: PartitionMetadata[], pick: Pick, key: string | null): number;
  /** the partition of a key: the one that Java's clients take */
  ofKey(key: string): number | null;
};

/** Partitions of one topic. Without a key each batch goes to the next partition that has a leader; with one, to the key's. */
export function createPartitions(topic: string): Partitions {
  const byKey = kafkajs().Partitioners.DefaultPartitioner();
  let known: PartitionMetadata[] = [];
  let turn = Math.floor(Math.random() * 1000);

  const next = (): number => {
    const led = known.filter(({ leader }) => leader >= 0);
    const from = led.length > 0 ? led : known;
    return from[turn++ % from.length]!.partitionId;
  };
  const hashed = (key: string) => byKey({ topic, partitionMetadata: known, message: { key, value: null } });

  return {
    count: () => known.length,
    choose(metadata, pick, key) {
      known = metadata;
      pick.partition ??= key === null ? next() : hashed(key);
      return pick.partition;
    },
    ofKey: (key) => (known.length === 0 ? null : hashed(key)),
  };
}

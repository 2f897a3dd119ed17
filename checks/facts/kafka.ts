import type { Signal } from '../../proto/vocabulary/signals.ts';
import type { Failure, Stage } from './fact.ts';
import type { Address } from './receivers.ts';

/** How one address answered Kafka's ApiVersions request: in how many milliseconds, or how not. `malformed`: something answers that is no broker. */
/** Oldest and newest version of a request that a broker takes. Source: Kafka protocol guide, ApiVersions. */
export type ApiVersions = { produce?: [number, number]; fetch?: [number, number]; metadata?: [number, number] };
export type BrokerLook = { address: Address } & (
  { ms: number; versions?: ApiVersions } | { failure: Failure; detail: string; stage?: Stage }
);

export type KafkaBrokers = {
  /** the addresses that were given, in their order */
  bootstrap: BrokerLook[];
  /** null: nobody answered, or nobody told (`refusal`) */
  cluster: { id: string | null; controller: number | null } | null;
  /** brokers at the addresses that they advertise, as the first bootstrap address that answers has them; at most 50 */
  brokers: ({ id: number } & BrokerLook)[];
  /** why the brokers were not told although an address answers: not authorised, no credentials */
  refusal?: { failure: Failure; detail: string };
};

/** A partition without a leader, or with fewer replicas in sync than it has. */
export type TroubledPartition = { id: number; leader: number | null; replicas: number; inSync: number };

export type KafkaTopic = {
  name: string;
  signal: Signal;
  /** null: not known, as `error` says */
  exists: boolean | null;
  /** Kafka's name of the error that asking for it gave */
  error?: string;
  partitions: number;
  /** of the partition that has fewest */
  replicas: number;
  /** at most 50 */
  troubled: TroubledPartition[];
  /** settings in force, those of KAFKA_TOPIC_KEYS; null when they may not be read */
  config: Record<string, string> | null;
};

export const KAFKA_TOPIC_KEYS = ['min.insync.replicas', 'max.message.bytes', 'cleanup.policy', 'retention.ms', 'retention.bytes'] as const;

export type KafkaTopics = {
  topics: KafkaTopic[];
  /** auto.create.topics.enable of the brokers; null when it may not be read */
  autoCreate: boolean | null;
  /** the names are the defaults: the connector's configuration was not known */
  assumed?: true;
};

/** A consumer group that reads topics of the connector. */
export type KafkaGroup = {
  id: string;
  /** Stable, Empty, …; null where it may not be described */
  state: string | null;
  members: number | null;
  /** partitions with a committed offset, and records behind the end: now, and when the window began */
  topics: { name: string; partitions: number; lag: number; lagBefore?: number }[];
};

/** A program, as its records name it; null: they do not. `records` of the sample hold something of it. */
export type KafkaSender = { service: string | null; sdk: string | null; records: number; signals: Signal[] };

/** `records` were read, `foreign` of them are no OTLP request; `more` senders are not in the list. */
export type KafkaSenders = {
  senders: KafkaSender[];
  records: number;
  foreign: number;
  more: number;
  unread: { topic: string; why: string }[];
};

export type KafkaGroups = {
  groups: KafkaGroup[];
  /** groups that this Kafka has */
  listed: number;
  /** of those, the ones that were asked for their offsets */
  asked: number;
  /** milliseconds between the two readings; 0 where there is one */
  spanMs: number;
};

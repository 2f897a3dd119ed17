import type { SinkTrouble } from '../../proto/vocabulary/sink-troubles.ts';
import type { Format } from '../convert/convert.ts';
import type { Message } from '../message.ts';

/** How a topic that is missing is made. */
export type TopicCreation = { partitions: number; replicas: number };

/** One topic, and what its records are to be. */
export type Destination = {
  topic: string;
  format: Format;
  /** null: the sink makes no topic itself */
  creation: TopicCreation | null;
};

/** Why something is not stored: in one word for machines, in a sentence for people. */
export type Fault = { reason: SinkTrouble; sentence: string };

export type Unstorable = { message: Message; fault: Fault };

/** What became of a batch: what is in neither list is stored. */
export type Written = {
  /** not known to be stored, worth another try, in order */
  left: readonly Message[];
  /** why there is something left */
  fault: Fault | null;
  /** never to be stored, whatever is tried */
  unstorable: readonly Unstorable[];
};

export const STORED: Written = { left: [], fault: null, unstorable: [] };

/** The way into one topic. */
export type Outlet = {
  /** batches that may be written at the same time */
  readonly parallel: number;
  /** What one batch should hold at most, now; a single message may be larger. `beside`: bytes that each message takes beside its body. */
  batch(): { messages: number; bytes: number; beside: number };
  /** whether this message is known to be too large before it is queued */
  isTooLarge(message: Message): boolean;
  /** Resolves once it is known what became of each message; rejects when none of them is stored. */
  write(batch: readonly Message[]): Promise<Written>;
  /** what holds things up though nothing has failed yet: throttled, slow, no answer */
  strain(): Fault | null;
  close(): Promise<void>;
};

/** Where messages go from the queues. One small interface, so that a sink is one file or one folder. */
export type Sink = {
  /** what and where, for logs and metrics: `file /var/lib/otlpctl` */
  readonly place: string;
  open(to: Destination): Outlet;
  close(): Promise<void>;
};

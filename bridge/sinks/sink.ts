import type { Message } from '../message.ts';

/** Where messages go from the queues. One small interface, so that a sink is one file. */
export type Sink = {
  /** what and where, for logs and metrics: `file /var/lib/otlpctl` */
  readonly place: string;
  /** Resolves once every message of the batch is stored; rejects when none of it may be counted. One call at a time per signal. */
  write(topic: string, batch: readonly Message[]): Promise<void>;
  close(): Promise<void>;
};

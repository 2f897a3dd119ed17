import type { Message } from '../message.ts';
import { STORED, type Outlet } from './sink.ts';

/** Kafka's default limit of a record batch is 1 MiB: batches stay below it. Larger single messages go alone. */
export const BATCH = { messages: 200, bytes: 900_000, beside: 0 } as const;

/** A way into a topic that takes whole batches of any message, one after the other. */
export const plainOutlet = (write: (batch: readonly Message[]) => Promise<void>): Outlet => ({
  parallel: 1,
  batch: () => BATCH,
  isTooLarge: () => false,
  write: (batch) => write(batch).then(() => STORED),
  strain: () => null,
  close: () => Promise.resolve(),
});

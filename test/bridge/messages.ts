import type { Signal } from '../../proto/vocabulary/signals.ts';
import type { Destination } from '../../bridge/sinks/sink.ts';
import type { Message } from '../../bridge/message.ts';

export const message = (name: string | number, signal: Signal = 'traces', receivedAt = 1): Message => ({
  signal,
  body: Buffer.from(String(name)),
  encoding: 'protobuf',
  receivedAt,
});

/** A topic that takes messages as they came. */
export const to = (topic: string): Destination => ({ topic, format: 'protobuf', creation: null });

export const names = (messages: readonly Message[]): string[] => messages.map(({ body }) => body.toString());

/** Waits for a condition, not for a time. */
export async function until(condition: () => boolean, deadlineMs = 5000): Promise<void> {
  const startedAt = performance.now();
  while (!condition()) {
    if (performance.now() - startedAt > deadlineMs) throw new Error(`not seen within ${deadlineMs} ms: ${condition}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

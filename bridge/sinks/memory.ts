import type { Message } from '../message.ts';
import { plainOutlet } from './plain-outlet.ts';
import type { Sink } from './sink.ts';

export type MemorySink = Sink & {
  /** what a topic holds now, oldest first */
  read(topic: string): Message[];
  topics(): string[];
};

/** Keeps the last messages of each topic, for exercises and tests: what a ring of `perTopic` no longer holds is forgotten. */
export function openMemorySink(perTopic = 1000): MemorySink {
  const rings = new Map<string, { messages: Message[]; next: number }>();
  return {
    place: 'memory',
    open: ({ topic }) =>
      plainOutlet((batch) => {
        let ring = rings.get(topic);
        if (!ring) rings.set(topic, (ring = { messages: [], next: 0 }));
        for (const message of batch) {
          ring.messages[ring.next] = message;
          ring.next = (ring.next + 1) % perTopic;
        }
        return Promise.resolve();
      }),
    read(topic) {
      const ring = rings.get(topic);
      if (!ring) return [];
      const { messages, next } = ring;
      return messages.length < perTopic ? [...messages] : [...messages.slice(next), ...messages.slice(0, next)];
    },
    topics: () => [...rings.keys()],
    close: () => Promise.resolve(),
  };
}

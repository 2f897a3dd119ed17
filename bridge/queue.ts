import type { Message } from './message.ts';

/** A bounded first-in, first-out queue. Taking from the front costs the same whatever its length. */
export type Queue = {
  /** false when it is full */
  offer(message: Message): boolean;
  /** From the front: at most `maxMessages`, together at most `maxBytes` unless the first alone is larger. Each counts `besideBytes` more than its body. */
  take(maxMessages: number, maxBytes: number, besideBytes?: number): Message[];
  /** takes away what is at the front as long as it is so */
  shed(isOver: (message: Message) => boolean): Message[];
  size(): number;
  bytes(): number;
};

const FIRST_SLOTS = 64;

export function createQueue(capacity: number): Queue {
  // A ring that doubles as it fills: a capacity of a million costs nothing while the queue is short. Its length is a power of two.
  let slots = new Array<Message | undefined>(FIRST_SLOTS).fill(undefined);
  let head = 0;
  let size = 0;
  let held = 0;

  const removeFirst = (): Message => {
    const message = slots[head]!;
    slots[head] = undefined; // or the ring would keep its body alive
    head = (head + 1) & (slots.length - 1);
    size--;
    held -= message.body.length;
    return message;
  };

  const grow = () => {
    const old = slots;
    slots = new Array<Message | undefined>(old.length * 2).fill(undefined);
    for (let index = 0; index < size; index++) slots[index] = old[(head + index) & (old.length - 1)];
    head = 0;
  };

  return {
    offer(message) {
      if (size >= capacity) return false;
      if (size === slots.length) grow();
      slots[(head + size) & (slots.length - 1)] = message;
      size++;
      held += message.body.length;
      return true;
    },
    take(maxMessages, maxBytes, besideBytes = 0) {
      const taken: Message[] = [];
      let bytes = 0;
      while (size > 0 && taken.length < maxMessages) {
        bytes += slots[head]!.body.length + besideBytes;
        if (taken.length > 0 && bytes > maxBytes) break;
        taken.push(removeFirst());
      }
      return taken;
    },
    shed(isOver) {
      const shed: Message[] = [];
      while (size > 0 && isOver(slots[head]!)) shed.push(removeFirst());
      return shed;
    },
    size: () => size,
    bytes: () => held,
  };
}

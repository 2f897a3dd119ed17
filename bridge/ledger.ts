import type { Message, OfferAnswer } from './message.ts';
import type { Unstorable } from './sinks/sink.ts';

/**
 * `waiting`: requests whose senders have no answer yet, because they get it when the record is stored; they are in no other count.
 * `late`: records that were stored after their sender had been told to try again: they will be there twice.
 * `tooLarge`: larger than may be stored; refused, or dropped and set aside.
 */
export type Counts = {
  accepted: number;
  refused: number;
  dropped: number;
  produced: number;
  waiting: number;
  late: number;
  tooLarge: number;
  /** bytes of what was produced, as it came (inflated) */
  bytes: number;
};

/** Who of a lane's messages is counted how, and who is told what: the one place where counts change. */
export type Ledger = {
  counts: Readonly<Counts>;
  /** what a sender is told at once, or that it waits */
  offered(answer: OfferAnswer, waits: boolean): void;
  stored(messages: readonly Message[]): void;
  /** a sender that still waits is told no */
  refuse(message: Message, answer: 'not-stored' | 'unstorable' | 'stopping'): void;
  /** a sender was told in time's name */
  timedOut(): void;
  /** Neither stored nor ever to be: the sender is told if it waits, else the message is set aside. `gone`: told of each, in the moment in which it is counted. */
  never(unstorable: readonly Unstorable[], gone: (message: Message) => void): Promise<void>;
  /** kept by the caller from now on */
  givenUp(count: number): void;
  tooLarge(): void;
};

export const isOver = ({ waiter }: Message): boolean => waiter?.isOver() ?? false;

export function createLedger(options: {
  delivered: (messages: readonly Message[]) => void;
  /** never rejects */
  setAside: (one: Unstorable) => Promise<void>;
  /** what is settled later is in somebody else's books */
  isClosed: () => boolean;
}): Ledger {
  const counts: Counts = { accepted: 0, refused: 0, dropped: 0, produced: 0, waiting: 0, late: 0, tooLarge: 0, bytes: 0 };

  const refuse: Ledger['refuse'] = (message, answer) => {
    if (isOver(message)) return;
    counts.refused++;
    counts.waiting--;
    message.waiter!.answer(answer);
  };

  return {
    counts,
    offered(answer, waits) {
      if (answer !== 'accepted') counts.refused++;
      else if (waits) counts.waiting++;
      else counts.accepted++;
    },
    stored(messages) {
      for (const message of messages) {
        if (isOver(message)) {
          counts.late++;
          continue;
        }
        counts.produced++;
        counts.bytes += message.body.length;
        if (!message.waiter) continue;
        counts.accepted++;
        counts.waiting--;
        message.waiter.answer('accepted');
      }
      options.delivered(messages);
    },
    refuse,
    timedOut() {
      counts.refused++;
      counts.waiting--;
    },
    async never(unstorable, gone) {
      for (const one of unstorable) {
        if (one.fault.reason === 'record-too-large') counts.tooLarge++;
        if (one.message.waiter) refuse(one.message, 'unstorable');
        else {
          await options.setAside(one);
          // What is given up meanwhile, this one too, is counted and kept by whoever took it over.
          if (options.isClosed()) return;
          counts.dropped++;
        }
        gone(one.message);
      }
    },
    givenUp: (count) => void (counts.dropped += count),
    tooLarge: () => void counts.tooLarge++,
  };
}

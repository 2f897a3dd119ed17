import type { Signal } from '../proto/vocabulary/signals.ts';

/** How the bytes of a message are encoded, as its sender did it. */
export type Encoding = 'protobuf' | 'json';

export const CONTENT_TYPE: Readonly<Record<Encoding, string>> = { protobuf: 'application/x-protobuf', json: 'application/json' };

/** `not-stored`: the sink did not take it in time, or is known not to take anything now. `unstorable`: the sink never will. */
export type OfferAnswer = 'accepted' | 'full' | 'too-heavy' | 'stopping' | 'not-stored' | 'unstorable';

/** Of a request that is answered only once its record is stored. */
export type Waiter = {
  answer(answer: OfferAnswer): void;
  /** its sender has had an answer */
  isOver(): boolean;
};

/** One Export request, bytes as they arrived (inflated, nothing decoded): what is queued, and what becomes one record. */
export type Message = {
  signal: Signal;
  body: Buffer;
  encoding: Encoding;
  /** milliseconds since the epoch */
  receivedAt: number;
  /** its sender waits until it is stored; absent: it has its answer already */
  waiter?: Waiter;
};

/** Takes a message into the queue of its signal, or says why not. A message that is not accepted was never here: its sender is told. */
export type Offer = (message: Message) => OfferAnswer | Promise<OfferAnswer>;

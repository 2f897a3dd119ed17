import type { Signal } from '../proto/vocabulary/signals.ts';

/** How the bytes of a message are encoded, as its sender did it. */
export type Encoding = 'protobuf' | 'json';

export const CONTENT_TYPE: Readonly<Record<Encoding, string>> = { protobuf: 'application/x-protobuf', json: 'application/json' };

/** One Export request, bytes as they arrived (inflated, nothing decoded): what is queued, and what becomes one record. */
export type Message = {
  signal: Signal;
  body: Buffer;
  encoding: Encoding;
  /** milliseconds since the epoch */
  receivedAt: number;
};

/** Takes a message into the queue of its signal, or says why not. A message that is not accepted was never here: its sender is told. */
export type Offer = (message: Message) => 'accepted' | 'full' | 'too-heavy' | 'stopping';

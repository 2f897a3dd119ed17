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

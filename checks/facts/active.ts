import type { Signal } from '../../proto/vocabulary/signals.ts';

/** Marked requests that a look sent, and what was answered: one of each signal over each protocol. */
export type ActiveLook = { /** what is in every mark */ run: string; sends: ActiveSend[] };

export type ActiveSend = {
  signal: Signal;
  transport: 'grpc' | 'http';
  where: string;
  ok: boolean;
  /** `200`, `OK`, `UNAVAILABLE`, `refused` */
  code: string;
  said: string;
  ms: number;
  /** keys of what is peculiar to the connector */
  peculiar: string[];
};

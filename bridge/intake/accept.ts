import { SIGNAL, SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import type { Encoding, Offer } from '../message.ts';
import { walkJson } from './json.ts';
import { BUSY } from './http-body.ts';
import type { Outcome } from './outcome.ts';
import { wireJudge } from './quick-walk.ts';
import { shapeOf, type Shape } from './shape.ts';

/** Judges one Export request, whatever brought it, and offers it to the queue when there is something in it. */
export type Accept = (signal: Signal, body: Buffer, encoding: Encoding) => Outcome;

export type AcceptOptions = {
  offer: Offer;
  /** whether new requests are sent away because the service is going down */
  refusing: () => boolean;
  maxRequestBytes: number;
  now: () => number;
};

export const tooLarge = (maxRequestBytes: number): Outcome => ({
  is: 'too-large',
  reason: `The request is larger than ${maxRequestBytes} bytes once inflated: send smaller batches.`,
});

const ACCEPTED: Outcome = { is: 'accepted', reason: '' };
const EMPTY: Outcome = { is: 'empty', reason: '' };
/** as BUSY, but counted where it was offered */
const HEAVY: Outcome = { ...BUSY };
const STOPPING: Outcome = { is: 'stopping', reason: 'The service is stopping: send this again, here or to another instance.' };

export function acceptor({ offer, refusing, maxRequestBytes, now }: AcceptOptions): Accept {
  const known = new Map<string, Shape>();
  const shapes = Object.fromEntries(SIGNALS.map((signal) => [signal, shapeOf(SIGNAL[signal].request, known)])) as Record<Signal, Shape>;
  const judgeWire = wireJudge([...known.values()]);
  const full = Object.fromEntries(
    SIGNALS.map((signal) => [signal, { is: 'overloaded', reason: `The queue of ${signal} is full: send this again later.` }]),
  ) as Record<Signal, Outcome>;

  return (signal, body, encoding) => {
    if (refusing()) return STOPPING;
    if (body.length > maxRequestBytes) return tooLarge(maxRequestBytes);
    const judged = encoding === 'json' ? walkJson(body, shapes[signal]) : judgeWire(body, shapes[signal]);
    if ('fault' in judged) return { is: 'undecodable', reason: `Not an Export request of ${signal}: ${judged.fault}.` };
    // OTLP specification, "OTLP/gRPC Request": a request without items succeeds. It carries nothing, so nothing is queued or counted.
    if (judged.items === 0) return EMPTY;
    const answer = offer({ signal, body, encoding, receivedAt: now() });
    return answer === 'accepted' ? ACCEPTED : answer === 'full' ? full[signal] : answer === 'too-heavy' ? HEAVY : STOPPING;
  };
}

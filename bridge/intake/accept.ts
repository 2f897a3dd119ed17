import { SIGNAL, SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import type { Encoding, Offer, OfferAnswer } from '../message.ts';
import { walkJson } from './json.ts';
import { BUSY } from './http-body.ts';
import type { Outcome } from './outcome.ts';
import { wireJudge } from './quick-walk.ts';
import { shapeOf, type Shape } from './shape.ts';

/** Judges one Export request, whatever brought it, and offers it to the queue when there is something in it. A promise where the answer waits for the sink. */
export type Accept = (signal: Signal, body: Buffer, encoding: Encoding) => Outcome | Promise<Outcome>;

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

const outcomesOf = (signal: Signal): Readonly<Record<OfferAnswer, Outcome>> => ({
  accepted: ACCEPTED,
  full: { is: 'overloaded', reason: `The queue of ${signal} is full: send this again later.` },
  'too-heavy': HEAVY,
  stopping: STOPPING,
  'not-stored': { is: 'not-stored', reason: `The request is not stored, because ${signal} cannot be written now: send this again later.` },
  unstorable: { is: 'too-large', reason: `The request is larger than a record of ${signal} may be: send smaller batches.` },
});

export function acceptor({ offer, refusing, maxRequestBytes, now }: AcceptOptions): Accept {
  const known = new Map<string, Shape>();
  const shapes = Object.fromEntries(SIGNALS.map((signal) => [signal, shapeOf(SIGNAL[signal].request, known)])) as Record<Signal, Shape>;
  const judgeWire = wireJudge([...known.values()]);
  const outcomes = Object.fromEntries(SIGNALS.map((signal) => [signal, outcomesOf(signal)])) as Record<
    Signal,
    ReturnType<typeof outcomesOf>
  >;

  return (signal, body, encoding) => {
    if (refusing()) return STOPPING;
    if (body.length > maxRequestBytes) return tooLarge(maxRequestBytes);
    const judged = encoding === 'json' ? walkJson(body, shapes[signal]) : judgeWire(body, shapes[signal]);
    if ('fault' in judged) return { is: 'undecodable', reason: `Not an Export request of ${signal}: ${judged.fault}.` };
    // OTLP specification, "OTLP/gRPC Request": a request without items succeeds. It carries nothing, so nothing is queued or counted.
    if (judged.items === 0) return EMPTY;
    const answer = offer({ signal, body, encoding, receivedAt: now() });
    return typeof answer === 'string' ? outcomes[signal][answer] : answer.then((late) => outcomes[signal][late]);
  };
}

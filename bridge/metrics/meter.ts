import { REFUSED_REASONS } from '../../proto/vocabulary/attributes.ts';
import { SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import { REFUSED_AS, TRANSPORTS, type Answered, type Transport } from '../intake/outcome.ts';
import type { Message } from '../message.ts';
import { countAgents, type AgentCount } from './agents.ts';
import { createHistogram, type Histogram } from './histogram.ts';

/** `signal` is `unknown` where a request was refused before anybody could say it. */
export type Refused = { signal: Signal | 'unknown'; transport: Transport; reason: string; count: number };

/** What a task measures beside its counts. It lives and dies with the task, as they do. */
export type Meter = {
  answered: Answered;
  delivered: (batch: readonly Message[]) => void;
  refused(): Refused[];
  /** who sent what was received whole, since the task began */
  senders(): AgentCount[];
  /** from a request received in full to its answer */
  acceptSeconds: Readonly<Record<Signal, Histogram>>;
  /** from a request queued to the sink having it */
  deliverySeconds: Readonly<Record<Signal, Histogram>>;
};

/** Judging takes microseconds; a gzip of 64 MiB, or a full event loop, takes a second. */
const ACCEPT_BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];
/** A message waits for its batch, and as long as the sink is away. */
const DELIVERY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

const perSignal = (bounds: readonly number[]) =>
  Object.fromEntries(SIGNALS.map((signal) => [signal, createHistogram(bounds)])) as Record<Signal, Histogram>;

/** Two observations and one look-up are all that a request costs here; what is refused is counted in a map. */
export function createMeter(now: () => number): Meter {
  const acceptSeconds = perSignal(ACCEPT_BUCKETS);
  const deliverySeconds = perSignal(DELIVERY_BUCKETS);
  const agents = countAgents();
  const counts = new Map<string, Refused>();
  const note = (transport: Transport, signal: Signal | 'unknown', reason: string, more: number) => {
    const key = `${transport} ${signal} ${reason}`;
    const known = counts.get(key);
    if (known) known.count += more;
    else counts.set(key, { signal, transport, reason, count: more });
  };
  // A series that begins at its first refusal would hide that one from increase(): those that everybody watches begin at 0.
  for (const signal of SIGNALS)
    for (const transport of TRANSPORTS) for (const reason of REFUSED_REASONS) note(transport, signal, reason, 0);

  return {
    answered(transport, signal, is, tookMs, agent) {
      if (signal !== null && agent !== undefined) agents.note(agent, transport, signal);
      if (signal !== null && tookMs !== null) acceptSeconds[signal].observe(tookMs / 1000);
      const reason = REFUSED_AS[is];
      if (reason !== null) note(transport, signal ?? 'unknown', reason, 1);
    },
    delivered(batch) {
      const at = now();
      // A clock that was set back makes no negative time.
      for (const { signal, receivedAt } of batch) deliverySeconds[signal].observe(Math.max(0, at - receivedAt) / 1000);
    },
    refused: () => [...counts.values()].map((one) => ({ ...one })),
    senders: agents.counts,
    acceptSeconds,
    deliverySeconds,
  };
}

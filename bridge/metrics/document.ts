import { HELD_BYTES, PRODUCED_BYTES, REFUSED_FOR, REFUSED_REASONS } from '../../proto/vocabulary/attributes.ts';
import { SIGNAL, SIGNALS, type Signal, type SignalNames } from '../../proto/vocabulary/signals.ts';
import type { SinkTrouble } from '../../proto/vocabulary/sink-troubles.ts';
import { total, utilization, type PerSignal } from '../connect/counts.ts';
import type { TaskSnapshot } from '../connect/task-types.ts';

/** `GET /metrics.json`: attribute names of the runbook, "Key JMX Metrics". Counts are Export requests, DropRate and utilization percent. */
export type MetricsDocument = {
  connector: string;
  counters: Record<string, number>;
  gauges: Record<string, number>;
  derived: Record<string, number>;
  /** where messages go, and what keeps which signal from getting there */
  sink: { place: string; troubles: { signal: Signal; topic: string; reason: SinkTrouble; sentence: string; since: string | null }[] };
  /** when the counters began, ISO 8601 */
  startedAt: string;
};

type CountKey = Extract<keyof SignalNames, 'received' | 'dropped' | 'refused' | 'queueSize'>;
const named = (key: CountKey, counts: PerSignal) =>
  Object.fromEntries(SIGNALS.map((signal: Signal) => [SIGNAL[signal][key], counts[signal]]));

/**
 * One consistent look: at any instant received = produced + queued + in flight + dropped.
 * Source of the definitions: contract, "The bridge".
 */
export function metricsDocument(connector: string, snapshot: TaskSnapshot, startedAt: number): MetricsDocument {
  const received = total(snapshot.accepted);
  const dropped = total(snapshot.dropped);
  const produced = total(snapshot.produced);
  return {
    connector,
    counters: {
      ...named('received', snapshot.accepted),
      ...named('dropped', snapshot.dropped),
      ...named('refused', snapshot.refused),
      ...Object.fromEntries(REFUSED_REASONS.map((reason) => [REFUSED_FOR[reason], snapshot.refusedFor[reason]])),
      RecordsProduced: produced,
      RecordsStoredLate: total(snapshot.late),
      RecordsTooLarge: total(snapshot.tooLarge),
      [PRODUCED_BYTES]: total(snapshot.bytes),
    },
    gauges: {
      ...named('queueSize', snapshot.queued),
      QueueCapacity: snapshot.capacity,
      MaxQueueUtilizationPercent: utilization(snapshot),
      RecordsInFlight: total(snapshot.inFlight),
      RequestsWaiting: total(snapshot.waiting),
      [HELD_BYTES.held]: snapshot.heldBytes,
      [HELD_BYTES.limit]: snapshot.heldBytesLimit,
    },
    derived: {
      TotalMessagesReceived: received,
      TotalMessagesDropped: dropped,
      TotalMessagesRefused: total(snapshot.refused),
      TotalLagCount: received - produced,
      DropRate: received + dropped === 0 ? 0 : (dropped / (received + dropped)) * 100,
    },
    sink: {
      place: snapshot.place,
      troubles: SIGNALS.flatMap((signal) => {
        const trouble = snapshot.troubles[signal];
        if (trouble === null) return [];
        const { topic, reason, sentence, since } = trouble;
        return [{ signal, topic, reason, sentence, since: since === null ? null : new Date(since).toISOString() }];
      }),
    },
    startedAt: new Date(startedAt).toISOString(),
  };
}

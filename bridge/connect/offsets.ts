import { SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import type { StoredOffset } from '../state/stored.ts';
import type { PerSignal } from './counts.ts';
import { sequencesAt, type Session } from './session.ts';

type Json = Record<string, unknown>;

/** One partition a signal, in the connector's form. */
const partitionOf = (connector: string, signal: Signal): Json => ({ connector_name: connector, signal_type: signal.toUpperCase() });

/** The same whatever the order of its keys. */
const keyOf = (partition: Json): string => JSON.stringify(Object.entries(partition).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Offsets with these laid over them; null takes one away, and what names no partition is no offset. */
export function altered(offsets: readonly StoredOffset[], changes: readonly StoredOffset[]): StoredOffset[] {
  const byPartition = new Map([...offsets, ...changes].flatMap((one) => (one.partition ? [[keyOf(one.partition), one] as const] : [])));
  return [...byPartition.values()].filter(({ offset }) => offset !== null);
}

/** How far a task has come. */
export function offsetsOf(connector: string, session: Session, produced: PerSignal): StoredOffset[] {
  const sequences = sequencesAt(session, produced);
  return SIGNALS.filter((signal) => produced[signal] > 0).map((signal) => ({
    partition: partitionOf(connector, signal),
    offset: { sequence: sequences[signal], session_id: session.id, signal_type: signal.toUpperCase() },
  }));
}

/** Where a new task goes on counting. */
export function sequencesOf({ name, offsets }: { name: string; offsets: readonly StoredOffset[] }): Record<Signal, number> {
  const sequence = (signal: Signal) => {
    const key = keyOf(partitionOf(name, signal));
    const kept = offsets.find(({ partition }) => partition && keyOf(partition) === key)?.offset?.['sequence'];
    return typeof kept === 'number' && Number.isSafeInteger(kept) ? kept : 0;
  };
  return Object.fromEntries(SIGNALS.map((signal) => [signal, sequence(signal)])) as Record<Signal, number>;
}

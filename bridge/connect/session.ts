import { SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import type { PerSignal } from './counts.ts';

/** One run of a task: its id, and the sequence numbers that it went on from. */
export type Session = { id: string; began: PerSignal };

/** Sequence numbers when so much has been produced in this run. */
export const sequencesAt = ({ began }: Session, produced: PerSignal): Record<Signal, number> =>
  Object.fromEntries(SIGNALS.map((signal) => [signal, began[signal] + produced[signal]])) as Record<Signal, number>;

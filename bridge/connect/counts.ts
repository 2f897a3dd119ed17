import { SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import type { PipelineSnapshot } from '../pipeline.ts';

export type PerSignal = Readonly<Record<Signal, number>>;

export const total = (counts: PerSignal): number => SIGNALS.reduce((sum, signal) => sum + counts[signal], 0);

/** Fill of the fullest queue in percent. */
export const utilization = ({ queued, capacity }: Pick<PipelineSnapshot, 'queued' | 'capacity'>): number =>
  capacity === 0 ? 0 : (Math.max(...SIGNALS.map((signal) => queued[signal])) / capacity) * 100;

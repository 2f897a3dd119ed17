import { SIGNAL, SIGNALS } from '../../proto/vocabulary/signals.ts';
import type { PipelineSnapshot } from '../pipeline.ts';
import { total, utilization } from './counts.ts';
import type { Emit } from './events.ts';
import { sequencesAt, type Session } from './session.ts';

/** Source: runbook "Queue Metrics", utilization > 80 %. */
const HIGH_UTILIZATION_PERCENT = 80;

/** The periodic line of a task: counters, true queue sizes, and whether the fullest queue is near its end. */
export function emitTaskMetrics(emit: Emit, snapshot: PipelineSnapshot, session: Session): void {
  const sequences = sequencesAt(session, snapshot.produced);
  const high = utilization(snapshot) > HIGH_UTILIZATION_PERCENT;
  emit(
    'task_metrics',
    {
      records_produced: total(snapshot.produced),
      ...Object.fromEntries(SIGNALS.map((signal) => [SIGNAL[signal].queueField, snapshot.queued[signal]])),
      queue_capacity: snapshot.capacity,
      ...Object.fromEntries(SIGNALS.map((signal) => [SIGNAL[signal].sequenceField, sequences[signal]])),
      session_id: session.id,
      status: high ? 'HIGH_QUEUE_UTILIZATION' : 'HEALTHY',
    },
    { level: high ? 'WARN' : 'INFO' },
  );
}

/** Worth a line: something was produced since the last one, or a queue is near its end though nothing moves. */
export const worthALine = (last: PipelineSnapshot, next: PipelineSnapshot): boolean =>
  total(next.produced) !== total(last.produced) || utilization(next) > HIGH_UTILIZATION_PERCENT;

import { SIGNALS } from '../../proto/vocabulary/signals.ts';
import type { Message } from '../message.ts';
import { spill } from '../sinks/file.ts';
import { emitTaskMetrics } from './task-metrics.ts';
import { sequencesAt } from './session.ts';
import type { RunningParts, StopResult } from './task-types.ts';

/** Calls in flight get this long to end once nothing is queued any more. */
const CLOSE_MS = 2000;

async function keep(left: readonly Message[], parts: RunningParts): Promise<Pick<StopResult, 'spilled' | 'lost'>> {
  if (left.length === 0) return { spilled: null, lost: 0 };
  try {
    const file = await spill(parts.context.spillDirectory, left, parts.config.to);
    parts.emit('messages_spilled', { count: left.length, file });
    return { spilled: { count: left.length, file }, lost: 0 };
  } catch (error) {
    parts.emit('messages_lost', { count: left.length, error: (error as Error).message });
    return { spilled: null, lost: left.length };
  }
}

function emitClosed(parts: RunningParts): void {
  const { emit, receivers, pipeline } = parts;
  const { accepted, dropped } = pipeline.snapshot();
  if (receivers.grpcPort !== null) emit('grpc_server_stopped');
  if (receivers.httpPort !== null) emit('http_server_stopped');
  emit(
    'otlp_receiver_stopped',
    Object.fromEntries(SIGNALS.flatMap((s) => [[`${s}_received`, accepted[s]] as const, [`${s}_dropped`, dropped[s]] as const])),
  );
}

/**
 * Ends a task and loses nothing: requests are refused as retryable while the queue is handed on, then the ports close.
 * What the sink does not take by the deadline is spilled to a file. (The connector closes first and throws its queue away.)
 */
export async function stopTask(parts: RunningParts, deadlineMs: number): Promise<StopResult> {
  const { emit, receivers, pipeline, context, session } = parts;
  const began = context.now();
  emit('task_stopping', { session_id: session.id });
  receivers.refuse();
  emit('message_draining_started', { timeout_ms: deadlineMs });
  const { delivered, left } = await pipeline.flush(deadlineMs);
  emit('message_draining_completed', { drained_count: delivered, duration_ms: context.now() - began });
  const kept = await keep(left, parts);

  emit('otlp_receiver_stopping');
  await receivers.close(CLOSE_MS);
  emitClosed(parts);
  parts.refusals.flush();

  const end = pipeline.snapshot();
  const last = sequencesAt(session, end.produced);
  emitTaskMetrics(emit, end, session);
  emit('jmx_metrics_closed', { connector_name: parts.name });
  emit('task_stopped', {
    session_id: session.id,
    final_traces_seq: last.traces,
    final_metrics_seq: last.metrics,
    final_logs_seq: last.logs,
  });
  return { delivered, ...kept };
}

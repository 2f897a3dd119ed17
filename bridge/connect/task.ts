import { randomUUID } from 'node:crypto';
import type { RefusedFor } from '../../proto/vocabulary/attributes.ts';
import { SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import type { Receivers } from '../intake/receivers.ts';
import type { Log } from '../log.ts';
import type { Offer, OfferAnswer } from '../message.ts';
import { createMeter } from '../metrics/meter.ts';
import { startPipeline } from '../pipeline.ts';
import { eventLog, WORKER_LOGGER, type Emit } from './events.ts';
import { refusalLog } from './refusals.ts';
import type { Session } from './session.ts';
import { stopTask } from './stop-task.ts';
import { topicsOf, type TaskConfig } from './task-config.ts';
import { emitTaskMetrics, worthALine } from './task-metrics.ts';
import type { RunningParts, StopResult, Task, TaskContext } from './task-types.ts';
import { startFailure } from './trace.ts';

/** Refusals that show a limit, and are counted and said by it. */
const NOTED: Partial<Record<OfferAnswer, RefusedFor>> = { full: 'queue_full', 'too-heavy': 'queue_bytes_full', 'not-stored': 'not_stored' };

const NOTHING: StopResult = { delivered: 0, spilled: null, lost: 0 };

export function failedTask(trace: string, topics: Record<Signal, string> | null, now: number): Task {
  return {
    state: () => 'FAILED',
    trace,
    startedAt: now,
    ports: { grpc: null, http: null },
    snapshot: () => null,
    meter: null,
    session: null,
    topics: topics ?? (Object.fromEntries(SIGNALS.map((signal) => [signal, ''])) as Record<Signal, string>),
    pause: () => {},
    resume: () => {},
    leave: () => {},
    stop: () => Promise.resolve(NOTHING),
  };
}

function startFailed(
  name: string,
  config: TaskConfig,
  context: TaskContext,
  emit: Emit,
  session: Session,
  failure: { error: string; trace: string },
): Task {
  emit('otlp_receiver_start_failed', { error: failure.error }, { trace: failure.trace });
  context.log({
    level: 'ERROR',
    message: `WorkerSourceTask{id=${name}-0} The task could not start and is FAILED. It stays so until it is restarted`,
    logger: WORKER_LOGGER,
    context: `${name}|task-0`,
  });
  emit('jmx_metrics_closed', { connector_name: name });
  const { traces, metrics, logs } = session.began;
  emit('task_stopped', { session_id: session.id, final_traces_seq: traces, final_metrics_seq: metrics, final_logs_seq: logs });
  return failedTask(failure.trace, topicsOf(config), context.now());
}

function emitStarting(emit: Emit, name: string, config: TaskConfig, sessionId: string): void {
  emit('task_starting', {
    connector_name: name,
    grpc_port: config.grpcPort,
    http_port: config.httpPort,
    topics: SIGNALS.map((signal) => config.to[signal].topic).join(','),
  });
  emit('session_initialized', { session_id: sessionId });
  emit('jmx_metrics_initialized', { connector_name: name });
  emit('otlp_receiver_starting', {
    grpc_enabled: config.grpc !== null,
    grpc_port: config.grpcPort,
    http_enabled: config.http !== null,
    http_port: config.httpPort,
    tls_enabled: config.tls !== null,
    message_format: config.format,
  });
}

function emitStarted(emit: Emit, config: TaskConfig, receivers: Receivers, { id, began }: Session): void {
  if (receivers.grpcPort !== null) emit('grpc_server_started', { bind_address: config.bindAddress, port: receivers.grpcPort });
  if (receivers.httpPort !== null) emit('http_server_started', { bind_address: config.bindAddress, port: receivers.httpPort });
  emit('otlp_receiver_started');
  emit('task_started', { session_id: id, traces_seq: began.traces, metrics_seq: began.metrics, logs_seq: began.logs });
}

/** How a task begins: whether it hands nothing on yet, and the sequence numbers that it goes on from. */
export type Beginning = { paused: boolean; sequences: Session['began'] };

/** Starts the task of a connector. Never rejects: what goes wrong becomes a FAILED task with a trace. */
export async function startTask(name: string, config: TaskConfig, { paused, sequences }: Beginning, context: TaskContext): Promise<Task> {
  const place = `${name}|task-0`;
  const log: Log = (line) => context.log({ context: place, ...line });
  const emit = eventLog(log, place);
  const session: Session = { id: randomUUID(), began: sequences };
  emitStarting(emit, name, config, session.id);

  const meter = createMeter(context.now);
  const pipeline = startPipeline({
    capacity: config.queueSize,
    to: config.to,
    ackTimeoutMs: context.ackTimeoutMs,
    budget: context.budget,
    sink: context.sink,
    drainMaxPerSecond: context.drainMaxPerSecond,
    log,
    now: context.now,
    delivered: meter.delivered,
    setAside: context.setAside,
  });
  if (paused) pipeline.pause();
  const refusals = refusalLog(emit, context.now);
  const noteRefused = (signal: Signal, reason: RefusedFor) => refusals.note(signal, pipeline.snapshot().queued[signal], reason);
  const noted = (signal: Signal, answer: OfferAnswer): OfferAnswer => {
    const reason = NOTED[answer];
    if (reason !== undefined) noteRefused(signal, reason);
    return answer;
  };
  const offer: Offer = (message) => {
    const answer = pipeline.offer(message);
    return typeof answer === 'string' ? noted(message.signal, answer) : answer.then((late) => noted(message.signal, late));
  };
  const refused = (signal: Signal) => {
    pipeline.refused(signal);
    noteRefused(signal, 'queue_bytes_full');
  };

  let receivers: Receivers;
  try {
    const tls = config.tls && { ...config.tls, clientCa: context.tlsClientCa };
    const { maxRequestBytes, budget, now } = context;
    const limits = { connections: context.maxConnections };
    receivers = await context.openReceivers(
      { ...config, tls, maxRequestBytes, limits, budget, offer, refused, log, answered: meter.answered, now },
      name,
    );
  } catch (error) {
    await pipeline.flush(0);
    return startFailed(name, config, context, emit, session, startFailure(error));
  }
  emitStarted(emit, config, receivers, session);
  return runningTask({ name, config, paused, context, pipeline, receivers, emit, session, refusals, meter });
}

function runningTask(parts: RunningParts): Task {
  const { pipeline, receivers, refusals, context, emit, session } = parts;
  let paused = parts.paused;
  let last = pipeline.snapshot();
  const ticker = setInterval(() => {
    const next = pipeline.snapshot();
    if (worthALine(last, next)) emitTaskMetrics(emit, next, session);
    last = next;
  }, context.taskMetricsEveryMs);
  ticker.unref();

  let stopping: Promise<StopResult> | null = null;
  return {
    state: () => (paused ? 'PAUSED' : 'RUNNING'),
    trace: null,
    startedAt: context.now(),
    ports: { grpc: receivers.grpcPort, http: receivers.httpPort },
    snapshot: () => ({
      ...pipeline.snapshot(),
      refusedFor: refusals.counts(),
      heldBytes: context.budget.held(),
      heldBytesLimit: context.budget.limit,
    }),
    topics: topicsOf(parts.config),
    meter: parts.meter,
    session,
    pause() {
      paused = true;
      pipeline.pause();
    },
    resume() {
      paused = false;
      pipeline.resume();
    },
    leave: () => receivers.leave(),
    stop(deadlineMs) {
      clearInterval(ticker);
      if (stopping && deadlineMs === 0) void pipeline.flush(0);
      stopping ??= stopTask(parts, deadlineMs);
      return stopping;
    },
  };
}

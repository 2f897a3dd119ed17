import type { RefusedFor } from '../../proto/vocabulary/attributes.ts';
import type { Signal } from '../../proto/vocabulary/signals.ts';
import type { Budget } from '../budget.ts';
import type { OpenReceivers, Receivers } from '../intake/receivers.ts';
import type { Log } from '../log.ts';
import type { Meter } from '../metrics/meter.ts';
import type { Pipeline, PipelineSnapshot } from '../pipeline.ts';
import type { SetAside } from '../sinks/set-aside.ts';
import type { Sink } from '../sinks/sink.ts';
import type { Emit } from './events.ts';
import type { Refusals } from './refusals.ts';
import type { Session } from './session.ts';
import type { TaskConfig } from './task-config.ts';

/** What became of the messages that were accepted and not yet delivered when the stop began. */
export type StopResult = {
  /** handed to the sink during the stop */
  delivered: number;
  /** what the sink did not take in time, and the file that keeps it */
  spilled: { count: number; file: string } | null;
  /** neither delivered nor kept */
  lost: number;
};

export type TaskContext = {
  sink: Sink;
  openReceivers: OpenReceivers;
  /** null: a request is answered when it is queued; else when it is stored, and refused after so many milliseconds */
  ackTimeoutMs: number | null;
  setAside: SetAside['keep'];
  spillDirectory: string;
  maxRequestBytes: number;
  /** of each receiver */
  maxConnections: number;
  budget: Budget;
  /** PEM file of who may send over TLS; null: everybody */
  tlsClientCa: string | null;
  drainMaxPerSecond: number | null;
  /** shortest time between two task_metrics lines; 30 s as on the connector */
  taskMetricsEveryMs: number;
  log: Log;
  now: () => number;
};

/** The pipeline at one instant, which limit refused how many, and what the whole bridge holds of what it may. */
export type TaskSnapshot = PipelineSnapshot & { refusedFor: Record<RefusedFor, number>; heldBytes: number; heldBytesLimit: number };

export type TaskState = 'RUNNING' | 'PAUSED' | 'FAILED';

/** The one task of a connector: open receivers in front of a pipeline. A task that could not start is FAILED, says why, and holds nothing. */
export type Task = {
  state(): TaskState;
  /** why it FAILED, else null */
  trace: string | null;
  /** milliseconds since the epoch: since when the counters count */
  startedAt: number;
  ports: { grpc: number | null; http: number | null };
  /** null when FAILED: the metrics live and die with the task */
  snapshot(): TaskSnapshot | null;
  topics: Readonly<Record<Signal, string>>;
  /** null when FAILED, as the snapshot */
  meter: Meter | null;
  session: Session | null;
  pause(): void;
  resume(): void;
  /** Still takes everything, and says that it soon will not. */
  leave(): void;
  /** Asked again with 0, it waits for the sink no longer. */
  stop(deadlineMs: number): Promise<StopResult>;
};

/** What a running task is made of. */
export type RunningParts = {
  name: string;
  config: TaskConfig;
  paused: boolean;
  context: TaskContext;
  pipeline: Pipeline;
  receivers: Receivers;
  emit: Emit;
  session: Session;
  refusals: Refusals;
  meter: Meter;
};

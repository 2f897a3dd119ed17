import type { Worker } from './connect/worker.ts';
import type { StatusView } from './connect/views.ts';
import type { Handler, OpenDoor } from './door.ts';
import { startReceivers, type OpenReceivers } from './intake/receivers.ts';
import { metricsHandler, type Facts } from './metrics/handler.ts';
import type { Door } from './settings.ts';
import type { Sink } from './sinks/sink.ts';

export type DoorName = 'rest' | 'metrics';
export type OpenNamed = (what: DoorName, door: Door, handle: Handler) => Promise<OpenDoor>;

/** Where the bridge's parts meet, and something may stand between: drills do. Each is asked once, when the parts are put together. */
export type Seams = {
  doors(open: OpenNamed): OpenNamed;
  rest(handle: Handler): Handler;
  metrics(facts: Facts): Handler;
  shows(status: StatusView): StatusView;
  openReceivers: OpenReceivers;
  sink(sink: Sink): Sink;
  /** told once the worker is there */
  meet(worker: Worker): void;
  close(): void;
};

/** Nothing stands between. */
export const PLAIN: Seams = {
  doors: (open) => open,
  rest: (handle) => handle,
  metrics: (facts) => metricsHandler(facts, () => 'off'),
  shows: (status) => status,
  openReceivers: startReceivers,
  sink: (sink) => sink,
  meet: () => {},
  close: () => {},
};

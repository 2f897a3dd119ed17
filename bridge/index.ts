import { join } from 'node:path';
import { createBudget } from './budget.ts';
import { total } from './connect/counts.ts';
import { restHandler } from './connect/rest.ts';
import { createLoggers } from './connect/loggers.ts';
import { seedConnectors } from './connect/seed.ts';
import type { StopResult } from './connect/task-types.ts';
import { createWorker, type Worker } from './connect/worker.ts';
import { readCredentials, type Credentials } from './credentials.ts';
import { openDoor, type Handler, type OpenDoor } from './door.ts';
import { guardOf } from './guard.ts';
import { BRIDGE_LOGGER, type Log } from './log.ts';
import { inUrl, isLoopback } from './loopback.ts';
import { keepEvents } from './metrics/events.ts';
import { keepHistory } from './metrics/history.ts';
import { PLAIN, type DoorName, type Seams } from './seams.ts';
import type { BridgeSettings, Door } from './settings.ts';
import { badInput } from './settings/bad-input.ts';
import { openSink } from './sinks/index.ts';
import { openSetAside } from './sinks/set-aside.ts';
import type { Sink } from './sinks/sink.ts';
import { keepTakingUp } from './sinks/taking-up.ts';
import { openState, type State } from './state.ts';

export type BridgeParts = {
  log: Log;
  now: () => number;
  /** shortest time between two task_metrics lines of a task */
  taskMetricsEveryMs?: number;
  /** called once the state folder is this bridge's alone */
  held?: () => void;
  /** aborted once a stop is wanted, perhaps before the start is over: it waits for the sink no longer then */
  stopWanted?: AbortSignal;
};

/** What the last stop left behind, by connector. */
export type BridgeStop = { delivered: number; spilled: { connector: string; count: number; file: string }[]; lost: number };

export type Bridge = {
  addresses: { rest: Door; metrics: Door };
  worker: Worker;
  sink: Sink;
  /** accepted and not yet delivered, over all connectors */
  pending(): number;
  /** Says everywhere that it is not ready, and goes on as before: the first half of a stop behind a balancer. */
  leave(): void;
  /** Flushes every connector, closes everything. What the sink does not take within `deadlineMs` is spilled. */
  stop(deadlineMs: number): Promise<BridgeStop>;
  /** A stop that goes on waits for the sink no longer: what is left is spilled now. */
  hurry(): void;
  /** what a stop has left behind, once that is known: closing what was open may go on */
  outcome(): BridgeStop | null;
};

/** As on the connector: at most one every 30 s. */
const TASK_METRICS_EVERY_MS = 30_000;

/** Another port helps against neither. */
const NO_ADDRESS: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL']);

async function openNamed(what: DoorName, door: Door, credentials: Credentials | null, handle: Handler): Promise<OpenDoor> {
  try {
    return await openDoor({ ...door, guard: guardOf(door.host, credentials), handle });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (NO_ADDRESS.has(code))
      throw badInput(
        `bridge.${what}.bind.address=${door.host} is no address of this machine (${code}): give one that is, such as 127.0.0.1`,
      );
    const why =
      code === 'EADDRINUSE'
        ? 'is in use'
        : code === 'EACCES'
          ? 'needs privileges this process lacks'
          : `cannot be opened (${code || message})`;
    throw badInput(
      `bridge.${what}.port ${door.port} on ${door.host} ${why}: give another bridge.${what}.port, or --port-offset N to move all ports`,
    );
  }
}

/** Accepted and not stored: what is queued, in flight, or given up and not yet spilled. */
const pendingOf = (worker: Worker): number =>
  worker.all().reduce((sum, { task }) => {
    const counts = task?.snapshot();
    return sum + (counts ? total(counts.accepted) - total(counts.produced) : 0);
  }, 0);

function summary(results: ReadonlyMap<string, StopResult>): BridgeStop {
  const stopped = [...results];
  return {
    delivered: stopped.reduce((sum, [, { delivered }]) => sum + delivered, 0),
    spilled: stopped.flatMap(([connector, { spilled }]) => (spilled ? [{ connector, ...spilled }] : [])),
    lost: stopped.reduce((sum, [, { lost }]) => sum + lost, 0),
  };
}

/** Whoever reaches a door beyond this machine may change connectors: that is said at every start. */
function sayOpen({ rest, metrics }: BridgeSettings, log: Log): void {
  const open = Object.entries({ REST: rest, metrics }).filter(([, { host }]) => !isLoopback(host));
  for (const [what, { host }] of open)
    log({
      level: 'WARN',
      message: `${what} listens on ${host} without credentials, because bridge.allow.unauthenticated is true: give bridge.auth.file`,
      logger: BRIDGE_LOGGER,
    });
}

/** Everything after the folder is ours. What was opened is closed again when something later cannot be. */
async function startIn(state: State, settings: BridgeSettings, parts: BridgeParts, opened: (() => Promise<void>)[]): Promise<Bridge> {
  const loggers = createLoggers(parts.now, settings.connectVersion);
  const events = keepEvents(parts.now);
  const log: Log = (line) => {
    if (!loggers.allows(line)) return;
    events.note(line);
    parts.log(line);
  };
  if (state.takenOver !== null)
    log({
      level: 'WARN',
      message: `The bridge that held ${state.directory} (pid ${state.takenOver}) ended without letting go of it: taken over`,
      logger: BRIDGE_LOGGER,
    });
  const credentials = settings.authFile === null ? null : readCredentials(settings.authFile);
  if (settings.allowUnauthenticated && credentials === null) sayOpen(settings, log);
  for (const sentence of settings.withoutEffect) log({ level: 'WARN', message: sentence, logger: BRIDGE_LOGGER });
  const connectors = seedConnectors(state, settings, log);
  // Loaded here, so that a bridge without drills has nothing of them.
  const seams: Seams = settings.drills ? (await import('./drills/index.ts')).createDrills(connectors, settings, log) : PLAIN;
  const openDoorOf = seams.doors((what, door, handle) => openNamed(what, door, credentials, handle));
  const sink = seams.sink(await openSink(settings, log));
  opened.push(() => sink.close());

  // The worker's id has the real REST port, so the port opens first; until the worker is there every request is told to come back.
  let rest: Handler = () => ({ status: 503, body: { error_code: 503, message: 'The bridge is starting' } });
  let metrics: Handler = rest;
  const restDoor = await openDoorOf('rest', settings.rest, (asked) => rest(asked));
  opened.push(() => restDoor.close());
  const metricsDoor = await openDoorOf('metrics', settings.metrics, (asked) => metrics(asked));
  opened.push(() => metricsDoor.close());

  const spillDirectory = join(state.directory, 'spilled');
  const setAside = openSetAside(join(state.directory, 'set-aside'), log, parts.now);
  opened.push(() => setAside.close());
  const worker = createWorker({
    state,
    connectors,
    connectVersion: settings.connectVersion,
    workerId: `${inUrl(restDoor.host)}:${restDoor.port}`,
    shows: seams.shows,
    flushTimeoutMs: settings.flushTimeoutMs,
    log,
    context: {
      sink,
      openReceivers: seams.openReceivers,
      ackTimeoutMs: settings.ackTimeoutMs,
      setAside: (to, one) => setAside.keep(to, one),
      spillDirectory,
      // What can never be held is told to be too large, and not to come again.
      maxRequestBytes: Math.min(settings.maxRequestBytes, settings.queueMaxBytes),
      maxConnections: settings.maxConnections,
      budget: createBudget(settings.queueMaxBytes),
      tlsClientCa: settings.tlsClientCa,
      drainMaxPerSecond: settings.drainMaxPerSecond,
      taskMetricsEveryMs: parts.taskMetricsEveryMs ?? TASK_METRICS_EVERY_MS,
      log,
      now: parts.now,
    },
  });
  seams.meet(worker);
  rest = seams.rest(restHandler(worker, loggers));
  const history = keepHistory(worker, parts.now);
  opened.push(() => Promise.resolve(history.stop()));
  metrics = seams.metrics({ source: worker, history, events, now: parts.now });
  log({
    level: 'INFO',
    message: `Bridge ${process.pid} serves REST on http://${worker.face.workerId} and metrics on http://${inUrl(metricsDoor.host)}:${metricsDoor.port}, writes to ${sink.place}`,
    logger: BRIDGE_LOGGER,
  });
  // A memory sink forgets: what is safe in a file stays there.
  const way = { directory: spillDirectory, sink, deadlineMs: settings.flushTimeoutMs, log };
  const taking = settings.sink === 'memory' ? null : keepTakingUp(way, parts.stopWanted);
  if (taking) opened.push(() => taking.end());
  await taking?.begin();
  await worker.start();

  let outcome: BridgeStop | null = null;
  const stop = async (deadlineMs: number): Promise<BridgeStop> => {
    // What is spilled now is for the next start.
    taking?.leaveOff();
    try {
      return (outcome = summary(await worker.shutdown(deadlineMs)));
    } finally {
      seams.close();
      await closeAll(opened);
      state.release();
    }
  };
  let stopped: Promise<BridgeStop> | null = null;
  return {
    addresses: { rest: { host: restDoor.host, port: restDoor.port }, metrics: { host: metricsDoor.host, port: metricsDoor.port } },
    worker,
    sink,
    pending: () => pendingOf(worker),
    leave: () => worker.leave(),
    stop: (deadlineMs) => (stopped ??= stop(deadlineMs)),
    hurry: () => worker.hurry(),
    outcome: () => outcome,
  };
}

/** Closes what was opened, last first; one that fails does not keep the others open. */
async function closeAll(opened: (() => Promise<void>)[]): Promise<void> {
  for (const close of opened.splice(0).reverse()) await close().catch(() => {});
}

/**
 * Starts a bridge: its folder, its sink, REST, metrics, and every connector it knows. Resolves when each task was tried: a receiver that cannot open its
 * port is a FAILED task, no failure of this. Rejects with bad input when the folder is held, REST or metrics cannot listen; then nothing stays open.
 */
export async function startBridge(settings: BridgeSettings, parts: BridgeParts): Promise<Bridge> {
  const state = openState(settings.stateDirectory);
  const opened: (() => Promise<void>)[] = [];
  try {
    parts.held?.();
    return await startIn(state, settings, parts, opened);
  } catch (error) {
    await closeAll(opened);
    state.release();
    throw error;
  }
}

import { SIGNALS, type Signal } from '../proto/vocabulary/signals.ts';
import { createLane, type Lane, type LaneCounts, type LaneOptions, type LaneTrouble, type Traffic } from './lane.ts';
import type { Budget } from './budget.ts';
import type { Log } from './log.ts';
import type { Message, Offer } from './message.ts';
import type { Destination, Sink } from './sinks/sink.ts';
import { sleep as realSleep, type Sleep } from './sleep.ts';
import { createThrottle } from './throttle.ts';

export type PipelineOptions = {
  /** messages, per signal */
  capacity: number;
  to: Record<Signal, Destination>;
  /** bytes of everything held, shared with what is on its way in */
  budget: Budget;
  sink: Sink;
  /** messages a second over all signals together; null for no limit */
  drainMaxPerSecond: number | null;
  log: Log;
  /** milliseconds; the throttle's clock */
  now: () => number;
  /** null: a request is answered when it is queued; else when it is stored, and refused after so many milliseconds */
  ackTimeoutMs?: number | null;
  /** told of every batch once the sink has it */
  delivered?: (batch: readonly Message[]) => void;
  /** keeps what can never be stored; never rejects */
  setAside: LaneOptions['setAside'];
  /** for tests with a clock of their own */
  sleep?: Sleep;
};

/** At any instant, for every signal: accepted = produced + queued + inFlight + dropped. */
export type PipelineSnapshot = { [Count in keyof LaneCounts]: Record<Signal, number> } & {
  capacity: number;
  /** what keeps each signal from being stored */
  troubles: Record<Signal, LaneTrouble | null>;
  /** where messages go */
  place: string;
};

export type Pipeline = {
  offer: Offer;
  /** counts a request that was refused before it could be offered */
  refused(signal: Signal): void;
  snapshot(): PipelineSnapshot;
  /** Stops draining; a batch that the sink is writing is finished. What is offered is still accepted until the queue is full. */
  pause(): void;
  resume(): void;
  /**
   * Stops accepting and hands everything on: a pause ends and the throttle no longer applies. At the deadline it gives up; what is left is returned,
   * oldest first, and counted as dropped, because keeping it is now the caller's part.
   * Asked again with 0 it gives up at once.
   */
  flush(deadlineMs: number): Promise<{ delivered: number; left: Message[] }>;
};

const COUNTS = ['accepted', 'refused', 'dropped', 'produced', 'queued', 'inFlight', 'waiting', 'late', 'tooLarge', 'bytes'] as const;

const bySignal = <T>(make: (signal: Signal) => T): Record<Signal, T> =>
  Object.fromEntries(SIGNALS.map((signal) => [signal, make(signal)])) as Record<Signal, T>;

/** Whether everything is handed on before the deadline, and before `cutShort` aborts. */
async function drainedInTime(lanes: readonly Lane[], deadlineMs: number, cutShort: AbortSignal): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, deadlineMs, false);
    cutShort.addEventListener('abort', () => resolve(false));
  });
  try {
    return await Promise.race([Promise.all(lanes.map((lane) => lane.drained())).then(() => true), deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** Three queues, one a signal, and what drains each into the sink. Nothing accepted is ever dropped here, only given back by `flush`. */
export function startPipeline(options: PipelineOptions): Pipeline {
  const { capacity, to, budget, sink, log, now, ackTimeoutMs = null, delivered = () => {}, setAside, sleep = realSleep } = options;
  const throttle = createThrottle(options.drainMaxPerSecond, now, sleep);
  const traffic: Traffic = { paused: null, stopping: new AbortController(), givenUp: new AbortController() };
  const lane = bySignal((signal) =>
    createLane({
      signal,
      to: to[signal],
      place: sink.place,
      outlet: sink.open(to[signal]),
      capacity,
      ackTimeoutMs,
      budget,
      throttle,
      traffic,
      log,
      now,
      delivered,
      setAside,
      sleep,
    }),
  );
  const lanes = SIGNALS.map((signal) => lane[signal]);
  const produced = () => lanes.reduce((sum, one) => sum + one.counts().produced, 0);

  let goOn = () => {};
  const resume = () => {
    traffic.paused = null;
    goOn();
    lanes.forEach((one) => one.kick());
  };

  const cutShort = new AbortController();
  const flush = async (deadlineMs: number) => {
    const before = produced();
    traffic.stopping.abort();
    throttle.lift();
    resume();
    const isDrained = await drainedInTime(lanes, deadlineMs, cutShort.signal);
    traffic.givenUp.abort();
    const left = isDrained ? [] : lanes.flatMap((one) => one.giveUp()).sort((a, b) => a.receivedAt - b.receivedAt);
    await Promise.all(lanes.map((one) => one.close()));
    return { delivered: produced() - before, left };
  };
  let flushing: ReturnType<typeof flush> | null = null;

  return {
    offer: (message) => lane[message.signal].offer(message),
    refused: (signal) => lane[signal].refused(),
    snapshot() {
      const counts = bySignal((signal) => lane[signal].counts());
      const each = COUNTS.map((name) => [name, bySignal((signal) => counts[signal][name])]);
      return {
        ...(Object.fromEntries(each) as Record<(typeof COUNTS)[number], Record<Signal, number>>),
        capacity,
        troubles: bySignal((signal) => lane[signal].trouble()),
        place: sink.place,
      };
    },
    pause() {
      if (traffic.paused || traffic.stopping.signal.aborted) return;
      traffic.paused = new Promise((resolve) => (goOn = resolve));
    },
    resume,
    flush(deadlineMs) {
      if (flushing && deadlineMs === 0) cutShort.abort();
      flushing ??= flush(deadlineMs);
      return flushing;
    },
  };
}

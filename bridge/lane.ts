import type { Signal } from '../proto/vocabulary/signals.ts';
import type { Budget } from './budget.ts';
import type { Log } from './log.ts';
import type { Message, Offer } from './message.ts';
import { createQueue } from './queue.ts';
import type { Sink } from './sinks/sink.ts';
import type { Sleep } from './sleep.ts';
import type { Throttle } from './throttle.ts';

/** Kafka's default limit of a record batch is 1 MiB: batches stay below it. Larger single messages go alone. */
const BATCH_MESSAGES = 200;
const BATCH_BYTES = 900_000;

const BACKOFF_MS = { first: 100, factor: 2, most: 5_000, mostAtStop: 500 } as const;

const LOGGER = 'otlpctl.bridge.Pipeline';

/** What the lanes of a pipeline share: whether they may go on, and how to wake them. */
export type Traffic = {
  /** resolves when draining may go on; null while it may */
  paused: Promise<void> | null;
  /** aborted when stopping has begun: nobody waits out a long back-off then */
  stopping: AbortController;
  /** aborted when time is up: what is not stored now is given up */
  givenUp: AbortController;
};

export type LaneCounts = { accepted: number; refused: number; dropped: number; produced: number; queued: number; inFlight: number };

/** One signal's way from its queue to the sink: one batch at a time, in order, each kept until the sink has it. */
export type Lane = {
  offer(message: Message): ReturnType<Offer>;
  refused(): void;
  /** looks whether there is something to drain */
  kick(): void;
  /** resolves when nothing is queued or in flight */
  drained(): Promise<void>;
  /** what is neither stored nor going to be, oldest first; counted as dropped */
  giveUp(): Message[];
  counts(): LaneCounts;
  lastError(): string | null;
};

export type LaneOptions = {
  signal: Signal;
  topic: string;
  capacity: number;
  budget: Budget;
  sink: Sink;
  throttle: Throttle;
  traffic: Traffic;
  log: Log;
  /** a batch is stored */
  delivered: (batch: readonly Message[]) => void;
  sleep: Sleep;
};

const bytesOf = (messages: readonly Message[]): number => messages.reduce((sum, { body }) => sum + body.length, 0);

export function createLane(options: LaneOptions): Lane {
  const { signal, topic, capacity, budget, sink, throttle, traffic, log, delivered, sleep } = options;
  const queue = createQueue(capacity);
  let inFlight: Message[] = [];
  let [accepted, refused, dropped, produced] = [0, 0, 0, 0];
  let lastError: string | null = null;
  let running = false;
  let idle: (() => void)[] = [];

  const goesOn = () => !traffic.givenUp.signal.aborted && (traffic.paused === null || traffic.stopping.signal.aborted);

  const say = (level: 'INFO' | 'WARN', message: string) => log({ level, message, logger: LOGGER });

  /** Writes until the sink has the batch. False when it was given up meanwhile. */
  const deliver = async (batch: readonly Message[]): Promise<boolean> => {
    for (let attempt = 1, waitMs: number = BACKOFF_MS.first; ; attempt++, waitMs *= BACKOFF_MS.factor) {
      try {
        await sink.write(topic, batch);
        if (attempt > 1) say('INFO', `${sink.place} takes ${signal} again, at attempt ${attempt}`);
        lastError = null;
        return !traffic.givenUp.signal.aborted;
      } catch (error) {
        lastError = error instanceof Error ? error.message : String(error);
      }
      if (traffic.givenUp.signal.aborted) return false;
      const isStopping = traffic.stopping.signal.aborted;
      waitMs = Math.min(waitMs, isStopping ? BACKOFF_MS.mostAtStop : BACKOFF_MS.most);
      say('WARN', `${sink.place} did not take ${batch.length} messages for ${topic} (${lastError}): kept, next attempt in ${waitMs} ms`);
      await sleep(waitMs, isStopping ? traffic.givenUp.signal : traffic.stopping.signal);
      while (traffic.paused !== null) await traffic.paused;
      if (traffic.givenUp.signal.aborted) return false;
    }
  };

  const drain = async () => {
    while (queue.size() > 0 && goesOn()) {
      const permits = await throttle.take(Math.min(queue.size(), BATCH_MESSAGES));
      if (!goesOn()) {
        throttle.giveBack(permits);
        break;
      }
      inFlight = queue.take(permits, BATCH_BYTES);
      throttle.giveBack(permits - inFlight.length);
      if (!(await deliver(inFlight))) break;
      produced += inFlight.length;
      budget.giveBack(bytesOf(inFlight));
      delivered(inFlight);
      inFlight = [];
    }
    running = false;
    if (queue.size() > 0 && goesOn()) kick();
    else if (queue.size() === 0) for (const wake of idle.splice(0)) wake();
  };

  const kick = () => {
    if (running || queue.size() === 0 || !goesOn()) return;
    running = true;
    // Everything that arrives in this turn of the event loop goes in one batch.
    setImmediate(() => void drain());
  };

  return {
    offer(message) {
      const bytes = message.body.length;
      const answer = traffic.stopping.signal.aborted ? 'stopping' : budget.take(bytes) ? 'accepted' : 'too-heavy';
      if (answer !== 'accepted') {
        refused++;
        return answer;
      }
      if (!queue.offer(message)) {
        budget.giveBack(bytes);
        refused++;
        return 'full';
      }
      accepted++;
      kick();
      return 'accepted';
    },
    refused: () => void refused++,
    kick,
    drained() {
      if (!running && queue.size() === 0) return Promise.resolve();
      return new Promise((resolve) => idle.push(resolve));
    },
    giveUp() {
      idle = [];
      const left = [...inFlight, ...queue.take(Infinity, Infinity)];
      inFlight = [];
      dropped += left.length;
      budget.giveBack(bytesOf(left));
      return left;
    },
    counts: () => ({ accepted, refused, dropped, produced, queued: queue.size(), inFlight: inFlight.length }),
    lastError: () => lastError,
  };
}

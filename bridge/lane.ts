import type { Signal } from '../proto/vocabulary/signals.ts';
import type { Budget } from './budget.ts';
import { createLedger, isOver, type Counts } from './ledger.ts';
import type { Log } from './log.ts';
import type { Message, Offer, OfferAnswer } from './message.ts';
import { createQueue } from './queue.ts';
import type { Destination, Fault, Outlet, Unstorable, Written } from './sinks/sink.ts';
import type { Sleep } from './sleep.ts';
import type { Throttle } from './throttle.ts';
import { faultOfError, watchTrouble } from './trouble.ts';
import { createWaiter } from './waiter.ts';

const BACKOFF_MS = { first: 100, factor: 2, most: 5_000, mostAtStop: 500 } as const;

/** What the lanes of a pipeline share: whether they may go on, and how to wake them. */
export type Traffic = {
  /** resolves when draining may go on; null while it may */
  paused: Promise<void> | null;
  /** aborted when stopping has begun: nobody waits out a long back-off then */
  stopping: AbortController;
  /** aborted when time is up: what is not stored now is given up */
  givenUp: AbortController;
};

/** Where requests are answered when they are stored, none is queued or in flight: see `waiting`. */
export type LaneCounts = Counts & { queued: number; inFlight: number };

/** What keeps a lane from being drained; `since` where an attempt has failed. */
export type LaneTrouble = Fault & { topic: string; since: number | null };

/** One signal's way from its queue to the sink: each message kept until the sink has it, in order where batches go one by one. */
export type Lane = {
  offer: Offer;
  refused(): void;
  /** looks whether there is something to drain */
  kick(): void;
  /** resolves when nothing is queued or in flight */
  drained(): Promise<void>;
  /** What is neither stored nor going to be, oldest first; counted as dropped. Senders that still wait are told, and theirs is not in it. */
  giveUp(): Message[];
  counts(): LaneCounts;
  trouble(): LaneTrouble | null;
  close(): Promise<void>;
};

export type LaneOptions = {
  signal: Signal;
  to: Destination;
  place: string;
  outlet: Outlet;
  capacity: number;
  /** null: a request is answered when it is queued; else when it is stored, and refused after so many milliseconds */
  ackTimeoutMs: number | null;
  budget: Budget;
  throttle: Throttle;
  traffic: Traffic;
  log: Log;
  now: () => number;
  /** a batch is stored */
  delivered: (batch: readonly Message[]) => void;
  /** keeps what can never be stored; never rejects */
  setAside: (to: Destination, one: Unstorable) => Promise<void>;
  sleep: Sleep;
};

/** A batch on its way, with what of it is not settled. */
type Hand = { messages: readonly Message[] };

const bytesOf = (messages: readonly Message[]): number => messages.reduce((sum, { body }) => sum + body.length, 0);

export function createLane(options: LaneOptions): Lane {
  const { signal, to, place, outlet, capacity, ackTimeoutMs, budget, throttle, traffic, log, now, delivered, sleep } = options;
  const isGivenUp = () => traffic.givenUp.signal.aborted;
  const goesOn = () => !isGivenUp() && (traffic.paused === null || traffic.stopping.signal.aborted);
  const queue = createQueue(capacity);
  const trouble = watchTrouble(log, now);
  const ledger = createLedger({ delivered, setAside: (one) => options.setAside(to, one), isClosed: isGivenUp });
  const inHand = new Set<Hand>();
  let running = 0;
  let idle: (() => void)[] = [];

  const write = (messages: readonly Message[]): Promise<Written> =>
    outlet.write(messages).catch((error: unknown) => ({ left: messages, fault: faultOfError(error), unstorable: [] }));

  /** Takes what a write has settled out of the hand. False when everything was given up meanwhile. */
  const settle = async (hand: Hand, { left, unstorable }: Written, attempt: number): Promise<boolean> => {
    if (isGivenUp()) return false;
    const unsettled = new Set([...left, ...unstorable.map(({ message }) => message)]);
    const done = unsettled.size === 0 ? hand.messages : hand.messages.filter((one) => !unsettled.has(one));
    // Before anybody is answered: who hears that it is stored may send again at once.
    if (done.length > 0) trouble.over(`${place} takes ${signal} again, at attempt ${attempt}`);
    ledger.stored(done);
    budget.giveBack(bytesOf(done));
    hand.messages = [...unsettled];
    if (unstorable.length === 0) return true;
    await ledger.never(unstorable, (message) => {
      budget.giveBack(message.body.length);
      hand.messages = hand.messages.filter((one) => one !== message);
    });
    return !isGivenUp();
  };

  /** Lets go of what nobody waits for any more. */
  const forsake = (hand: Hand) => {
    budget.giveBack(bytesOf(hand.messages.filter(isOver)));
    hand.messages = hand.messages.filter((one) => !isOver(one));
  };

  /** Writes until the sink has everything, or nobody waits for it any more. False when it was given up meanwhile. */
  const deliver = async (hand: Hand): Promise<boolean> => {
    for (let attempt = 1, waitMs: number = BACKOFF_MS.first; ; attempt++, waitMs *= BACKOFF_MS.factor) {
      const written = await write(hand.messages);
      const isSomeStored = hand.messages.length > written.left.length + written.unstorable.length;
      if (!(await settle(hand, written, attempt))) return false;
      if (hand.messages.length === 0) return true;
      const isStopping = traffic.stopping.signal.aborted;
      waitMs = isSomeStored ? BACKOFF_MS.first : Math.min(waitMs, isStopping ? BACKOFF_MS.mostAtStop : BACKOFF_MS.most);
      const fault = written.fault ?? { reason: 'failed', sentence: 'no reason given' };
      const kept = `${place} did not take ${hand.messages.length} messages for ${to.topic} (${fault.sentence}): kept, next attempt in ${waitMs} ms`;
      trouble.note(fault, kept, attempt);
      await sleep(waitMs, isStopping ? traffic.givenUp.signal : traffic.stopping.signal);
      while (traffic.paused !== null) await traffic.paused;
      if (isGivenUp()) return false;
      forsake(hand);
      if (hand.messages.length === 0) return true;
    }
  };

  const drain = async () => {
    while (queue.size() > 0 && goesOn()) {
      const most = outlet.batch();
      const permits = await throttle.take(Math.min(queue.size(), most.messages));
      if (!goesOn()) {
        throttle.giveBack(permits);
        break;
      }
      const hand: Hand = { messages: queue.take(permits, most.bytes, most.beside) };
      throttle.giveBack(permits - hand.messages.length);
      if (hand.messages.length === 0) continue;
      inHand.add(hand);
      // Others may go beside it where a whole batch waits.
      kick();
      if (!(await deliver(hand))) break;
      inHand.delete(hand);
    }
    running--;
    if (queue.size() > 0 && goesOn()) kick();
    else if (running === 0 && queue.size() === 0) for (const wake of idle.splice(0)) wake();
  };

  /** One more batch beside those that are on their way pays only when it is whole. */
  const isWorthAnother = () => {
    const most = outlet.batch();
    return running < outlet.parallel && (queue.size() >= most.messages || queue.bytes() + queue.size() * most.beside >= most.bytes);
  };

  const kick = () => {
    if (queue.size() === 0 || !goesOn() || (running > 0 && !isWorthAnother())) return;
    running++;
    // Everything that arrives in this turn of the event loop goes in one batch.
    setImmediate(() => void drain());
  };

  /** A sender has waited for long enough: what is still queued of such is gone, and who comes next need not wait as long. */
  const outOfTime = () => {
    ledger.timedOut();
    budget.giveBack(bytesOf(queue.shed(isOver)));
    // A pause is no trouble of the sink's.
    if (traffic.paused !== null) return;
    const fault = outlet.strain() ?? trouble.now() ?? { reason: 'slow', sentence: `nothing was stored within ${ackTimeoutMs} ms` };
    trouble.note(fault, `${place} does not take ${signal} in time (${fault.sentence}): senders are told to try again`, Infinity);
  };

  /** While nothing is stored, one batch at a time finds out whether that is still so. A leader that moves is waited for. */
  const isHopeless = () => ackTimeoutMs !== null && trouble.stands() && running > 0;

  const judge = (message: Message): OfferAnswer => {
    if (traffic.stopping.signal.aborted) return 'stopping';
    if (outlet.isTooLarge(message)) {
      ledger.tooLarge();
      return 'unstorable';
    }
    if (isHopeless()) return 'not-stored';
    if (!budget.take(message.body.length)) return 'too-heavy';
    if (queue.offer(message)) return 'accepted';
    budget.giveBack(message.body.length);
    return 'full';
  };

  return {
    offer(message) {
      const answer = judge(message);
      ledger.offered(answer, ackTimeoutMs !== null);
      if (answer !== 'accepted') return answer;
      kick();
      if (ackTimeoutMs === null) return answer;
      const { waiter, answered } = createWaiter(ackTimeoutMs, outOfTime);
      message.waiter = waiter;
      return answered;
    },
    refused: () => ledger.offered('too-heavy', false),
    kick,
    drained() {
      if (running === 0 && queue.size() === 0) return Promise.resolve();
      return new Promise((resolve) => idle.push(resolve));
    },
    giveUp() {
      idle = [];
      const all = [...[...inHand].flatMap(({ messages }) => messages), ...queue.take(Infinity, Infinity)];
      inHand.clear();
      budget.giveBack(bytesOf(all));
      for (const message of all) if (message.waiter) ledger.refuse(message, 'stopping');
      const left = all.filter(({ waiter }) => !waiter);
      ledger.givenUp(left.length);
      return left;
    },
    counts() {
      const inFlight = [...inHand].reduce((sum, { messages }) => sum + messages.length, 0);
      return { ...ledger.counts, ...(ackTimeoutMs === null ? { queued: queue.size(), inFlight } : { queued: 0, inFlight: 0 }) };
    },
    trouble() {
      const found = trouble.now() ?? outlet.strain();
      return found && { since: null, ...found, topic: to.topic };
    },
    close: () => outlet.close(),
  };
}

import { STORED } from '../sinks/sink.ts';
import { sleep } from '../sleep.ts';
import { createThrottle } from '../throttle.ts';
import { pattern, word, type Begin, type Drill } from './drill.ts';

const rejecting =
  (why: string, isMeant: (topic: string) => boolean): Begin =>
  ({ write }) =>
    write.set((outlet, topic, batch) => (isMeant(topic) ? Promise.reject(new Error(`drill: ${why}`)) : outlet.write(batch)));

const always = () => true;

/** All signals share the rate, as they would one connection. */
const slow =
  (perSecond: number): Begin =>
  ({ write }) => {
    const throttle = createThrottle(perSecond, Date.now, sleep);
    const undo = write.set(async (outlet, _topic, batch) => {
      for (let due = batch.length; due > 0;) due -= await throttle.take(due);
      return outlet.write(batch);
    });
    return async () => {
      await undo();
      throttle.lift();
    };
  };

export const SINK: readonly Drill[] = [
  word('sink:down', 'the sink rejects every batch', rejecting('connection refused', always)),
  word('sink:hang', 'the sink takes batches and answers none before the drill ends', ({ write }) => {
    const ended = Promise.withResolvers<void>();
    const undo = write.set((outlet, _topic, batch) => ended.promise.then(() => outlet.write(batch)));
    return async () => {
      await undo();
      ended.resolve();
    };
  }),
  pattern('sink:slow=N', 'the sink stores N messages a second (0.1 to 1000000)', /^slow=(\d{1,7}(?:\.\d{1,3})?)$/, (text) => {
    const perSecond = Number(text);
    return perSecond >= 0.1 && perSecond <= 1_000_000 ? slow(perSecond) : null;
  }),
  pattern('sink:missing=TOPIC', 'the sink does not know this topic', /^missing=([\w.-]{1,249})$/, (topic) =>
    rejecting(`{${topic}=UNKNOWN_TOPIC_OR_PARTITION}`, (asked) => asked === topic),
  ),
  pattern(
    'sink:reject=CODE',
    "the sink rejects every batch with this error, by Kafka's name (NOT_ENOUGH_REPLICAS)",
    /^reject=([A-Z][A-Z_]{2,60})$/,
    (code) => rejecting(code, always),
  ),
  word('sink:discard', 'the sink says that it stored what it throws away', ({ write }) => write.set(() => Promise.resolve(STORED))),
];

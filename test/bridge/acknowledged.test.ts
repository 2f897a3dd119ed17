import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SIGNAL, SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import { createBudget } from '../../bridge/budget.ts';
import type { LogLine } from '../../bridge/log.ts';
import type { Message, OfferAnswer } from '../../bridge/message.ts';
import { startPipeline, type Pipeline, type PipelineOptions } from '../../bridge/pipeline.ts';
import { STORED, type Sink, type Unstorable, type Written } from '../../bridge/sinks/sink.ts';
import { fakeClock } from './clock.ts';
import { message, names, to, until } from './messages.ts';

type Answer = (batch: readonly Message[], attempt: number) => Promise<Written>;

/** A sink of several batches at a time that does what it is told, and what it was asked. */
function scripted(answer: Answer, parallel = 2, isTooLarge: (message: Message) => boolean = () => false): Sink & { asked: string[][] } {
  const asked: string[][] = [];
  return {
    place: 'script',
    asked,
    open: () => ({
      parallel,
      batch: () => ({ messages: 3, bytes: 1000, beside: 0 }),
      isTooLarge,
      write: (batch) => {
        asked.push(names(batch));
        return answer(batch, asked.length);
      },
      strain: () => null,
      close: () => Promise.resolve(),
    }),
    close: () => Promise.resolve(),
  };
}

function starting(sink: Sink, options: Partial<PipelineOptions> = {}) {
  const lines: LogLine[] = [];
  const aside: Unstorable[] = [];
  const pipeline = startPipeline({
    capacity: 1000,
    to: Object.fromEntries(SIGNALS.map((signal) => [signal, to(SIGNAL[signal].topic)])) as PipelineOptions['to'],
    budget: createBudget(2 ** 30),
    sink,
    drainMaxPerSecond: null,
    log: (line) => lines.push(line),
    now: Date.now,
    setAside: (_, one) => Promise.resolve(void aside.push(one)),
    ...options,
  });
  return { pipeline, lines, aside };
}

const held = (pipeline: Pipeline, signal: Signal = 'traces') => {
  const { accepted, produced, queued, inFlight, dropped, waiting, refused, late } = pipeline.snapshot();
  assert.equal(accepted[signal], produced[signal] + queued[signal] + inFlight[signal] + dropped[signal]);
  return {
    accepted: accepted[signal],
    produced: produced[signal],
    waiting: waiting[signal],
    refused: refused[signal],
    late: late[signal],
    dropped: dropped[signal],
  };
};

const NONE = { accepted: 0, produced: 0, waiting: 0, refused: 0, late: 0, dropped: 0 };
const KEPT: Answer = (batch) => Promise.resolve({ left: batch, fault: { reason: 'unreachable', sentence: 'down' }, unstorable: [] });

test('with acknowledgement an answer waits for the sink, and nothing is accepted before', async () => {
  const stored = Promise.withResolvers<void>();
  const { pipeline } = starting(
    scripted(() => stored.promise.then(() => STORED)),
    { ackTimeoutMs: 10_000 },
  );
  const answers = ['a', 'b'].map((name) => pipeline.offer(message(name)));
  let early = 0;
  for (const answer of answers) void (answer as Promise<OfferAnswer>).then(() => early++);
  await until(() => held(pipeline).waiting === 2);
  assert.deepEqual([held(pipeline), early], [{ ...NONE, waiting: 2 }, 0]);
  stored.resolve();
  assert.deepEqual(await Promise.all(answers), ['accepted', 'accepted']);
  assert.deepEqual(held(pipeline), { ...NONE, accepted: 2, produced: 2 });
});

test('who is not stored in time is told to try again; a record that comes after all is counted apart', async () => {
  const stored = Promise.withResolvers<void>();
  const budget = createBudget(1000);
  const sink = scripted(() => stored.promise.then(() => STORED), 1);
  const { pipeline, lines } = starting(sink, { ackTimeoutMs: 200, budget });
  const first = pipeline.offer(message('first'));
  await until(() => sink.asked.length === 1);
  const second = pipeline.offer(message('second'));
  assert.deepEqual(await Promise.all([first, second]), ['not-stored', 'not-stored']);
  assert.deepEqual(held(pipeline), { ...NONE, refused: 2 });
  assert.equal(budget.held(), 'first'.length, 'what was queued is let go of, what is on its way is not');
  assert.equal(pipeline.offer(message('third')), 'not-stored', 'nobody else waits for a sink that is known not to answer');
  assert.match(
    lines.at(-1)!.message,
    /^script does not take traces in time \(nothing was stored within 200 ms\): senders are told to try again$/,
  );
  stored.resolve();
  await until(() => pipeline.snapshot().late.traces === 1);
  assert.deepEqual([held(pipeline), budget.held()], [{ ...NONE, refused: 3, late: 1 }, 0]);
  assert.equal(await pipeline.offer(message('fourth')), 'accepted');
});

test('who is not stored in time because of a pause is told to try again, and the sink is not blamed', async () => {
  const { pipeline, lines } = starting(
    scripted(() => Promise.resolve(STORED)),
    { ackTimeoutMs: 100 },
  );
  pipeline.pause();
  assert.equal(await pipeline.offer(message('a')), 'not-stored');
  assert.deepEqual([pipeline.snapshot().troubles.traces, lines], [null, []]);
  pipeline.resume();
  assert.deepEqual(await Promise.all(['b', 'c'].map((name) => pipeline.offer(message(name)))), ['accepted', 'accepted']);
});

test('a sink that is down is tried by one batch at a time, and recovers by itself', async () => {
  let isDown = true;
  const sink = scripted((batch, attempt) => (isDown ? KEPT(batch, attempt) : Promise.resolve(STORED)));
  const { pipeline, lines } = starting(sink, { ackTimeoutMs: 50, sleep: () => new Promise((turn) => setTimeout(turn, 5)) });
  assert.equal(await pipeline.offer(message('one')), 'not-stored');
  let trial = pipeline.offer(message('trial'));
  await until(() => typeof trial !== 'string' || ((trial = pipeline.offer(message('trial'))), false));
  await until(() => sink.asked.some(([name]) => name === 'trial'));
  assert.equal(pipeline.offer(message('others')), 'not-stored');
  isDown = false;
  assert.equal(await trial, 'accepted');
  assert.equal(await pipeline.offer(message('after')), 'accepted');
  assert.equal(pipeline.snapshot().troubles.traces, null);
  assert.deepEqual(
    lines.map(({ level }) => level),
    ['WARN', 'INFO'],
    'one line for each change',
  );
});

test('a leader that moves is waited for: nobody is refused and nothing said, unless it goes on', async () => {
  let failures = 2;
  const moved: Answer = (batch) =>
    Promise.resolve(failures-- > 0 ? { left: batch, fault: { reason: 'leader-moved', sentence: 'moved' }, unstorable: [] } : STORED);
  const { pipeline, lines } = starting(scripted(moved), { ackTimeoutMs: 10_000, sleep: () => new Promise((turn) => setTimeout(turn, 5)) });
  const first = pipeline.offer(message('first'));
  await until(() => pipeline.snapshot().troubles.traces?.reason === 'leader-moved');
  const meanwhile = pipeline.offer(message('meanwhile'));
  assert.deepEqual(await Promise.all([first, meanwhile]), ['accepted', 'accepted']);
  assert.deepEqual([held(pipeline), lines], [{ ...NONE, accepted: 2, produced: 2 }, []]);
  failures = Infinity;
  const stays = pipeline.offer(message('stays'));
  await until(() => lines.length > 0);
  assert.equal(pipeline.offer(message('others')), 'not-stored');
  failures = 0;
  assert.equal(await stays, 'accepted');
});

test('a stop answers those who wait, and keeps nothing of theirs', async () => {
  const { pipeline } = starting(scripted(KEPT), { ackTimeoutMs: 60_000 });
  const answer = pipeline.offer(message('a'));
  assert.deepEqual(await pipeline.flush(30), { delivered: 0, left: [] });
  assert.equal(await answer, 'stopping');
  assert.deepEqual(held(pipeline), { ...NONE, refused: 1 });
});

test('what can never be stored is set aside and blocks nobody; a sender that waits is told', async () => {
  const fault = { reason: 'record-too-large', sentence: 'too large' } as const;
  const sink = () =>
    scripted((batch) => {
      const large = batch.filter(({ body }) => body.toString() === 'large');
      return Promise.resolve({ ...STORED, unstorable: large.map((one) => ({ message: one, fault })) });
    });
  const queued = starting(sink());
  for (const name of ['a', 'large', 'b']) assert.equal(queued.pipeline.offer(message(name)), 'accepted');
  await until(() => queued.pipeline.snapshot().produced.traces === 2 && queued.aside.length === 1);
  assert.deepEqual(held(queued.pipeline), { ...NONE, accepted: 3, produced: 2, dropped: 1 });
  assert.deepEqual([names(queued.aside.map((one) => one.message)), queued.pipeline.snapshot().tooLarge.traces], [['large'], 1]);

  const waiting = starting(sink(), { ackTimeoutMs: 10_000 });
  const answers = await Promise.all(['a', 'large', 'b'].map((name) => waiting.pipeline.offer(message(name))));
  assert.deepEqual(answers, ['accepted', 'unstorable', 'accepted']);
  assert.deepEqual([held(waiting.pipeline), waiting.aside], [{ ...NONE, accepted: 2, produced: 2, refused: 1 }, []]);
});

test('what is known to be too large is refused at the door', () => {
  const { pipeline } = starting(scripted(KEPT, 1, ({ body }) => body.length > 3));
  assert.deepEqual([pipeline.offer(message('abc')), pipeline.offer(message('abcd'))], ['accepted', 'unstorable']);
  assert.deepEqual([pipeline.snapshot().refused.traces, pipeline.snapshot().tooLarge.traces], [1, 1]);
});

test('several whole batches go at a time, a smaller one waits; only what failed is tried again', async () => {
  const clock = fakeClock();
  const gates: (() => void)[] = [];
  const sink = scripted(async (batch, attempt) => {
    await new Promise<void>((go) => gates.push(go));
    const left = attempt === 1 ? batch.slice(1) : [];
    return { left, fault: left.length > 0 ? { reason: 'leader-moved', sentence: 'NOT_LEADER' } : null, unstorable: [] };
  });
  const { pipeline, lines } = starting(sink, { sleep: clock.sleep, now: clock.now });
  for (let count = 0; count < 8; count++) pipeline.offer(message(count));
  await until(() => sink.asked.length === 2);
  assert.deepEqual(sink.asked, [['0', '1', '2'], ['3', '4', '5']]); // prettier-ignore
  for (const go of gates.splice(0)) go();
  await until(() => sink.asked.length === 3);
  assert.deepEqual(sink.asked[2], ['6', '7']);
  assert.deepEqual(held(pipeline), { ...NONE, accepted: 8, produced: 4 });
  await clock.pass(100);
  assert.deepEqual(sink.asked[3], ['1', '2']);
  for (const go of gates.splice(0)) go();
  await until(() => pipeline.snapshot().produced.traces === 8);
  assert.deepEqual(lines, [], 'a leader that moves is no news');
});

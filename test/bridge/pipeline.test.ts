import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SIGNAL, SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import { createBudget } from '../../bridge/budget.ts';
import type { LogLine } from '../../bridge/log.ts';
import type { Message } from '../../bridge/message.ts';
import { startPipeline, type Pipeline, type PipelineOptions } from '../../bridge/pipeline.ts';
import { openMemorySink } from '../../bridge/sinks/memory.ts';
import { plainOutlet } from '../../bridge/sinks/plain-outlet.ts';
import type { Sink } from '../../bridge/sinks/sink.ts';
import { fakeClock } from './clock.ts';
import { message, names, to, until } from './messages.ts';

const TOPICS = Object.fromEntries(SIGNALS.map((signal) => [signal, SIGNAL[signal].topic])) as Record<Signal, string>;
const TO = Object.fromEntries(SIGNALS.map((signal) => [signal, to(TOPICS[signal])])) as PipelineOptions['to'];

function starting(options: Partial<PipelineOptions> & { sink: Sink }): { pipeline: Pipeline; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const pipeline = startPipeline({
    capacity: 1000,
    to: TO,
    setAside: () => Promise.resolve(),
    budget: createBudget(2 ** 30),
    drainMaxPerSecond: null,
    log: (line) => lines.push(line),
    now: Date.now,
    ...options,
  });
  return { pipeline, lines };
}

/** The promise of the contract, looked at whenever the sink is asked. */
function holds(pipeline: Pipeline): void {
  const { accepted, produced, queued, inFlight, dropped } = pipeline.snapshot();
  for (const signal of SIGNALS)
    assert.equal(accepted[signal], produced[signal] + queued[signal] + inFlight[signal] + dropped[signal], signal);
}

/** A sink that does what it is told, write by write. */
function scripted(
  answer: (attempt: number, batch: readonly Message[]) => Promise<void>,
): Sink & { stored: Map<string, string[]>; attempts: string[][] } {
  const stored = new Map<string, string[]>();
  const attempts: string[][] = [];
  return {
    place: 'script',
    stored,
    attempts,
    open: ({ topic }) =>
      plainOutlet(async (batch) => {
        attempts.push(names(batch));
        await answer(attempts.length, batch);
        stored.set(topic, [...(stored.get(topic) ?? []), ...names(batch)]);
      }),
    close: () => Promise.resolve(),
  };
}

const total = (counts: Record<Signal, number>): number => SIGNALS.reduce((sum, signal) => sum + counts[signal], 0);

test('what is accepted reaches the topic of its signal, in order', async () => {
  const sink = openMemorySink();
  const { pipeline } = starting({ sink });
  for (let count = 0; count < 500; count++) {
    for (const signal of SIGNALS) assert.equal(pipeline.offer(message(count, signal)), 'accepted');
    if (count % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    holds(pipeline);
  }
  await until(() => total(pipeline.snapshot().produced) === 1500);
  for (const signal of SIGNALS)
    assert.deepEqual(
      names(sink.read(TOPICS[signal])),
      Array.from({ length: 500 }, (_, count) => String(count)),
    );
  const { accepted, queued, inFlight, dropped, refused, capacity, troubles } = pipeline.snapshot();
  assert.deepEqual(
    { accepted, queued, inFlight, dropped, refused, capacity, troubles },
    {
      accepted: { traces: 500, metrics: 500, logs: 500 },
      queued: { traces: 0, metrics: 0, logs: 0 },
      inFlight: { traces: 0, metrics: 0, logs: 0 },
      dropped: { traces: 0, metrics: 0, logs: 0 },
      refused: { traces: 0, metrics: 0, logs: 0 },
      capacity: 1000,
      troubles: { traces: null, metrics: null, logs: null },
    },
  );
});

test('what arrives together goes together: at most 200 messages or 900 kB, a larger one alone', async () => {
  const sink = scripted(() => Promise.resolve());
  const { pipeline } = starting({ sink });
  for (let count = 0; count < 450; count++) pipeline.offer(message(count));
  await until(() => pipeline.snapshot().produced.traces === 450);
  assert.deepEqual(
    sink.attempts.map((batch) => batch.length),
    [200, 200, 50],
  );
  sink.attempts.length = 0;
  const big = (bytes: number): Message => ({ ...message('x'), body: Buffer.alloc(bytes) });
  for (const bytes of [400_000, 400_000, 400_000, 2_000_000, 5]) pipeline.offer(big(bytes));
  await until(() => pipeline.snapshot().produced.traces === 455);
  assert.deepEqual(
    sink.attempts.map((batch) => batch.map((text) => text.length)),
    [[400_000, 400_000], [400_000], [2_000_000], [5]],
  );
});

test('one write at a time for a signal; signals do not wait for each other', async () => {
  const running = new Map<string, number>();
  let most = 0;
  const open: (() => void)[] = [];
  const sink: Sink = {
    place: 'slow',
    open: ({ topic }) =>
      plainOutlet(async () => {
        running.set(topic, (running.get(topic) ?? 0) + 1);
        most = Math.max(most, ...running.values());
        await new Promise<void>((resolve) => open.push(resolve));
        running.set(topic, running.get(topic)! - 1);
      }),
    close: () => Promise.resolve(),
  };
  const { pipeline } = starting({ sink });
  for (const signal of SIGNALS) pipeline.offer(message('first', signal));
  await until(() => open.length === 3);
  for (const signal of SIGNALS) pipeline.offer(message('second', signal));
  holds(pipeline);
  assert.deepEqual([total(pipeline.snapshot().inFlight), total(pipeline.snapshot().queued)], [3, 3]);
  for (const go of open.splice(0)) go();
  await until(() => open.length === 3);
  for (const go of open.splice(0)) go();
  await until(() => total(pipeline.snapshot().produced) === 6);
  assert.equal(most, 1);
});

test('full is said per signal, and counted as refused', async () => {
  const { pipeline } = starting({ sink: openMemorySink(), capacity: 100 });
  pipeline.pause();
  const answers = Array.from({ length: 103 }, (_, count) => pipeline.offer(message(count)));
  assert.deepEqual([answers.filter((answer) => answer === 'accepted').length, answers.slice(100)], [100, ['full', 'full', 'full']]);
  assert.equal(pipeline.offer(message('another', 'logs')), 'accepted');
  const { accepted, refused, queued } = pipeline.snapshot();
  assert.deepEqual([accepted.traces, refused.traces, queued.traces, refused.logs], [100, 3, 100, 0]);
  holds(pipeline);
  pipeline.resume();
  await until(() => total(pipeline.snapshot().produced) === 101);
  assert.equal(pipeline.offer(message('room again')), 'accepted');
});

test('a batch that the sink rejects is kept and tried again, longer and longer apart, in order', async () => {
  const clock = fakeClock();
  const sink = scripted((attempt) => (attempt <= 8 ? Promise.reject(new Error('disk full')) : Promise.resolve()));
  const { pipeline, lines } = starting({ sink, now: clock.now, sleep: clock.sleep });
  pipeline.offer(message('a'));
  await clock.pass(0);
  pipeline.offer(message('b'));
  const at: number[] = [];
  for (let ms = 0; ms <= 20_000 && sink.stored.size === 0; ms += 100) {
    if (sink.attempts.length > at.length) at.push(ms);
    await clock.pass(100);
    holds(pipeline);
    if (sink.attempts.length < 9)
      assert.deepEqual([pipeline.snapshot().troubles.traces?.sentence, pipeline.snapshot().inFlight.traces], ['disk full', 1]);
  }
  assert.deepEqual(at, [0, 100, 300, 700, 1500, 3100, 6300, 11_300]);
  await clock.pass(0);
  assert.deepEqual(sink.stored.get('otlp-traces'), ['a', 'b']);
  assert.deepEqual([pipeline.snapshot().troubles.traces, pipeline.snapshot().dropped.traces], [null, 0]);
  assert.equal(lines[0]!.message, 'script did not take 1 messages for otlp-traces (disk full): kept, next attempt in 100 ms');
  assert.equal(lines.at(-1)!.message, 'script takes traces again, at attempt 9');
});

test('the throttle holds for all signals together', async () => {
  const clock = fakeClock();
  const sink = scripted(() => Promise.resolve());
  const { pipeline } = starting({ sink, drainMaxPerSecond: 30, now: clock.now, sleep: clock.sleep });
  for (let count = 0; count < 300; count++) for (const signal of SIGNALS) pipeline.offer(message(count, signal));
  for (let second = 1; second <= 5; second++) {
    await clock.pass(1000);
    assert.ok(Math.abs(total(pipeline.snapshot().produced) - 30 * second) <= 3, `${total(pipeline.snapshot().produced)} after ${second} s`);
    holds(pipeline);
  }
  const { produced } = pipeline.snapshot();
  for (const signal of SIGNALS) assert.ok(Math.abs(produced[signal] - 50) <= 2, `${signal}: its share`);
});

test('large messages go out as often as small ones: a batch that ends early costs what is in it', async () => {
  const clock = fakeClock();
  const sink = scripted(() => Promise.resolve());
  const { pipeline } = starting({ sink, drainMaxPerSecond: 100, now: clock.now, sleep: clock.sleep });
  await clock.pass(60_000);
  for (let count = 0; count < 30; count++) pipeline.offer({ ...message('x'), body: Buffer.alloc(500_000) });
  await clock.pass(0);
  assert.equal(pipeline.snapshot().produced.traces, 10);
  await clock.pass(100);
  assert.equal(pipeline.snapshot().produced.traces, 20);
});

test('a pause lets the batch in hand finish and starts no other', async () => {
  const clock = fakeClock();
  const sink = scripted((attempt) => (attempt === 1 ? Promise.reject(new Error('no')) : Promise.resolve()));
  const { pipeline } = starting({ sink, now: clock.now, sleep: clock.sleep });
  pipeline.offer(message('a'));
  await clock.pass(0);
  pipeline.pause();
  pipeline.pause();
  pipeline.offer(message('b'));
  await clock.pass(60_000);
  assert.deepEqual([sink.attempts.length, pipeline.snapshot().inFlight.traces, pipeline.snapshot().queued.traces], [1, 1, 1]);
  pipeline.resume();
  await clock.pass(0);
  assert.deepEqual(sink.stored.get('otlp-traces'), ['a', 'b']);
});

test('a flush hands everything on, whatever paused or slowed it, and refuses what comes', async () => {
  const sink = openMemorySink();
  const { pipeline } = starting({ sink, drainMaxPerSecond: 1 });
  pipeline.pause();
  for (let count = 0; count < 700; count++) pipeline.offer(message(count, SIGNALS[count % 3]!));
  const flushing = pipeline.flush(5000);
  assert.equal(pipeline.offer(message('late')), 'stopping');
  assert.deepEqual(await flushing, { delivered: 700, left: [] });
  assert.deepEqual(await pipeline.flush(0), { delivered: 700, left: [] }, 'a second flush is the first');
  const { produced, dropped, refused } = pipeline.snapshot();
  assert.deepEqual([total(produced), total(dropped), total(refused)], [700, 0, 1]);
  pipeline.pause();
  holds(pipeline);
});

test('a flush of nothing is done at once', async () => {
  const { pipeline } = starting({ sink: openMemorySink() });
  assert.deepEqual(await pipeline.flush(0), { delivered: 0, left: [] });
});

test('at the deadline a flush gives back what is left, oldest first, and counts it', async () => {
  const never = new Promise<void>(() => {});
  const sink = scripted((_, batch) => (batch[0]!.signal === 'logs' ? Promise.resolve() : never));
  const { pipeline } = starting({ sink });
  pipeline.offer(message('t1', 'traces', 10));
  pipeline.offer(message('m1', 'metrics', 5));
  pipeline.offer(message('l1', 'logs', 1));
  await until(() => pipeline.snapshot().produced.logs === 1);
  pipeline.offer(message('t2', 'traces', 20));
  pipeline.offer(message('m2', 'metrics', 15));
  pipeline.offer(message('l2', 'logs', 2));
  const { delivered, left } = await pipeline.flush(50);
  assert.deepEqual([delivered, names(left)], [1, ['m1', 't1', 'm2', 't2']]);
  const { dropped, inFlight, queued, produced } = pipeline.snapshot();
  assert.deepEqual([total(dropped), total(inFlight), total(queued), total(produced)], [4, 0, 0, 2]);
  holds(pipeline);
});

test('an answer of the sink after the deadline changes no count', async () => {
  let go = () => {};
  const sink = scripted(() => new Promise((resolve) => (go = resolve)));
  const { pipeline } = starting({ sink });
  pipeline.offer(message('a'));
  await until(() => sink.attempts.length === 1);
  assert.equal((await pipeline.flush(10)).left.length, 1);
  go();
  await until(() => sink.stored.size === 1);
  holds(pipeline);
  assert.deepEqual([pipeline.snapshot().produced.traces, pipeline.snapshot().dropped.traces], [0, 1]);
});

test('what is set aside one by one is counted one by one, and what a stop finds among it is given up once', async () => {
  const asides: { name: string; done: () => void }[] = [];
  const sink: Sink = {
    ...scripted(() => Promise.resolve()),
    open: () => ({
      ...plainOutlet(() => Promise.resolve()),
      write: (batch) =>
        Promise.resolve({
          left: [],
          fault: null,
          unstorable: batch.map((one) => ({ message: one, fault: { reason: 'record-too-large', sentence: 'large' } })),
        }),
    }),
  };
  const budget = createBudget(1000);
  const setAside: PipelineOptions['setAside'] = (_, one) => new Promise((done) => asides.push({ name: names([one.message])[0]!, done }));
  const { pipeline } = starting({ sink, setAside, budget });
  for (const name of ['a', 'b', 'c']) assert.equal(pipeline.offer(message(name)), 'accepted');
  await until(() => asides.length === 1);
  asides[0]!.done();
  await until(() => asides.length === 2);
  holds(pipeline);
  assert.deepEqual([pipeline.snapshot().dropped.traces, pipeline.snapshot().inFlight.traces, budget.held()], [1, 2, 2]);
  const { left } = await pipeline.flush(0);
  asides[1]!.done();
  await new Promise((resolve) => setImmediate(resolve));
  holds(pipeline);
  assert.deepEqual(
    [names(left), asides.map(({ name }) => name), pipeline.snapshot().dropped.traces, budget.held()],
    [['b', 'c'], ['a', 'b'], 3, 0],
  );
});

test('a flush does not wait out a long back-off', async () => {
  let isBroken = true;
  const sink = scripted(() => (isBroken ? Promise.reject(new Error('down')) : Promise.resolve()));
  const clock = fakeClock();
  const { pipeline } = starting({ sink, now: clock.now, sleep: clock.sleep });
  pipeline.offer(message('a'));
  await clock.pass(10_000);
  isBroken = false;
  assert.deepEqual(await pipeline.flush(2000), { delivered: 1, left: [] });
});

test('bytes bound the queues of all signals together, and come back when they are stored or given up', async () => {
  const budget = createBudget(100);
  const { pipeline } = starting({ sink: openMemorySink(), budget });
  pipeline.pause();
  const sized = (bytes: number, signal: Signal): Message => ({ ...message('x', signal), body: Buffer.alloc(bytes) });
  assert.deepEqual(
    [sized(60, 'traces'), sized(50, 'logs'), sized(40, 'logs'), sized(1, 'metrics')].map((one) => pipeline.offer(one)),
    ['accepted', 'too-heavy', 'accepted', 'too-heavy'],
  );
  assert.deepEqual([budget.held(), pipeline.snapshot().refused.logs, pipeline.snapshot().refused.metrics], [100, 1, 1]);
  holds(pipeline);
  pipeline.resume();
  await until(() => budget.held() === 0);
  pipeline.pause();
  assert.equal(pipeline.offer(sized(100, 'metrics')), 'accepted');
  await pipeline.flush(1000);
  assert.equal(budget.held(), 0);
});

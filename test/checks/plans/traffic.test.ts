import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ratesOf, ratesOfOffsets } from '../../../checks/plans/rates.ts';
import { busiestOf, trafficOf } from '../../../checks/plans/traffic.ts';

const START = Date.UTC(2026, 10, 23);

/** One sample a second; a number is what came of traces in the second before it. */
const sampled = (perSecond: readonly number[], more: Record<string, number> = {}) => {
  let traces = 0;
  return [0, ...perSecond].map((came, second) => ({
    at: START + second * 1000,
    values: { TracesReceived: (traces += came), MetricsReceived: 0, LogsReceived: 0, ...more },
  }));
};
const trafficIn = (perSecond: readonly number[]) => trafficOf(ratesOf(sampled(perSecond)))!;

test('an even load is its own peak, and no burst shows in it', () => {
  const traffic = trafficIn([300, 300, 300, 300, 300]);
  assert.deepEqual(traffic, {
    peakPerSecond: 300,
    signals: { traces: 300, metrics: 0, logs: 0 },
    burstSeconds: null,
    resolutionSeconds: 5,
    seenSeconds: 5,
  });
  assert.deepEqual(busiestOf(traffic), { signal: 'traces', perSecond: 300 });
});

test('a sender that stumbles and catches up is no peak', () => {
  const traffic = trafficIn([300, 300, 200, 400, 340, 260]);
  assert.deepEqual([traffic.peakPerSecond, traffic.signals.traces, traffic.burstSeconds], [300, 300, null]);
});

test('of what a history has in whole minutes the highest counts, however near to the usual rate', () => {
  const minutes = [300, 300, 330, 300].map((total, at) => ({
    at: at * 60_000,
    ms: 60_000,
    total,
    signals: { traces: total, metrics: 0, logs: 0 },
  }));
  assert.equal(trafficOf(minutes)!.peakPerSecond, 330);
});

test('a burst has the length that it had, and its messages are those that came', () => {
  const traffic = trafficIn([100, 100, 100, 1000, 1000, 1000, 1000, 100, 100, 100, 100]);
  assert.deepEqual([traffic.peakPerSecond, traffic.burstSeconds], [1000, 4]);
  const short = trafficIn([0, 0, 0, 900, 0, 0, 0]);
  assert.equal(short.peakPerSecond * short.burstSeconds!, 900, 'no message more than came');
});

test('a window shorter than the resolution is one average', () => {
  assert.deepEqual([trafficIn([400]).peakPerSecond, trafficIn([400]).resolutionSeconds], [400, 1]);
  assert.equal(trafficOf(ratesOf(sampled([]))), undefined);
});

test('what was dropped or refused was offered too; a restart makes no negative rate', () => {
  const at = (second: number, values: Record<string, number>) => ({ at: START + second * 1000, values });
  const offered = { TracesReceived: 100, TracesDropped: 50, TracesRefused: 25, MetricsReceived: 0, LogsReceived: 0 };
  const none = Object.fromEntries(Object.keys(offered).map((name) => [name, 0]));
  const total = { TotalMessagesDropped: 50, TotalMessagesRefused: 25 };
  const rates = ratesOf([
    at(0, { ...none, TotalMessagesDropped: 0, TotalMessagesRefused: 0 }),
    at(1, { ...offered, ...total }),
    at(2, { ...none, TracesReceived: 7, TotalMessagesDropped: 0, TotalMessagesRefused: 0 }),
  ]);
  assert.deepEqual(
    rates.map((rate) => [rate.total, rate.signals.traces]),
    [
      [175, 175],
      [7, 7],
    ],
  );
});

test('ends of topics are rates; signals that share one are not told apart, and counted once', () => {
  const samples = [
    { at: START, values: { a: 100, b: 0 } },
    { at: START + 2000, values: { a: 300, b: 20 } },
  ];
  const apart = ratesOfOffsets(samples, [
    { name: 'a', signal: 'traces' },
    { name: 'b', signal: 'logs' },
  ]);
  assert.deepEqual([apart[0]!.total, apart[0]!.signals], [110, { traces: 100, metrics: 0, logs: 10 }]);
  const shared = ratesOfOffsets(samples, [
    { name: 'a', signal: 'traces' },
    { name: 'a', signal: 'logs' },
  ]);
  assert.deepEqual([shared[0]!.total, shared[0]!.signals], [100, { traces: null, metrics: null, logs: null }]);
  assert.equal(busiestOf(trafficOf(shared)!), null);
});

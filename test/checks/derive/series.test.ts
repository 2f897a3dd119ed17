import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { flowOf, increase, perSecond, received, restarts } from '../../../checks/derive/series.ts';
import { sample } from '../../facts.ts';

const at = (ms: number, values: Record<string, number>) => sample(1_000_000 + ms, values);

test('a window of two readings gives what moved', () => {
  const flow = flowOf({
    samples: [
      at(0, { TracesReceived: 452, TracesDropped: 548, RecordsProduced: 372 }),
      at(5000, { TracesReceived: 626, TracesDropped: 874, RecordsProduced: 626 }),
    ],
  });
  assert.ok(flow);
  assert.deepEqual(
    [flow.received, flow.dropped, flow.refused, flow.lost, flow.offered, flow.produced, flow.restarts],
    [174, 326, null, 326, 500, 254, 0],
  );
  assert.equal(flow.lossPercent, 65.2);
  assert.deepEqual(flow.signals.traces, { received: 174, lost: 326 });
  assert.equal(perSecond(flow.offered ?? 0, flow), 100);
});

test('one reading, or two at one time, is no window', () => {
  assert.equal(flowOf({ samples: [at(0, {})] }), undefined);
  assert.equal(flowOf({ samples: [at(0, {}), at(0, {})] }), undefined);
  assert.equal(flowOf(undefined), undefined);
});

test('a counter that fell began again: what it shows came since', () => {
  const samples = [
    at(0, { TracesReceived: 900, TracesDropped: 40 }),
    at(1000, { TracesReceived: 30, TracesDropped: 2 }),
    at(2000, { TracesReceived: 50, TracesDropped: 2 }),
  ];
  assert.equal(restarts(samples), 1);
  assert.equal(increase(samples, received), 50);
  assert.equal(flowOf({ samples })?.dropped, 2);
});

test('what one reading lacks is not known, and never 0', () => {
  const bare = [
    { at: 0, values: { RecordsProduced: 1 } },
    { at: 1000, values: { RecordsProduced: 5 } },
  ];
  const flow = flowOf({ samples: bare });
  assert.deepEqual([flow?.received, flow?.lost, flow?.offered, flow?.lossPercent, flow?.produced], [null, null, null, null, 4]);
});

test('no rate is negative and no loss above 100 %, whatever the counters do', () => {
  const counter = fc.nat(1_000_000);
  const reading = fc.record({
    TracesReceived: counter,
    MetricsReceived: counter,
    LogsReceived: counter,
    TracesDropped: counter,
    MetricsDropped: counter,
    LogsDropped: counter,
    RecordsProduced: counter,
  });
  fc.assert(
    fc.property(fc.array(reading, { minLength: 2, maxLength: 6 }), (readings) => {
      const flow = flowOf({ samples: readings.map((values, i) => at(i * 1000, values)) });
      assert.ok(flow);
      for (const amount of [flow.received, flow.lost, flow.offered, flow.produced]) assert.ok((amount ?? 0) >= 0);
      assert.ok((flow.lossPercent ?? 0) >= 0 && (flow.lossPercent ?? 0) <= 100);
    }),
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributeRows } from '../../cli/attribute-rows.ts';
import { METRICS_RENDERERS } from '../../cli/render/metrics.ts';
import * as build from '../facts.ts';

const metrics = build.metrics({ TracesReceived: 100, RecordsProduced: 90 }, { TracesReceived: 200, RecordsProduced: 195 });

test('counters have rates, dead gauges and absent attributes say so and are never 0', () => {
  const last = metrics.samples[1]!;
  const values = Object.fromEntries(Object.entries(last.values).filter(([name]) => name !== 'LogsDropped'));
  const rows = new Map(attributeRows({ ...metrics, samples: [metrics.samples[0]!, { ...last, values }] }).map((row) => [row.name, row]));
  assert.deepEqual(
    [rows.get('TracesReceived')?.value, rows.get('TracesReceived')?.perSecond, rows.get('TracesReceived')?.state],
    [200, 20, 'live'],
  );
  assert.equal(rows.get('QueueCapacity')?.state, 'dead');
  assert.deepEqual(
    [rows.get('LogsDropped')?.value, rows.get('LogsDropped')?.perSecond, rows.get('LogsDropped')?.state],
    [null, null, 'absent'],
  );
  assert.equal(rows.has('TracesRefused'), false);
  assert.equal(rows.size, 16);
});

test('a counter that fell has restarted: no negative rate', () => {
  const fell = build.metrics({ TracesReceived: 500, RecordsProduced: 500 }, { TracesReceived: 20, RecordsProduced: 20 });
  assert.equal(attributeRows(fell).find(({ name }) => name === 'TracesReceived')?.perSecond, 4);
});

test('without a window there are no rates', () => {
  const once = build.metrics({ TracesReceived: 5, RecordsProduced: 5 }, null);
  assert.ok(attributeRows(once).every(({ perSecond }) => perSecond === null));
  const text = METRICS_RENDERERS.text(
    { connector: 'c', metrics: once, rows: attributeRows(once) },
    { columns: 80, colour: false, verbosity: 0 },
  );
  assert.match(text, /^one look, no rates$/m);
  assert.match(text, /^QueueCapacity +- +dead: reads 0 whatever happens$/m);
});

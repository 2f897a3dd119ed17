import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Form } from '../../../checks/alerts/alert.ts';
import { dashboard, missingFor } from '../../../checks/alerts/dashboard.ts';
import { namesOf } from '../../../checks/alerts/series-names.ts';
import { LIMITS } from '../../../checks/alerts/table.ts';
import { readNames } from '../../../checks/probes/prometheus-series.ts';

type Grid = { x: number; y: number; w: number; h: number };
type Panel = { id: number; type: string; title: string; description: string; gridPos: Grid; targets: { refId: string; expr: string }[] };
const CONNECTOR: Form = { kind: 'connector', queueSize: 10_000, expectTraffic: false, limits: LIMITS };
const FORMS = [
  ['connector', CONNECTOR, namesOf('jmx-exporter', 'otlp "eu"')],
  ['bridge', { ...CONNECTOR, kind: 'bridge', queueSize: null }, namesOf('bridge', 'otlp-source')],
] as const satisfies readonly (readonly [string, Form, object])[];

for (const [kind, form, names] of FORMS)
  test(`the dashboard of a ${kind}: panels side by side, each id and each query once, every query of series that are there`, () => {
    const { panels } = JSON.parse(JSON.stringify(dashboard('otlp-source', form, names))) as { panels: Panel[] };
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
    for (const [i, { title, description, gridPos: a, targets }] of panels.entries()) {
      assert.ok(a.x >= 0 && a.w > 0 && a.x + a.w <= 24 && Number.isInteger(a.x) && Number.isInteger(a.w), title);
      for (const { gridPos: b } of panels.slice(i + 1))
        assert.ok(a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y, `${title} lies over another`);
      assert.ok(title !== '' && description !== '' && targets.length > 0);
      assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length, title);
      for (const { expr } of targets)
        for (const [name] of expr.matchAll(/\b(?:otlp|io_conduktor)_\w+/g)) assert.ok(Object.values(names.series).includes(name), name);
    }
    assert.equal(
      panels.some(({ title }) => title === 'Bytes held'),
      kind === 'bridge',
    );
    assert.deepEqual(missingFor(form, names), []);
  });

test('half a dashboard is none: what the page does not have is named', () => {
  const text = readFileSync(new URL('../../../fixtures/recorded/metrics/jmx_exporter-default.txt', import.meta.url), 'utf8');
  const read = readNames(text.replaceAll(/^.*_RecordsProduced\{.*\n/gm, ''), 'otlp-source', 'u');
  assert.ok('value' in read);
  assert.deepEqual(missingFor(CONNECTOR, read.value), ['RecordsProduced']);
});

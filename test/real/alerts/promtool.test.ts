import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { alertsOf } from '../../../checks/alerts/alerts-of.ts';
import type { Facts, Sample } from '../../../checks/facts/index.ts';
import { ATTRIBUTES, BRIDGE_ATTRIBUTES } from '../../../proto/vocabulary/attributes.ts';
import * as build from '../../facts.ts';
import { rulesOf } from './tools.ts';

/**
 * Every alert with its true times: `promtool test rules` runs the file over series of hours in a moment. The same series go through the live evaluation, which
 * must say the same at the same minutes.
 */
const STEP_S = 15;
type Kind = 'connector' | 'bridge';
/** Values of one connector at a second; what is not named is 0. `null`: no series then. */
type Story = (s: number) => Record<string, number> | null;
/** `at`: minute → alerts that fire then, all others silent or pending. */
type Row = { name: string; kind: Kind; story: Story; at: Readonly<Record<number, readonly string[]>> };

const until = (s: number, minute: number): number => Math.min(s, minute * 60);
const since = (s: number, minute: number): number => Math.max(0, s - minute * 60);
const steady = (s: number, perSecond = 20) => ({ TracesReceived: perSecond * s, RecordsProduced: perSecond * s });

const ROWS: readonly Row[] = [
  { name: 'healthy', kind: 'connector', story: (s) => steady(s), at: { 5: [], 20: [] } },
  { name: 'idle since the start', kind: 'connector', story: () => ({}), at: { 20: [] } },
  { name: 'just started', kind: 'connector', story: () => ({}), at: { 1: [] } },
  { name: 'one signal unused', kind: 'connector', story: (s) => steady(s), at: { 30: [] } },
  { name: 'old drops', kind: 'connector', story: (s) => ({ ...steady(s), TracesDropped: 300, DropRate: 30 }), at: { 20: [] } },
  {
    name: 'heavy load under the limits',
    kind: 'connector',
    story: (s) => ({ TracesReceived: 300 * s + 2000, MetricsReceived: 300 * s, LogsReceived: 300 * s, RecordsProduced: 900 * s }),
    at: { 20: [] },
  },
  {
    name: 'restarted in between',
    kind: 'connector',
    story: (s) => steady(s < 600 ? s + 90 : s - 600),
    at: { 11: [], 20: [] },
  },
  // Range and `for` are five minutes each: stopped at 10, the last increase leaves the range at 15.
  {
    name: 'traffic stops at minute 10',
    kind: 'connector',
    story: (s) => steady(until(s, 10)),
    at: { 14: [], 19: [], 21: ['OTLPNoMessagesReceived', 'TracesNotReceived'] },
  },
  {
    name: 'one of two signals stops at minute 10',
    kind: 'connector',
    story: (s) => ({ TracesReceived: 20 * s, LogsReceived: 5 * until(s, 10), RecordsProduced: 20 * s + 5 * until(s, 10) }),
    at: { 19: [], 21: ['LogsNotReceived'] },
  },
  {
    name: 'a fresh loss of 5 % after a long history, from minute 10',
    kind: 'connector',
    story: (s) => ({ TracesReceived: 1_000_000 + 20 * s, RecordsProduced: 1_000_000 + 20 * s, TracesDropped: since(s, 10) }),
    at: { 9: [], 11: ['TracesQueueDropping'], 18: ['HighMessageDropRate', 'TracesLossHigh', 'TracesQueueDropping'] },
  },
  {
    name: 'half a percent is lost',
    kind: 'connector',
    story: (s) => ({ ...steady(s, 200), MetricsDropped: s, MetricsReceived: 400 * s, RecordsProduced: 600 * s }),
    at: { 20: ['MetricsQueueDropping'] },
  },
  {
    name: 'everything is dropped from the start',
    kind: 'connector',
    story: (s) => ({ LogsDropped: 10 * s }),
    at: { 12: ['HighMessageDropRate', 'LogsLossHigh', 'LogsQueueDropping'] },
  },
  {
    name: '4000 of 10000 wait from minute 10',
    kind: 'connector',
    story: (s) => ({ TracesReceived: 20 * s + (s >= 600 ? 4000 : 0), RecordsProduced: 20 * s }),
    at: { 9: [], 14: [], 16: ['HighProcessingLag'] },
  },
  {
    name: 'a queue is 90 % full from minute 10, the gauges dead',
    kind: 'connector',
    story: (s) => ({ TracesReceived: 20 * s + (s >= 600 ? 9000 : 0), RecordsProduced: 20 * s }),
    at: { 12: [], 14: ['HighQueueUtilization'], 16: ['HighProcessingLag', 'HighQueueUtilization'] },
  },
  {
    name: 'one busy signal at the poll ceiling',
    kind: 'connector',
    story: (s) => ({ TracesReceived: 480 * s, RecordsProduced: 478 * s, TracesDropped: 300 * s }),
    at: { 12: ['HighMessageDropRate', 'OTLPPollCeiling', 'TracesLossHigh', 'TracesQueueDropping'] },
  },
  {
    name: '480 a second out without pressure',
    kind: 'connector',
    story: (s) => steady(s, 478),
    at: { 12: [] },
  },
  {
    name: 'the exporter is gone from minute 10',
    kind: 'connector',
    story: (s) => (s < 600 ? steady(s) : null),
    at: { 9: [], 14: [], 17: ['OTLPMetricsAbsent'] },
  },
  {
    name: 'a bridge refuses at a full queue from minute 10',
    kind: 'bridge',
    story: (s) => ({
      ...steady(s),
      TracesRefused: 20 * since(s, 10),
      TracesQueueSize: s >= 600 ? 950 : 5,
      MaxQueueUtilizationPercent: s >= 600 ? 95 : 1,
      QueueCapacity: 1000,
      HeldBytes: 1,
      HeldBytesLimit: 100,
    }),
    at: {
      9: [],
      11: ['TracesQueueRefusing'],
      18: ['HighMessageDropRate', 'HighProcessingLag', 'HighQueueUtilization', 'TracesLossHigh', 'TracesQueueRefusing'],
    },
  },
  {
    name: 'a bridge holds 90 % of its bytes',
    kind: 'bridge',
    story: (s) => ({ ...steady(s), QueueCapacity: 1000, HeldBytes: 90, HeldBytesLimit: 100 }),
    at: { 2: [], 5: ['HighHeldBytes'] },
  },
  {
    name: 'a bridge is gone from minute 10',
    kind: 'bridge',
    story: (s) => (s < 600 ? { ...steady(s), QueueCapacity: 1000, HeldBytesLimit: 100 } : null),
    at: { 9: [], 14: [], 17: ['OTLPMetricsAbsent'] },
  },
  {
    name: 'a bridge that drops 5 % of the logs, and gets no metrics any more from minute 10',
    kind: 'bridge',
    story: (s) => ({
      LogsReceived: 20 * s,
      MetricsReceived: until(s, 10),
      RecordsProduced: 20 * s,
      LogsDropped: s,
      QueueCapacity: 1000,
      HeldBytesLimit: 100,
    }),
    at: { 21: ['HighMessageDropRate', 'LogsLossHigh', 'LogsQueueDropping', 'MetricsNotReceived'] },
  },
  {
    name: 'nobody sends to a bridge from minute 10',
    kind: 'bridge',
    story: (s) => ({ ...steady(until(s, 10)), QueueCapacity: 1000, HeldBytesLimit: 100 }),
    at: { 19: [], 21: ['OTLPNoMessagesReceived', 'TracesNotReceived'] },
  },
];

const attributes = (kind: Kind): string[] => [...ATTRIBUTES, ...(kind === 'bridge' ? BRIDGE_ATTRIBUTES : [])].map(({ name }) => name);

/** A story's values with the sums that a connector computes itself. */
function valuesAt({ story, kind }: Row, s: number): Record<string, number> | null {
  const told = story(s);
  if (told === null) return null;
  const values: Record<string, number> = { ...Object.fromEntries(attributes(kind).map((name) => [name, 0])), ...told };
  const sum = (word: string): number =>
    ['Traces', 'Metrics', 'Logs'].reduce((total, signal) => total + (values[`${signal}${word}`] ?? 0), 0);
  values['TotalMessagesReceived'] = sum('Received');
  values['TotalMessagesDropped'] = sum('Dropped');
  if (kind === 'bridge') values['TotalMessagesRefused'] = sum('Refused');
  return values;
}

const minutesOf = (row: Row): number => Math.max(...Object.keys(row.at).map(Number)) + 1;
const secondsOf = (row: Row): number[] => Array.from({ length: (minutesOf(row) * 60) / STEP_S + 1 }, (_, i) => i * STEP_S);

/** In every row a second connector on the same page loses, fills up and lags more and more, and no alert is about it. */
const NEIGHBOUR = 1000;

function unitTest(row: Row): object {
  const times = secondsOf(row).map((s) => valuesAt(row, s));
  return {
    name: row.name,
    interval: `${STEP_S}s`,
    input_series: attributes(row.kind).flatMap((name) => [
      {
        series: `otlp_${name}{connector_name="otlp-source",instance="w:9404",job="connect"}`,
        // A series that ended is marked stale at the next scrape.
        values: times.map((values, i) => (values !== null ? String(values[name]) : times[i - 1] === null ? '_' : 'stale')).join(' '),
      },
      { series: `otlp_${name}{connector_name="otlp-b",instance="w:9404",job="connect"}`, values: `0+${NEIGHBOUR}x${times.length}` },
    ]),
  };
}

/** Which alerts are loud is asked for each: one that should be silent and fires is an error too. */
function alertTests(row: Row, ids: readonly { id: string; labels: Record<string, string>; guard: boolean }[]): object[] {
  return Object.entries(row.at).flatMap(([minute, firing]) =>
    ids.map(({ id, labels, guard }) => ({
      eval_time: `${minute}m`,
      alertname: id,
      exp_alerts: firing.includes(id) ? [{ exp_labels: { ...labels, ...(guard ? {} : { instance: 'w:9404', job: 'connect' }) } }] : [],
    })),
  );
}

for (const kind of ['connector', 'bridge'] as const) {
  test(`promtool: the rules of a ${kind} fire with their true times and are silent on what only looks like it`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'otlpctl-promtool-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const naming = kind === 'bridge' ? 'bridge' : 'runbook';
    const { text, rules } = await rulesOf('--names', naming, '--connector', 'otlp-source', '--queue-size', '10000');
    // Annotations hold values that are extrapolated: what they say is not compared, that they can be made is (`check rules` parses them).
    writeFileSync(join(folder, 'rules.yml'), text);
    const check = await execa('promtool', ['check', 'rules', join(folder, 'rules.yml')], { reject: false });
    assert.equal(check.exitCode, 0, check.stderr);
    assert.match(check.stdout, new RegExp(`SUCCESS: ${rules.length} rules found`));
    const bare = rules.map(({ annotations: _texts, ...rule }) => rule);
    writeFileSync(join(folder, 'bare.yml'), stringify({ groups: [{ name: 'otlp', interval: '15s', rules: bare }] }, { lineWidth: 0 }));
    const ids = rules.map(({ alert, labels }) => ({ id: alert, labels, guard: alert === 'OTLPMetricsAbsent' }));
    const tests = ROWS.filter((row) => row.kind === kind).map((row) => ({ ...unitTest(row), alert_rule_test: alertTests(row, ids) }));
    writeFileSync(
      join(folder, 'tests.yml'),
      stringify({ rule_files: ['bare.yml'], evaluation_interval: '15s', tests }, { lineWidth: 0, aliasDuplicateObjects: false }),
    );
    const ran = await execa('promtool', ['test', 'rules', join(folder, 'tests.yml')], { reject: false });
    assert.equal(ran.exitCode, 0, `${ran.stdout}\n${ran.stderr}`);
    // Every alert is seen to fire in some row, or nothing was tested of it.
    const fired = new Set(ROWS.filter((row) => row.kind === kind).flatMap((row) => Object.values(row.at).flat().map(shapeOf)));
    const told = ids.map(({ id }) => id).filter((id) => !fired.has(shapeOf(id)));
    assert.deepEqual(told, []);
  });
}

/** Of three that differ in their signal alone, one is told in a row. */
const shapeOf = (id: string): string => id.replace(/^(?:Traces|Metrics|Logs)/, '');

/** What Prometheus would have kept up to a minute, as the live look has it. */
function factsAt(row: Row, minute: number): Facts {
  const samples: Sample[] = secondsOf(row)
    .filter((s) => s <= minute * 60)
    .flatMap((s) => {
      const values = valuesAt(row, s);
      return values === null ? [] : [{ at: build.NOW - (minute * 60 - s) * 1000, values }];
    })
    .filter(({ at }) => at >= build.NOW - 600_000);
  const history = { samples, absent: [], from: build.NOW - 600_000, until: build.NOW, stepMs: STEP_S * 1000, connectors: ['otlp-source'] };
  const target = build.healthy().target as { value: object };
  return build.healthy({
    target: { value: { ...target.value, kind: row.kind, config: { ...build.CONFIG, 'otlp.message.queue.size': '10000' } } } as never,
    metrics: { unasked: 'skipped', reason: 'only the history is asked' } as never,
    'prometheus.history': { value: history } as never,
  });
}

for (const row of ROWS)
  test(`live, from the same readings: ${row.name}`, () => {
    for (const [minute, firing] of Object.entries(row.at)) {
      const { alerts } = alertsOf(factsAt(row, Number(minute)));
      assert.deepEqual(
        alerts
          .filter(({ state }) => state === 'firing')
          .map(({ id }) => id)
          .sort(),
        [...firing].sort(),
        `minute ${minute}`,
      );
    }
  });

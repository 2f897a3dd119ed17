import type { PrometheusHistory } from '../facts/index.ts';
import { unquote } from './jolokia-names.ts';
import type { Answer, Look, Outcome, Probe } from './probe.ts';
import { askRange, rangeSource, type RangeRow } from './prometheus-api.ts';
import { connectorSeries, isNameOf } from './prometheus-names.ts';

/** How far back alerts look: the longest range and the longest `for`, five minutes each. Source: runbook, "Recommended Alerts". */
const BACK_MS = 600_000;
const STEP_MS = 15_000;

/** Every name that the connector's attributes may have there, in any case; histograms of the bridge are left out. */
const QUERY = '{__name__=~"(?i:io_conduktor_connect_otel_opentelemetryconnector|otlp)_.+",__name__!~".+_(bucket|sum|count)"}';

/** The attributes' values of the last minutes, from the Prometheus that was given. Source: Prometheus HTTP API, "Range queries". */
export const prometheusHistoryProbe: Probe = {
  gives: ['prometheus.history'],
  uses: ['target'],
  rounds: 2,
  async look(look) {
    const { prometheusUrl } = look.target;
    if (prometheusUrl === undefined) {
      const reason = 'no Prometheus was given';
      return { 'prometheus.history': { source: 'Prometheus', unasked: 'skipped', reason, give: '--prometheus-url URL' } };
    }
    return { 'prometheus.history': await history(look, prometheusUrl) };
  },
};

async function history(look: Look, url: URL): Promise<Answer<PrometheusHistory>> {
  const auth = look.target.prometheusAuth;
  const place = { url, ...(auth && { auth }) };
  const source = rangeSource(place);
  const until = look.settings.now();
  const asked = { from: until - BACK_MS, until, stepMs: STEP_MS };
  const told = await askRange(look.ask, place, QUERY, { fromMs: asked.from, toMs: until }, STEP_MS);
  if (!('value' in told)) return { source, ...told };
  const target = await look.fact('target');
  const connector = 'value' in target ? target.value.connector : null;
  return { source, ...readHistory(told.value, connector, asked) };
}

/** Null for the connector: the only one there. */
export function readHistory(
  rows: readonly RangeRow[],
  connectorName: string | null,
  asked: { from: number; until: number; stepMs: number },
): Outcome<PrometheusHistory> {
  const ours = rows.flatMap(({ metric, values }) => {
    const series = connectorSeries({ name: metric['__name__'] ?? '', labels: metric, value: 0 });
    return series?.label === undefined ? [] : [{ attribute: series.attribute, label: series.label, values }];
  });
  const connectors = [...new Set(ours.map(({ label }) => unquote(label)))].sort();
  const connector = connectorName ?? (connectors.length === 1 ? connectors[0]! : null);
  if (connector === null && connectors.length > 1)
    return { failure: 'absent', detail: `it has series of ${connectors.join(', ')}, and no connector is named` };
  const own = ours.filter(({ label }) => connector !== null && isNameOf(label, connector));
  const lastOf = (one: (typeof own)[number]): number => one.values.at(-1)?.[0] ?? 0;
  const samples = new Map<number, Record<string, number>>();
  // A task that moved has series of two workers: where they overlap, those that are newest count.
  for (const { attribute, values } of own.toSorted((a, b) => lastOf(b) - lastOf(a)))
    for (const [seconds, text] of values) {
      const at = Math.round(seconds * 1000);
      const sample = samples.get(at) ?? {};
      samples.set(at, sample);
      const number = Number(text);
      if (Number.isFinite(number)) sample[attribute] ??= number;
    }
  return {
    value: {
      ...asked,
      samples: [...samples].sort(([a], [b]) => a - b).map(([at, values]) => ({ at, values })),
      absent: [],
      connectors,
    },
  };
}

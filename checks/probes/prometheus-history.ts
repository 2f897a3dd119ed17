import type { Json, PrometheusHistory } from '../facts/index.ts';
import { isObject } from '../facts/index.ts';
import { shown } from './ask.ts';
import { unquote } from './jolokia-names.ts';
import type { Answer, FailedOutcome, Look, Outcome, Probe } from './probe.ts';
import { connectorSeries, isNameOf } from './prometheus-names.ts';
import { readJson } from './read-json.ts';

/** How far back alerts look: the longest range and the longest `for`, five minutes each. Source: runbook, "Recommended Alerts". */
const BACK_MS = 600_000;
const STEP_MS = 15_000;

/** Every name that the connector's attributes may have there, in any case; histograms of the bridge are left out. */
const QUERY = '{__name__=~"(?i:io_conduktor_connect_otel_opentelemetryconnector|otlp)_.+",__name__!~".+_(bucket|sum|count)"}';

const MOST_BYTES = 16 * 1024 * 1024;

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

async function history(look: Look, given: URL): Promise<Answer<PrometheusHistory>> {
  const url = new URL(`${given.pathname.replace(/\/$/, '')}/api/v1/query_range`, given);
  const until = look.settings.now();
  const from = until - BACK_MS;
  const source = `GET ${shown(url)}`;
  url.search = new URLSearchParams({
    query: QUERY,
    start: String(from / 1000),
    end: String(until / 1000),
    step: String(STEP_MS / 1000),
  }).toString();
  const auth = look.target.prometheusAuth;
  const asked = await look.ask({ url, maxBytes: MOST_BYTES, ...(auth === undefined ? {} : { auth }) });
  const read = readJson<Json>(asked, (json) => (isMatrix(json) ? undefined : 'JSON, but not an answer of Prometheus'));
  if (!('value' in read)) return { source, ...inItsWords(read as FailedOutcome) };
  const target = await look.fact('target');
  const connector = 'value' in target ? target.value.connector : null;
  return { source, ...readHistory(read.value, connector, { from, until, stepMs: STEP_MS }) };
}

type Row = { metric: { [key: string]: string }; values: [number, string][] };

const rowsOf = (json: Json): Row[] => (json as unknown as { data: { result: Row[] } }).data.result;

function isMatrix(json: Json): boolean {
  const data = isObject(json) && json['status'] === 'success' ? json['data'] : undefined;
  if (!isObject(data ?? null)) return false;
  const { resultType, result } = data as { [key: string]: Json };
  return (
    resultType === 'matrix' &&
    Array.isArray(result) &&
    result.every((row) => isObject(row) && isObject(row['metric'] ?? null) && Array.isArray(row['values']))
  );
}

/** Prometheus says what is wrong with a query under `error`. */
function inItsWords(failed: FailedOutcome): FailedOutcome {
  const said = isObject(failed.body) ? failed.body['error'] : undefined;
  return typeof said === 'string' && failed.status !== undefined ? { ...failed, detail: `HTTP ${failed.status}: ${said}` } : failed;
}

/** `json`: a matrix. Null for the connector: the only one there. */
export function readHistory(
  json: Json,
  connectorName: string | null,
  asked: { from: number; until: number; stepMs: number },
): Outcome<PrometheusHistory> {
  const ours = rowsOf(json).flatMap(({ metric, values }) => {
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

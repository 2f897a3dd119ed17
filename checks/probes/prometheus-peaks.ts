import type { Credentials } from '../target.ts';
import type { Json } from '../facts/index.ts';
import { isObject } from '../facts/index.ts';
import { SIGNAL, SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import { openHttp } from './ask.ts';
import type { FailedOutcome } from './probe.ts';
import { connectorSeries, isNameOf } from './prometheus-names.ts';

/**
 * What a Prometheus remembers of the connector's counters. Rates are averages of a minute (four scrapes of the usual 15 s), their highest is taken in each
 * step, so that no peak falls between two. Source: Prometheus, HTTP API, "Range queries"; PromQL, "Subquery".
 */
export type HistoryAsked = {
  url: URL;
  auth?: Credentials;
  /** null: of whichever connector it has, where that is one */
  connector: string | null;
  fromMs: number;
  toMs: number;
  deadlineMs: number;
};
export type HistoryPoint = { at: number; ms: number; total: number; signals: Record<Signal, number> };
export type History = { points: HistoryPoint[]; /** processes whose counters were added up */ sources: number };

/** Points of one answer. Source: Prometheus allows 11,000. */
const MOST_POINTS = 1500;
const RATE_SECONDS = 60;
const MOST_BYTES = 8 * 1024 * 1024;

type Selector = { signal: Signal; selector: string; instance: string };
const OFFERED = SIGNALS.map((signal) => ({ signal, names: [SIGNAL[signal].received, SIGNAL[signal].dropped, SIGNAL[signal].refused] }));
const quoted = (text: string): string => JSON.stringify(text);

/** Never rejects: what goes wrong comes back as a failure, with what was asked in its detail. */
export async function readPeaks(asked: HistoryAsked): Promise<{ value: History } | FailedOutcome> {
  const http = openHttp();
  const end = AbortSignal.timeout(Math.ceil(asked.deadlineMs));
  const get = async (path: string, query: Record<string, string>): Promise<{ value: Json } | FailedOutcome> => {
    const url = new URL(`${asked.url.pathname.replace(/\/+$/, '')}${path}`, asked.url);
    url.search = new URLSearchParams(query).toString();
    const within = { signal: end, deadlineMs: asked.deadlineMs, count: () => undefined };
    const reply = await http.ask({ url, maxBytes: MOST_BYTES, ...(asked.auth && { auth: asked.auth }) }, within);
    return 'value' in reply ? dataOf(reply.value) : reply;
  };
  try {
    const period = { start: String(asked.fromMs / 1000), end: String(asked.toMs / 1000) };
    const found = await get('/api/v1/series', { 'match[]': '{__name__=~"(?i:io_conduktor_connect_otel_|otlp_).+"}', ...period });
    if (!('value' in found)) return found;
    const selectors = selectorsOf(found.value, asked.connector);
    if (!Array.isArray(selectors)) return selectors;
    const stepSeconds = Math.max(RATE_SECONDS, Math.ceil((asked.toMs - asked.fromMs) / 1000 / MOST_POINTS));
    const range = { ...period, step: String(stepSeconds) };
    const ask = async (of: readonly Selector[]) => {
      const answer = await get('/api/v1/query_range', { query: highestRate(of, stepSeconds), ...range });
      return 'value' in answer ? { value: valuesOf(answer.value) } : answer;
    };
    const total = await ask(selectors);
    if (!('value' in total)) return total;
    const each = new Map<Signal, Map<number, number>>();
    for (const signal of SIGNALS) {
      const one = await ask(selectors.filter((selector) => selector.signal === signal));
      if (!('value' in one)) return one;
      each.set(signal, one.value);
    }
    const points = [...total.value].map(([at, value]): HistoryPoint => ({
      at,
      ms: stepSeconds * 1000,
      total: value,
      signals: Object.fromEntries(SIGNALS.map((signal) => [signal, each.get(signal)?.get(at) ?? 0])) as Record<Signal, number>,
    }));
    return { value: { points, sources: new Set(selectors.map(({ instance }) => instance)).size } };
  } finally {
    http.close();
  }
}

const malformed = (detail: string): FailedOutcome => ({ failure: 'malformed', detail, stage: 'body' });

function dataOf({ status, text }: { status: number; text: string }): { value: Json } | FailedOutcome {
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch {
    return malformed(`answers ${status} and no JSON: it is no Prometheus`);
  }
  if (isObject(json) && json['status'] === 'success') return { value: json['data'] ?? null };
  if (isObject(json) && typeof json['error'] === 'string') return malformed(`answers ${status}: ${json['error']}`);
  return malformed(`answers ${status}: it is no Prometheus`);
}

/** The series of this connector that say what was offered, each by its own name and labels. */
function selectorsOf(data: Json, connector: string | null): Selector[] | FailedOutcome {
  const series = (Array.isArray(data) ? data : []).filter(isObject) as Record<string, string>[];
  const names = new Set<string>();
  const all = series.flatMap((labels): Selector[] => {
    const known = connectorSeries({ name: labels['__name__'] ?? '', labels, value: 0 } as never);
    const signal = OFFERED.find(({ names: wanted }) => wanted.includes(known?.attribute ?? ''))?.signal;
    if (known === undefined || signal === undefined) return [];
    if (known.label !== undefined) names.add(known.label);
    if (connector !== null && known.label !== undefined && !isNameOf(known.label, connector)) return [];
    const matchers = Object.entries(labels).map(([name, value]) => `${name}=${quoted(value)}`);
    return [{ signal, selector: `{${matchers.join(',')}}`, instance: labels['instance'] ?? '' }];
  });
  if (all.length > 0 && (connector !== null || names.size <= 1)) return all;
  const has = names.size === 0 ? 'it has no series of the connector in this time' : `it has ${[...names].sort().slice(0, 5).join(', ')}`;
  return { failure: 'absent', detail: connector === null ? has : `nothing of ${connector}: ${has}` };
}

/** 0 where nothing was counted; the series of one connector are added up. */
const highestRate = (of: readonly Selector[], stepSeconds: number): string => {
  const sum = of.map(({ selector }) => `(sum(rate(${selector}[${RATE_SECONDS}s])) or vector(0))`).join(' + ') || 'vector(0)';
  return `max_over_time((${sum})[${stepSeconds}s:15s])`;
};

function valuesOf(data: Json): Map<number, number> {
  const result = isObject(data) && Array.isArray(data['result']) ? data['result'] : [];
  const [first] = result.filter(isObject);
  const values = Array.isArray(first?.['values']) ? (first['values'] as [number, string][]) : [];
  return new Map(values.map(([at, value]) => [at * 1000, Number(value)]));
}

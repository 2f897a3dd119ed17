import { SIGNAL, SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import { openHttp } from './ask.ts';
import type { Ask, FailedOutcome } from './probe.ts';
import { askRange, askSeries, type Labels, type Period, type PrometheusPlace, type RangeRow, type Told } from './prometheus-api.ts';
import { connectorSeries, isNameOf } from './prometheus-names.ts';

/**
 * What a Prometheus remembers of the connector's counters. Rates are averages of a minute (four scrapes of the usual 15 s), their highest is taken in each
 * step, so that no peak falls between two. Source: Prometheus, HTTP API, "Range queries"; PromQL, "Subquery".
 */
export type HistoryAsked = PrometheusPlace &
  Period & {
    /** null: of whichever connector it has, where that is one */
    connector: string | null;
    /** of all that is asked together */
    deadlineMs: number;
  };
export type HistoryPoint = { at: number; ms: number; total: number; signals: Record<Signal, number> };
export type History = { points: HistoryPoint[]; /** processes whose counters were added up */ sources: number };

/** Points of one answer. Source: Prometheus allows 11,000. */
const MOST_POINTS = 1500;
const RATE_SECONDS = 60;
const OURS = '{__name__=~"(?i:io_conduktor_connect_otel_|otlp_).+"}';

type Selector = { signal: Signal; selector: string; instance: string };
const OFFERED = SIGNALS.map((signal) => ({ signal, names: [SIGNAL[signal].received, SIGNAL[signal].dropped, SIGNAL[signal].refused] }));
const quoted = (text: string): string => JSON.stringify(text);

/** Never rejects: what goes wrong comes back as a failure, with what was asked in its detail. */
export async function readPeaks(asked: HistoryAsked): Promise<Told<History>> {
  const http = openHttp();
  const end = AbortSignal.timeout(Math.ceil(asked.deadlineMs));
  const ask: Ask = (request) => http.ask(request, { signal: end, deadlineMs: asked.deadlineMs, count: () => undefined });
  try {
    const found = await askSeries(ask, asked, OURS, asked);
    if (!('value' in found)) return found;
    const selectors = selectorsOf(found.value, asked.connector);
    if (!Array.isArray(selectors)) return selectors;
    const stepSeconds = Math.max(RATE_SECONDS, Math.ceil((asked.toMs - asked.fromMs) / 1000 / MOST_POINTS));
    const rateOf = async (of: readonly Selector[]): Promise<Told<Map<number, number>>> => {
      const told = await askRange(ask, asked, highestRate(of, stepSeconds), asked, stepSeconds * 1000);
      return 'value' in told ? { value: valuesOf(told.value) } : told;
    };
    const total = await rateOf(selectors);
    if (!('value' in total)) return total;
    const each = new Map<Signal, Map<number, number>>();
    for (const signal of SIGNALS) {
      const one = await rateOf(selectors.filter((selector) => selector.signal === signal));
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

/** The series of this connector that say what was offered, each by its own name and labels. */
function selectorsOf(series: readonly Labels[], connector: string | null): Selector[] | FailedOutcome {
  const names = new Set<string>();
  const all = series.flatMap((labels): Selector[] => {
    const known = connectorSeries({ name: labels['__name__'] ?? '', labels, value: 0 });
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

/** A sum over everything is one series. */
const valuesOf = ([sum]: readonly RangeRow[]): Map<number, number> =>
  new Map((sum?.values ?? []).map(([at, value]) => [at * 1000, Number(value)]));

import { capacityOf } from '../derive/queue.ts';
import { clock, span } from '../derive/words.ts';
import type { ConnectorMetrics, Fact, Facts, PrometheusHistory, Sample } from '../facts/index.ts';
import { isFailed, isSeen, seen } from '../facts/index.ts';
import type { Alert, Form, Limits } from './alert.ts';
import { judge, type History, type Judged } from './judge.ts';
import { ABSENT_ID } from './more-alerts.ts';
import { alertsFor, LIMITS } from './table.ts';

export type AlertsView = {
  connector: string | null;
  form: Form;
  /** where the readings are from, as a person would say it; empty: there are none */
  sources: string[];
  from: number | null;
  to: number | null;
  readings: number;
  alerts: Judged[];
};

/** What a person may say of what the facts do not. */
export type Said = { queueSize?: number; limits?: Partial<Limits> };

/** What kind of target it is, as far as alerts care. */
export function formOf(facts: Facts, { queueSize, limits }: Said = {}): Form {
  const metrics = seen(facts, 'metrics');
  const last = metrics?.samples.at(-1) ?? seen(facts, 'prometheus.history')?.samples.at(-1);
  const isBridge =
    seen(facts, 'target')?.kind === 'bridge' || metrics?.kind === 'bridge' || last?.values['TotalMessagesRefused'] !== undefined;
  return {
    kind: isBridge ? 'bridge' : 'connector',
    queueSize: queueSize ?? capacityOf(facts, last ?? { at: 0, values: {} }),
    expectTraffic: seen(facts, 'run')?.expect.includes('traffic') ?? false,
    limits: { ...LIMITS, ...limits },
  };
}

/** Every alert that this target can have, as it is now. */
export function alertsOf(facts: Facts, said: Said = {}): AlertsView {
  const form = formOf(facts, said);
  const history = seen(facts, 'prometheus.history');
  const samples = inOrder([...(history?.samples ?? []), ...(seen(facts, 'metrics')?.samples ?? [])]);
  const unknown = whyUnknown(facts, history);
  const all: History = { samples, ...(unknown === undefined ? {} : { unknown }) };
  const judged = alertsFor(form).map((alert) =>
    alert.id === ABSENT_ID && history !== undefined ? guard(alert, form, history) : judge(alert, form, all),
  );
  return {
    connector: seen(facts, 'target')?.connector ?? null,
    form,
    sources: (['prometheus.history', 'metrics'] as const).flatMap((id) =>
      (seen(facts, id)?.samples.length ?? 0) > 0 ? [facts[id].source] : [],
    ),
    from: samples[0]?.at ?? null,
    to: samples.at(-1)?.at ?? null,
    readings: samples.length,
    alerts: judged,
  };
}

const inOrder = (samples: Sample[]): Sample[] => samples.sort((a, b) => a.at - b.at).filter(({ at }, i) => at !== samples[i + 1]?.at);

/** A history whose last value is older than this has ended. */
const endMs = ({ stepMs }: PrometheusHistory): number => 2 * stepMs;

/** The counters of now are needed, from the target itself or from a Prometheus that still has them. */
function whyUnknown(facts: Facts, history: PrometheusHistory | undefined): string | undefined {
  const metrics = facts.metrics as Fact<ConnectorMetrics>;
  if (isSeen(metrics)) return undefined;
  const last = history?.samples.at(-1);
  if (history !== undefined && last !== undefined && history.until - last.at <= endMs(history)) return undefined;
  const why = isFailed(metrics)
    ? `${metrics.source}: ${metrics.detail}`
    : `${metrics.reason}${metrics.give ? `; give ${metrics.give}` : ''}`;
  return last === undefined ? why : `${why}; Prometheus has nothing since ${clock(last.at)}`;
}

/** Prometheus itself is asked whether it has the series: what it lacks, its alerts cannot see. */
function guard(alert: Alert, form: Form, history: PrometheusHistory): Judged {
  const { samples, from, until } = history;
  const last = samples.at(-1);
  const since = last?.at ?? from;
  if (last !== undefined && until - last.at <= endMs(history)) return judge(alert, form, { samples });
  const lasted = until - since >= alert.forSeconds * 1000;
  return {
    ...judge(alert, form, { samples: [{ at: until, values: {} }] }),
    state: lasted ? 'firing' : 'pending',
    since,
    seen: `Prometheus has had no series of the connector for ${last === undefined ? 'at least ' : ''}${span(until - since)}.`,
  };
}

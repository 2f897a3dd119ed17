import type { OverallStatus } from '../report.ts';
import type { SeriesNames } from '../facts/index.ts';
import { RANGE_SECONDS, type Alert, type Form, type Measure } from './alert.ts';
import { attributesOf, type Condition } from './expression.ts';
import { promDuration, promqlOf } from './promql.ts';
import { seriesOf } from './series-names.ts';
import { alertsFor } from './table.ts';

/** A rule as Prometheus reads it. Source: Prometheus, "Alerting rules". */
export type PromRule = {
  alert: string;
  expr: string;
  for?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
};
export type RuleFile = { groups: { name: string; rules: PromRule[] }[] };

export type RuleRequest = {
  connector: string;
  form: Form;
  names: SeriesNames;
  /** alerts wanted; those that this target cannot have are left out */
  ids?: readonly string[];
  rangeSeconds?: number;
  /** for every alert that has to last */
  forSeconds?: number;
};

/** Attributes that the rules would need and nobody exports under any name: then there is no file, for half of it would be silent. */
export type Missing = { missing: Record<string, string[]> };

/** Nobody is to be paged for what is unknown as for an outage, and nobody to overlook it. */
const SEVERITY: Readonly<Record<OverallStatus, string>> = { ok: 'info', warning: 'warning', critical: 'critical', unknown: 'warning' };

const VALUE: Readonly<Record<Measure['unit'], string>> = {
  percent: '{{ $value | printf "%.1f" }}',
  messages: '{{ $value | printf "%.0f" }}',
  'messages/s': '{{ $value | printf "%.0f" }}',
  series: '{{ $value }}',
};

/** A name as text of a template: its own braces would be read as one. Source: Prometheus, "Templating". */
const plainText = (name: string): string => name.replaceAll('{{', '{{ "{{" }}');

export function ruleFile(request: RuleRequest): RuleFile | Missing | { sizeWanted: string[] } {
  const { connector, form, names, ids, rangeSeconds = RANGE_SECONDS } = request;
  const chosen = alertsFor(form, ids).map((alert) => ({ alert, condition: alert.condition(form) }));
  const sizeWanted = chosen.filter(({ condition }) => condition === null).map(({ alert }) => alert.id);
  if (sizeWanted.length > 0) return { sizeWanted };
  const all = chosen as { alert: Alert; condition: Condition }[];
  const lacking = all.map(({ alert, condition }) => [alert.id, attributesOf(condition).filter((name) => !(name in names.series))] as const);
  const missing = lacking.filter(([, attributes]) => attributes.length > 0);
  if (missing.length > 0) return { missing: Object.fromEntries(missing) };
  const { condition: asPromql } = promqlOf(seriesOf(names), promDuration(rangeSeconds));
  const text = (template: string, { measure }: Alert): string =>
    template.replaceAll(/CONNECTOR|VALUE/g, (word) => (word === 'VALUE' ? VALUE[measure.unit] : plainText(connector)));
  const rules = all.map(({ alert, condition }): PromRule => {
    const lasting = alert.forSeconds === 0 ? 0 : (request.forSeconds ?? alert.forSeconds);
    return {
      alert: alert.id,
      expr: asPromql(condition),
      ...(lasting === 0 ? {} : { for: promDuration(lasting) }),
      labels: {
        severity: SEVERITY[alert.status],
        connector_name: plainText(connector),
        ...(alert.signal === null ? {} : { signal: alert.signal }),
      },
      annotations: {
        summary: text(alert.summary, alert),
        description: text(alert.description, alert),
        explain: `otlpctl explain ${alert.id}`,
      },
    };
  });
  return { groups: [{ name: 'otlp_connector', rules }] };
}

import { ATTRIBUTES, BRIDGE_ATTRIBUTES, MBEAN_DOMAIN } from '../../proto/vocabulary/attributes.ts';
import type { SeriesNames } from '../facts/index.ts';
import { quote } from '../probes/jolokia-names.ts';
import type { SeriesOf } from './promql.ts';

const BEAN = `${MBEAN_DOMAIN.replaceAll('.', '_')}_OpenTelemetryConnector_`;
const lower = (name: string): string => name.toLowerCase();
/** Without ObjectName's quotes, and with what is escaped within them: a rule captures text as it stands. */
const unquoted = (name: string): string => quote(name).slice(1, -1);

/**
 * What the series may be called where nobody can look: the bridge's own page, jmx_exporter under `alerts jmx-exporter-config` (the runbook's names), and
 * jmx_exporter without rules, in lower case or not. Source: jmx_exporter, JmxCollector.defaultExport; seen in 1.6.0.
 */
export const NAMINGS = {
  bridge: { kind: 'bridge', key: 'connector_name', name: (attribute: string) => `otlp_${attribute}`, label: (name: string) => name },
  runbook: { kind: 'connector', key: 'connector_name', name: (attribute: string) => `otlp_${attribute}`, label: unquoted },
  'jmx-exporter': { kind: 'connector', key: 'name', name: (attribute: string) => `${BEAN}${attribute}`, label: quote },
  'jmx-exporter-lower': { kind: 'connector', key: 'name', name: (attribute: string) => lower(`${BEAN}${attribute}`), label: quote },
} as const;
export type Naming = keyof typeof NAMINGS;

export function namesOf(naming: Naming, connector: string): SeriesNames {
  const { kind, key, name, label } = NAMINGS[naming];
  const attributes = [...ATTRIBUTES, ...(kind === 'bridge' ? BRIDGE_ATTRIBUTES : [])];
  return {
    url: `--names ${naming}`,
    series: Object.fromEntries(attributes.map((attribute) => [attribute.name, name(attribute.name)])),
    label: { key, value: label(connector) },
  };
}

/** A string of PromQL. Source: Prometheus, "String literals". */
const promString = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;

/** `otlp_TracesReceived{connector_name="otlp-source"}` */
export const seriesOf =
  ({ series, label }: SeriesNames): SeriesOf =>
  (attribute) =>
    `${series[attribute] ?? attribute}{${label.key}=${promString(label.value)}}`;

import { METRICS_PATH, PORTS } from '../../proto/vocabulary/connect.ts';
import { bracketed } from '../address.ts';
import type { ConnectorMetrics, Fact, SeriesNames, TargetFact } from '../facts/index.ts';
import { isSeen } from '../facts/index.ts';
import { prometheusSource } from './metrics-source.ts';
import { unquote } from './jolokia-names.ts';
import type { Answer, FailedOutcome, Look, Outcome, Probe } from './probe.ts';
import { connectorLabel, connectorSeries, isNameOf, isWanted } from './prometheus-names.ts';
import { readPrometheusText } from './prometheus-text.ts';

/** What this target's series are called where Prometheus scrapes them: the bridge's /metrics, a jmx_exporter's page, whatever its rules make of the names. */
export const prometheusSeriesProbe: Probe = {
  gives: ['prometheus.series'],
  needs: ['metrics', 'target'],
  async look(look) {
    const [metrics, target] = await Promise.all([look.fact('metrics'), look.fact('target')]);
    const url = pageOf(metrics, isSeen(target) ? target.value : null);
    if (url === undefined) {
      const reason = 'there is no host to look for a page on';
      return { 'prometheus.series': { source: 'Prometheus page', unasked: 'unknown', reason, give: '--metrics-url URL' } };
    }
    return { 'prometheus.series': await names(look, url, isSeen(target) ? target.value.connector : null) };
  },
};

/** The page that was read for metrics; of a bridge, the one beside its JSON; with Jolokia or JMX, an exporter at its usual port. */
function pageOf(metrics: Fact<ConnectorMetrics>, target: TargetFact | null): URL | undefined {
  const read = isSeen(metrics) ? metrics.value : undefined;
  if (read?.kind === 'prometheus') return new URL(read.url);
  if (read?.kind === 'bridge') return new URL(METRICS_PATH.prometheus, read.url);
  const host = target?.workerHost ?? null;
  return host === null ? undefined : new URL(`http://${bracketed(host)}:${PORTS.jmxExporter}${METRICS_PATH.prometheus}`);
}

async function names(look: Look, url: URL, connector: string | null): Promise<Answer<SeriesNames>> {
  const { metricsAuth, metricsUrl } = look.target;
  // Credentials are for the place that they were given with.
  const auth = metricsUrl?.host === url.host ? metricsAuth : undefined;
  const page = prometheusSource(look.ask, url, connector);
  const asked = await look.ask({ ...page.request, signal: look.signal, ...(auth === undefined ? {} : { auth }) });
  if ('failure' in asked) return { source: page.source, ...asked };
  const { metrics } = page.of(asked.value);
  if ('failure' in metrics) return { source: page.source, ...(metrics as FailedOutcome) };
  return { source: page.source, ...readNames(asked.value.text, connector, page.url) };
}

/** `connector` null: the only one on the page. */
export function readNames(text: string, connector: string | null, url: string): Outcome<SeriesNames> {
  const ours = readPrometheusText(text, { wanted: isWanted }).samples.flatMap(({ name, labels, value }) => {
    const attribute = connectorSeries({ name, labels, value })?.attribute;
    const label = connectorLabel(labels);
    return attribute === undefined || label === undefined || (connector !== null && !isNameOf(label.value, connector))
      ? []
      : [{ attribute, name, label }];
  });
  const first = ours[0];
  const whose = [...new Set(ours.map(({ label }) => unquote(label.value)))];
  if (first === undefined || whose.length > 1)
    return { failure: 'absent', detail: `the page has series of ${whose.length === 0 ? 'no OTLP connector' : whose.join(', ')}` };
  return { value: { url, series: Object.fromEntries(ours.map(({ attribute, name }) => [attribute, name])), label: first.label } };
}

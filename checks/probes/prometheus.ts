import { unquote } from './jolokia-names.ts';
import type { JmxFact } from './jolokia.ts';
import { absentAttributes } from './metrics-reading.ts';
import type { ConnectorReading, Reading } from './metrics-reading.ts';
import type { FailedOutcome } from './probe.ts';
import { connectorSeries, isConnectSeries, isNameOf, isWanted, jvmSeries, kafkaSeries } from './prometheus-names.ts';
import { readPrometheusText } from './prometheus-text.ts';
import type { PrometheusPage, PrometheusSample } from './prometheus-text.ts';

/** One page: the connector's own numbers, and the facts of JMX whose series are on it. */
export type PrometheusReading = { metrics: { value: ConnectorReading } | FailedOutcome } & { [Fact in JmxFact]?: { value: Reading } } & {
  /** when the newest of these values was taken, where the page says so: then this, and not when it was asked, is their time */
  stampedAt?: number;
  /** nothing on the page is of a Connect worker: it need not have a connector's series */
  foreign?: true;
};

export function readPrometheus(text: string, connectorName: string | null, openMetrics: boolean): PrometheusReading {
  const page = readPrometheusText(text, { openMetrics, wanted: isWanted });
  const ours = page.samples.flatMap((sample) => {
    const series = connectorSeries(sample);
    return series?.label === undefined ? [] : [{ ...series, label: series.label, sample }];
  });
  const metrics = connectorReading(page, ours, connectorName);
  const connector = connectorName ?? ('value' in metrics ? (metrics.value.connectors[0] ?? null) : null);
  const stamps = page.samples.flatMap(({ at }) => (at === undefined ? [] : [at]));
  const isForeign = ours.length === 0 && !page.samples.some(({ name }) => isConnectSeries(name));
  return {
    metrics,
    ...(connector === null ? {} : kafkaReadings(page.samples, connector)),
    ...jvmReading(page.samples),
    ...(stamps.length === 0 ? {} : { stampedAt: stamps.reduce((a, b) => Math.max(a, b)) }),
    ...(isForeign ? { foreign: true as const } : {}),
  };
}

type Ours = { attribute: string; label: string; sample: PrometheusSample };

function connectorReading(page: PrometheusPage, all: readonly Ours[], connectorName: string | null): PrometheusReading['metrics'] {
  const connectors = [...new Set(all.map(({ label }) => unquote(label)))].sort();
  const connector = connectorName ?? (connectors.length === 1 ? connectors[0] : undefined);
  const own = connector === undefined ? [] : all.filter(({ label }) => isNameOf(label, connector));
  if (own.length > 0) {
    const values = valuesOf(own.map(({ attribute, sample }) => [attribute, sample.value])).values;
    return { value: { values, missing: absentAttributes(values), connectors } };
  }
  if (page.cut) return { failure: 'malformed', detail: `the page breaks off before any series of ${connectorName ?? 'an OTLP connector'}` };
  const there = connectors.length > 0 ? `series of ${connectors.join(', ')}` : withoutName(page);
  return { failure: 'absent', detail: `no metrics of ${connectorName ?? 'one connector alone'}: the page has ${there}` };
}

/** Rules that drop the label leave series of which nobody can say whose they are. */
const withoutName = (page: PrometheusPage): string =>
  page.samples.some((sample) => connectorSeries(sample) !== undefined)
    ? 'such series without the label connector_name'
    : 'no series of an OTLP connector';

/** Of a name that stands there twice with two values neither is taken; NaN is no value; infinity is none either. */
function valuesOf(entries: readonly (readonly [string, number])[]): Reading {
  const values: Record<string, number> = {};
  const missing = new Set<string>();
  for (const [name, value] of entries) {
    if (!Number.isFinite(value) || (name in values && values[name] !== value)) missing.add(name);
    else values[name] = value;
  }
  for (const name of missing) delete values[name];
  return { values, missing: [...missing] };
}

/** The beans of the connector's first task, as from Jolokia. */
function kafkaReadings(samples: readonly PrometheusSample[], connector: string): { [Fact in JmxFact]?: { value: Reading } } {
  const found = samples.flatMap((sample) => {
    const series = kafkaSeries(sample.name);
    return series === undefined || !isOfConnector(series.fact, sample.labels, connector) ? [] : [{ ...series, sample }];
  });
  const readings: { [Fact in JmxFact]?: { value: Reading } } = {};
  for (const fact of new Set(found.map((one) => one.fact))) {
    const bean = found.filter((one) => one.fact === fact);
    const taskOf = ({ sample }: (typeof bean)[number]): number => Number(sample.labels['task'] ?? 0);
    const first = bean.reduce((least, one) => Math.min(least, taskOf(one)), Infinity);
    readings[fact] = { value: valuesOf(bean.filter((one) => taskOf(one) === first).map((one) => [one.attribute, one.sample.value])) };
  }
  return readings;
}

const isOfConnector = (fact: JmxFact, labels: PrometheusSample['labels'], connector: string): boolean =>
  fact === 'jmx.producer'
    ? isNameOf(labels['client_id'] ?? '', `connector-producer-${connector}-0`)
    : isNameOf(labels['connector'] ?? '', connector);

/** -1 stands for "no limit" and "not known". Source: java.lang.management.MemoryUsage. */
function jvmReading(samples: readonly PrometheusSample[]): { 'jmx.jvm'?: { value: Reading } } {
  const found = samples.flatMap((sample) => {
    const series = jvmSeries(sample);
    return series === undefined || sample.value < 0 ? [] : [{ ...series, value: sample.value }];
  });
  const beans = new Set(found.filter(({ own }) => !own).map(({ attribute }) => attribute));
  const taken = found.filter(({ attribute, own }) => !own || !beans.has(attribute));
  return taken.length === 0 ? {} : { 'jmx.jvm': { value: valuesOf(taken.map(({ attribute, value }) => [attribute, value])) } };
}

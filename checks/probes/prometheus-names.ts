import { ATTRIBUTE_NAMES, BRIDGE_ATTRIBUTES } from '../../proto/vocabulary/attributes.ts';
import { quote, unquote } from './jolokia-names.ts';
import type { JmxFact } from './jolokia.ts';
import type { PrometheusSample } from './prometheus-text.ts';

/**
 * How jmx_exporter and the bridge write the names that JMX has. Unruled, a name is domain, first property and attribute with every other character
 * as `_`; the other properties are labels, and ObjectName's quotes stay in their values. Source: jmx_exporter, JmxCollector.defaultExport; seen in 1.6.0.
 */

const named = new Map([...ATTRIBUTE_NAMES, ...BRIDGE_ATTRIBUTES.map(({ name }) => name)].map((name) => [plain(name), name]));

/** Lower case, underscores taken out: `tracesreceived` is TracesReceived, TRACES_RECEIVED and traces_received. */
function plain(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

/** Default form and runbook form (its alert rules); in lower case or not. */
const CONNECTOR = /^(?:io_conduktor_connect_otel_opentelemetryconnector|otlp)_(\w+)$/i;
const CONNECTOR_LABELS = ['connector_name', 'name', 'connector'] as const;

/** Of labels, the one that says whose the series is. */
export const connectorLabel = (labels: PrometheusSample['labels']): { key: string; value: string } | undefined => {
  const key = CONNECTOR_LABELS.find((one) => labels[one] !== undefined);
  return key === undefined ? undefined : { key, value: labels[key]! };
};

/** The connector's attribute that a series is, with the label that says whose; undefined: another series. A counter may end in `_total`. */
export function connectorSeries({ name, labels }: PrometheusSample): { attribute: string; label: string | undefined } | undefined {
  const rest = CONNECTOR.exec(name)?.[1];
  if (rest === undefined) return undefined;
  const attribute = named.get(plain(rest)) ?? named.get(plain(rest.replace(/_total$/i, '')));
  return attribute === undefined ? undefined : { attribute, label: connectorLabel(labels)?.value };
}

/** A rule that captures the name between ObjectName's quotes leaves its escapes as they are: all three ways of writing it count. */
export const isNameOf = (label: string, connector: string): boolean =>
  label === connector || unquote(label) === connector || label === quote(connector).slice(1, -1);

/** Kafka's own beans. Their attributes are words with hyphens. */
const KAFKA: readonly { fact: JmxFact; prefix: string }[] = [
  { fact: 'jmx.task', prefix: 'kafka_connect_source_task_metrics_' },
  { fact: 'jmx.errors', prefix: 'kafka_connect_task_error_metrics_' },
  { fact: 'jmx.producer', prefix: 'kafka_producer_producer_metrics_' },
];

/** Attributes that end in `-total`, which jmx_exporter 1.x takes off what it does not know to be a counter. Seen on Kafka 3.9.1 and 4.1.0. */
const TOTALS: ReadonlySet<string> = new Set(
  [
    'batch-split buffer-exhausted bufferpool-wait-time bufferpool-wait-time-ns connection-close connection-creation failed-authentication',
    'failed-reauthentication flush-time-ns incoming-byte io-time-ns io-wait-time-ns io-waittime iotime metadata-wait-time-ns network-io outgoing-byte',
    'record-error record-retry record-send request response select source-record-poll source-record-write successful-authentication',
    'successful-authentication-no-reauth successful-reauthentication txn-abort-time-ns txn-begin-time-ns txn-commit-time-ns txn-init-time-ns',
    'txn-prepare-time-ns txn-send-offsets-time-ns',
  ].flatMap((names) => names.split(' ')),
);

export function kafkaSeries(name: string): { fact: JmxFact; attribute: string } | undefined {
  const lower = name.toLowerCase();
  const bean = KAFKA.find(({ prefix }) => lower.startsWith(prefix));
  if (bean === undefined) return undefined;
  const attribute = lower.slice(bean.prefix.length).replaceAll('_', '-');
  return { fact: bean.fact, attribute: TOTALS.has(attribute) ? `${attribute}-total` : attribute };
}

type JvmSeries = { attribute: string; labels?: Readonly<Record<string, string>> };
const HEAP = { area: 'heap' } as const;

/** The JVM by its beans, which are the worker's wherever the exporter runs, and by what the agent says of the process that it is part of (1.x, 0.x). */
const JVM: ReadonlyMap<string, JvmSeries> = new Map([
  ...['init', 'used', 'committed', 'max'].map((part): [string, JvmSeries] => [
    `java_lang_memory_heapmemoryusage_${part}`,
    { attribute: `HeapMemoryUsage.${part}` },
  ]),
  ...['OpenFileDescriptorCount', 'MaxFileDescriptorCount'].map((attribute): [string, JvmSeries] => [
    `java_lang_operatingsystem_${attribute.toLowerCase()}`,
    { attribute },
  ]),
]);
const PROCESS: ReadonlyMap<string, JvmSeries> = new Map([
  ...['used', 'max'].flatMap((part): [string, JvmSeries][] =>
    [`jvm_memory_${part}_bytes`, `jvm_memory_bytes_${part}`].map((name) => [name, { attribute: `HeapMemoryUsage.${part}`, labels: HEAP }]),
  ),
  ['process_open_fds', { attribute: 'OpenFileDescriptorCount' }],
  ['process_max_fds', { attribute: 'MaxFileDescriptorCount' }],
]);

/** `own`: of the process that answers, which counts only where the beans are not there. */
export function jvmSeries({ name, labels }: PrometheusSample): { attribute: string; own: boolean } | undefined {
  const lower = name.toLowerCase();
  const bean = JVM.get(lower);
  const series = bean ?? PROCESS.get(lower);
  if (series === undefined || Object.entries(series.labels ?? {}).some(([key, value]) => labels[key] !== value)) return undefined;
  return { attribute: series.attribute, own: bean === undefined };
}

/** A page of a Connect worker: of it alone it can be said that the connector's series should be on it. */
export const isConnectSeries = (name: string): boolean => /^kafka_connect_/i.test(name);

const WANTED =
  /^(?:io_conduktor_connect_otel_|otlp_|kafka_connect_|kafka_producer_producer_metrics_|java_lang_(?:memory|operatingsystem)_|jvm_memory_|process_)/i;
export const isWanted = (name: string): boolean => WANTED.test(name);

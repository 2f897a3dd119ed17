import { MBEAN_PATTERN } from '../../proto/vocabulary/attributes.ts';
import type { Failure, Json } from '../facts/index.ts';
import { isObject } from '../facts/index.ts';
import { excerpt } from './excerpt.ts';
import { kafkaValue, parseObjectName } from './jolokia-names.ts';
import { absentAttributes, numbersOf } from './metrics-reading.ts';
import type { ConnectorReading, Reading } from './metrics-reading.ts';
import type { FailedOutcome } from './probe.ts';

/** The facts of one POST to Jolokia, beside the connector's own metrics. */
export const JMX_FACTS = ['jmx.task', 'jmx.errors', 'jmx.producer', 'jmx.jvm'] as const;
export type JmxFact = (typeof JMX_FACTS)[number];

export type JolokiaReading = { metrics: { value: ConnectorReading } | FailedOutcome } & {
  [Fact in JmxFact]: { value: Reading } | FailedOutcome;
};

/** The reads of one sample, asked in one POST; the answer has them in the same order. Connector null: all of them. */
export function jolokiaReads(connector: string | null): Json {
  const name = connector === null ? '*' : kafkaValue(connector);
  const client = connector === null ? 'connector-producer-*' : kafkaValue(`connector-producer-${connector}-0`);
  const read = (mbean: string, attribute?: Json) => ({ type: 'read', mbean, ...(attribute === undefined ? {} : { attribute }) });
  return [
    read(MBEAN_PATTERN),
    read(`kafka.connect:type=source-task-metrics,connector=${name},task=*`),
    read(`kafka.connect:type=task-error-metrics,connector=${name},task=*`),
    read(`kafka.producer:type=producer-metrics,client-id=${client}`),
    read('java.lang:type=Memory', ['HeapMemoryUsage']),
    read('java.lang:type=OperatingSystem', ['OpenFileDescriptorCount', 'MaxFileDescriptorCount']),
  ];
}

/**
 * The answer to `jolokiaReads`. Errors come inside an HTTP 200 with a status of their own; one bad read can turn the whole answer into a single object.
 * Only the bean of the connector asked for counts; without a name, the only one there is.
 */
export function readJolokia(answer: Json, connectorName: string | null): JolokiaReading {
  const [bean, task, errors, producer, memory, system] = Array.isArray(answer) ? answer : [answer, answer, answer, answer, answer, answer];
  const metrics = connectorReading(bean, connectorName);
  const connector = connectorName ?? ('value' in metrics ? (metrics.value.connectors[0] ?? null) : null);
  return {
    metrics,
    'jmx.task': beanReading(task, 'source-task-metrics', (of) => connector === null || of['connector'] === connector),
    'jmx.errors': beanReading(errors, 'task-error-metrics', (of) => connector === null || of['connector'] === connector),
    'jmx.producer': beanReading(
      producer,
      'producer-metrics',
      (of) => connector === null || of['client-id'] === `connector-producer-${connector}-0`,
    ),
    'jmx.jvm': jvmReading(memory, system),
  };
}

export const isJolokia = (json: Json): boolean =>
  (Array.isArray(json) ? json : [json]).every(
    (one) => isObject(one) && typeof one['status'] === 'number' && ('request' in one || 'error' in one || 'value' in one),
  );

type Value = { value: { [key: string]: Json } } | FailedOutcome;

/** Statuses inside the answer. Source: Jolokia manual, "Responses". */
const FAILURE_OF_STATUS: Readonly<Record<number, Failure>> = { 400: 'malformed', 401: 'denied', 403: 'denied', 404: 'absent' };

function valueOf(answer: Json | undefined): Value {
  if (answer === undefined) return { failure: 'absent', detail: 'the answer leaves this read out' };
  if (!isObject(answer) || typeof answer['status'] !== 'number') return { failure: 'malformed', detail: 'not an answer of Jolokia' };
  const { status, value, error } = answer;
  if (status === 200) return isObject(value) ? { value } : { failure: 'malformed', detail: 'an answer of Jolokia without values' };
  const said = typeof error === 'string' ? excerpt(error) : 'no reason given';
  return { failure: FAILURE_OF_STATUS[status] ?? 'http', detail: `Jolokia: ${said} (${status})` };
}

/** A pattern read answers `{name: {attribute: value}}`, a read of one name `{attribute: value}`; both as a list of beans. */
function beansOf(
  answer: Json | undefined,
  value: { [key: string]: Json },
): { properties: Readonly<Record<string, string>>; attributes: { [key: string]: Json } }[] {
  const entries = Object.entries(value);
  const named = entries.flatMap(([name, attributes]) => {
    const parsed = isObject(attributes) ? parseObjectName(name) : undefined;
    return parsed === undefined ? [] : [{ properties: parsed.properties, attributes: attributes as { [key: string]: Json } }];
  });
  if (named.length > 0 || entries.length === 0) return named;
  const request = isObject(answer) && isObject(answer['request']) ? answer['request']['mbean'] : undefined;
  return [{ properties: parseObjectName(typeof request === 'string' ? request : '')?.properties ?? {}, attributes: value }];
}

function connectorReading(answer: Json | undefined, connectorName: string | null): { value: ConnectorReading } | FailedOutcome {
  const read = valueOf(answer);
  if ('failure' in read)
    return read.failure === 'absent'
      ? { failure: 'absent', detail: `no metrics of ${connectorName ?? 'any OTLP connector'}: the source answers and has no such bean` }
      : read;
  const beans = beansOf(answer, read.value).filter(({ properties }) => properties['name'] !== undefined);
  const connectors = beans.map(({ properties }) => properties['name'] ?? '').sort();
  const ours =
    connectorName === null
      ? beans.length === 1
        ? beans[0]
        : undefined
      : beans.find(({ properties }) => properties['name'] === connectorName);
  if (ours === undefined) {
    const there = connectors.length === 0 ? 'no bean of an OTLP connector' : `beans of ${connectors.join(', ')}`;
    return { failure: 'absent', detail: `no metrics of ${connectorName ?? 'one connector alone'}: the source has ${there}` };
  }
  const { values } = numbersOf(ours.attributes);
  return { value: { values, missing: absentAttributes(values), connectors } };
}

function beanReading(
  answer: Json | undefined,
  type: string,
  isOurs: (properties: Readonly<Record<string, string>>) => boolean,
): { value: Reading } | FailedOutcome {
  const read = valueOf(answer);
  if ('failure' in read) return read;
  const bean = beansOf(answer, read.value)
    .filter(({ properties }) => isOurs(properties))
    .sort((a, b) => Number(a.properties['task'] ?? 0) - Number(b.properties['task'] ?? 0))[0];
  return bean === undefined ? { failure: 'absent', detail: `no ${type} of this connector` } : { value: numbersOf(bean.attributes) };
}

/** `HeapMemoryUsage.used`, `.max`, … and the descriptors: whichever of the two reads answered. */
function jvmReading(memory: Json | undefined, system: Json | undefined): { value: Reading } | FailedOutcome {
  const heap = valueOf(memory);
  const descriptors = valueOf(system);
  if ('failure' in heap && 'failure' in descriptors) return heap;
  const usage = 'value' in heap ? (isObject(heap.value['HeapMemoryUsage']) ? heap.value['HeapMemoryUsage'] : heap.value) : {};
  const parts = Object.fromEntries(Object.entries(usage).map(([name, value]) => [`HeapMemoryUsage.${name}`, value]));
  const { values, missing } = numbersOf({ ...parts, ...('value' in descriptors ? descriptors.value : {}) });
  // -1 stands for "no limit" and "not known". Source: java.lang.management.MemoryUsage.
  const known = Object.fromEntries(Object.entries(values).filter(([, value]) => value >= 0));
  return { value: { values: known, missing } };
}

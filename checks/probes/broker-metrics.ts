import { setTimeout as sleep } from 'node:timers/promises';
import type { Json, Sample, Series } from '../facts/index.ts';
import { isObject } from '../facts/index.ts';
import { shown, sourceOf } from './ask.ts';
import { jmxBeans } from './jmx-tool.ts';
import { parseObjectName } from './jolokia-names.ts';
import { isJolokia } from './jolokia.ts';
import type { AskRequest, FailedOutcome, Look, Outcome, Probe, Reply, UnaskedOutcome } from './probe.ts';
import { readPrometheusText } from './prometheus-text.ts';

/**
 * What is read of a broker: under which bean and attribute Kafka has it, and how exporters name it, without case, underscores and what stands for the
 * attribute. Source: Kafka, "Monitoring"; jmx_exporter's default names, and those of the rules that Strimzi and Confluent ship.
 */
export const BROKER_METRICS = [
  {
    key: 'messagesIn',
    bean: 'kafka.server:type=BrokerTopicMetrics,name=MessagesInPerSec',
    attribute: 'Count',
    exported: /^kafkaserverbrokertopicmetricsmessagesin(?:persec)?(?:count|total)?$/,
  },
  {
    key: 'bytesIn',
    bean: 'kafka.server:type=BrokerTopicMetrics,name=BytesInPerSec',
    attribute: 'Count',
    exported: /^kafkaserverbrokertopicmetricsbytesin(?:persec)?(?:count|total)?$/,
  },
  {
    key: 'bytesOut',
    bean: 'kafka.server:type=BrokerTopicMetrics,name=BytesOutPerSec',
    attribute: 'Count',
    exported: /^kafkaserverbrokertopicmetricsbytesout(?:persec)?(?:count|total)?$/,
  },
  {
    key: 'handlerIdle',
    bean: 'kafka.server:type=KafkaRequestHandlerPool,name=RequestHandlerAvgIdlePercent',
    attribute: 'OneMinuteRate',
    exported: /^kafkaserverkafkarequesthandlerpoolrequesthandleravgidle(?:percent)?(?:oneminuterate)?$/,
  },
  {
    key: 'underReplicated',
    bean: 'kafka.server:type=ReplicaManager,name=UnderReplicatedPartitions',
    attribute: 'Value',
    exported: /^kafkaserverreplicamanagerunderreplicatedpartitions(?:value)?$/,
  },
] as const;

type Values = Record<string, number>;
type Reading = { value: Values } | FailedOutcome | UnaskedOutcome;

/** A page of every bean of a broker is large. */
const PAGE_BYTES = 16 * 1024 * 1024;
const NOT_GIVEN: UnaskedOutcome = {
  unasked: 'skipped',
  reason: 'no metrics of a broker were given',
  give: '--kafka-metrics-url URL or --kafka-jmx-url URL',
};

/** How busy a broker is, at both ends of the window. Jolokia is told from an exporter by its path. */
export const brokerMetricsProbe: Probe = {
  gives: ['kafka.load'],
  rounds: 4,
  windowed: true,
  async look(look) {
    const { kafkaMetricsUrl: url, kafkaJmxUrl: jmx } = look.target;
    if (url === undefined && jmx === undefined) return { 'kafka.load': { source: 'metrics of a broker', ...NOT_GIVEN } };
    const reader = url === undefined ? byJmx(look, jmx!) : byHttp(look, url);
    return { 'kafka.load': { source: reader.source, ...(await watch(look, reader.read)) } };
  },
};

async function watch(look: Look, read: () => Promise<Reading>): Promise<Outcome<Series>> {
  const { windowMs } = look;
  const sampled = async (): Promise<Sample | FailedOutcome | UnaskedOutcome> => {
    const at = look.settings.now();
    const reading = await read();
    return 'value' in reading ? { at, values: reading.value } : reading;
  };
  const first = await sampled();
  if (!('values' in first)) return first;
  const absent = BROKER_METRICS.map(({ key }) => key).filter((key) => first.values[key] === undefined);
  if (absent.length === BROKER_METRICS.length)
    return { failure: 'absent', detail: 'the source answers and has none of the metrics of a Kafka broker' };
  if (windowMs === 0) return { value: { samples: [first], absent } };
  await sleep(windowMs, undefined, { signal: look.signal }).catch(() => undefined);
  const last = await sampled();
  if ('values' in last) return { value: { samples: [first, last], absent } };
  const detail = 'detail' in last ? last.detail : last.reason;
  return { value: { samples: [first], absent, gaps: [{ at: look.settings.now(), detail }] } };
}

function byJmx(look: Look, url: string) {
  const read = jmxBeans(
    look,
    url,
    BROKER_METRICS.map(({ bean }) => bean),
  );
  return {
    source: `JmxTool ${url}`,
    async read(): Promise<Reading> {
      const answer = await read({ signal: look.signal });
      return 'value' in answer ? { value: valuesOf([...answer.value.beans]) } : answer;
    },
  };
}

function byHttp(look: Look, given: URL) {
  const isAgent = /\/jolokia(?:\/|$)/.test(given.pathname);
  const url = new URL(given);
  if (isAgent && url.pathname.endsWith('/jolokia')) url.pathname += '/';
  const request: AskRequest = {
    url,
    maxBytes: PAGE_BYTES,
    ...(look.target.kafkaMetricsAuth && { auth: look.target.kafkaMetricsAuth }),
    ...(isAgent
      ? { json: BROKER_METRICS.map(({ bean, attribute }) => ({ type: 'read', mbean: bean, attribute })) }
      : { headers: { accept: 'text/plain;version=0.0.4, application/openmetrics-text;version=1.0.0;q=0.5, */*;q=0.1' } }),
  };
  return {
    source: sourceOf(request),
    async read(): Promise<Reading> {
      const asked = await look.ask(request);
      if ('failure' in asked) return asked;
      if (asked.value.status !== 200)
        return { failure: 'http', detail: `HTTP ${asked.value.status} from ${shown(given)}`, stage: 'answer', status: asked.value.status };
      return isAgent ? ofJolokia(asked.value) : ofPage(asked.value);
    },
  };
}

function ofJolokia({ text }: Reply): Reading {
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch {
    return { failure: 'malformed', detail: 'the answer is not JSON, so it is not of Jolokia', stage: 'answer' };
  }
  if (!Array.isArray(json) || !isJolokia(json))
    return { failure: 'malformed', detail: 'JSON, but not an answer of Jolokia', stage: 'answer' };
  return {
    value: Object.fromEntries(
      json.flatMap((one, at) => {
        const value = isObject(one) ? one['value'] : undefined;
        return typeof value === 'number' && BROKER_METRICS[at] !== undefined ? [[BROKER_METRICS[at].key, value]] : [];
      }),
    ),
  };
}

/** Beans as JmxTool has them. Names are compared by their properties; a bean of one topic has one more. */
function valuesOf(beans: readonly (readonly [name: string, attributes: { [key: string]: Json }])[]): Values {
  const values: Values = {};
  for (const [name, attributes] of beans) {
    const { properties = {} } = parseObjectName(name) ?? {};
    const metric = BROKER_METRICS.find(({ bean }) => parseObjectName(bean)?.properties['name'] === properties['name']);
    const value = metric === undefined ? undefined : attributes[metric.attribute];
    if (metric !== undefined && typeof value === 'number' && properties['topic'] === undefined) values[metric.key] = value;
  }
  return values;
}

/** Names of a page: the bean's parts in any form, `name` perhaps as a label. Series of one topic are left out. */
function ofPage({ text, contentType = '' }: Reply): Reading {
  const page = readPrometheusText(text, {
    openMetrics: contentType.includes('openmetrics-text'),
    wanted: (name) => /^kafka_?server_/i.test(name),
  });
  if (page.samples.length === 0 && !/^#|^\w+(?:\{|\s)/m.test(text))
    return { failure: 'malformed', detail: 'no Prometheus text', stage: 'answer' };
  const values: Values = {};
  for (const { name, labels, value } of page.samples) {
    if ((labels['topic'] ?? '') !== '') continue;
    const whole = (labels['name'] === undefined ? name : name.replace(/_?(count|oneminuterate|value)$/i, `_${labels['name']}_$1`))
      .replaceAll('_', '')
      .toLowerCase();
    const metric = BROKER_METRICS.find(({ exported }) => exported.test(whole));
    if (metric !== undefined && Number.isFinite(value)) values[metric.key] ??= value;
  }
  return { value: values };
}

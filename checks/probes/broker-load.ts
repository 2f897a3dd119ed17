import type { BrokerLoad } from '../plans/brokers.ts';
import { isObject, type Json } from '../facts/index.ts';
import type { Credentials } from '../target.ts';
import { openHttp } from './ask.ts';
import { readPrometheusText } from './prometheus-text.ts';
import type { FailedOutcome } from './probe.ts';

/** A broker's own metrics, from Jolokia or an exporter's page. Source: Kafka documentation, "Monitoring". */
const BEANS = {
  bytesIn: {
    mbean: 'kafka.server:type=BrokerTopicMetrics,name=BytesInPerSec',
    attribute: 'OneMinuteRate',
    series: /^kafka_server_brokertopicmetrics(?:_bytesinpersec)?_oneminuterate$/i,
  },
  bytesOut: {
    mbean: 'kafka.server:type=BrokerTopicMetrics,name=BytesOutPerSec',
    attribute: 'OneMinuteRate',
    series: /^kafka_server_brokertopicmetrics(?:_bytesoutpersec)?_oneminuterate$/i,
  },
  idle: {
    mbean: 'kafka.server:type=KafkaRequestHandlerPool,name=RequestHandlerAvgIdlePercent',
    attribute: 'OneMinuteRate',
    series: /^kafka_server_kafkarequesthandlerpool(?:_requesthandleravgidlepercent)?_oneminuterate$/i,
  },
  underReplicated: {
    mbean: 'kafka.server:type=ReplicaManager,name=UnderReplicatedPartitions',
    attribute: 'Value',
    series: /^kafka_server_replicamanager(?:_underreplicatedpartitions)?_value$/i,
  },
} as const satisfies Record<keyof BrokerLoad, { mbean: string; attribute: string; series: RegExp }>;

const NAMES = Object.keys(BEANS) as (keyof BrokerLoad)[];
const MOST_BYTES = 16 * 1024 * 1024;

/** Never rejects. A place that answers and has none of these is `absent`: it is no broker's. */
export async function readBrokerLoad(
  url: URL,
  auth: Credentials | undefined,
  deadlineMs: number,
): Promise<{ value: BrokerLoad } | FailedOutcome> {
  const http = openHttp();
  const within = { signal: AbortSignal.timeout(Math.ceil(deadlineMs)), deadlineMs, count: () => undefined };
  const bulk = NAMES.map((name) => ({ type: 'read', mbean: BEANS[name].mbean, attribute: BEANS[name].attribute }));
  const asked = { url, ...(auth && { auth }), maxBytes: MOST_BYTES };
  try {
    const jolokia = await http.ask({ ...asked, json: bulk }, within);
    const answer = 'value' in jolokia ? parsed(jolokia.value.text) : null;
    if (Array.isArray(answer)) return known(fromJolokia(answer));
    const page = await http.ask(asked, within);
    if (!('value' in page)) return page;
    if (page.value.status !== 200) return { failure: 'http', status: page.value.status, detail: `answers ${page.value.status}` };
    return known(fromPage(page.value.text));
  } finally {
    http.close();
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

const numberOr = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

const load = (valueOf: (name: keyof BrokerLoad) => number | null): BrokerLoad =>
  Object.fromEntries(NAMES.map((name) => [name, valueOf(name)])) as BrokerLoad;

function fromJolokia(answer: readonly Json[]): BrokerLoad {
  return load((name) => {
    const one = answer[NAMES.indexOf(name)];
    return isObject(one) && one['status'] === 200 ? numberOr(one['value']) : null;
  });
}

/** The whole broker's: a series of one topic has a label more. Unruled names have the bean's `name` as a label. */
function fromPage(text: string): BrokerLoad {
  const { samples } = readPrometheusText(text, { wanted: (name) => /^kafka_server_/i.test(name) });
  return load((name) => {
    const { series, mbean } = BEANS[name];
    const bean = mbean.split('name=')[1]!;
    const mine = samples.filter(
      (sample) =>
        series.test(sample.name) &&
        sample.labels['topic'] === undefined &&
        (sample.labels['name'] === undefined ? sample.name.toLowerCase().includes(bean.toLowerCase()) : sample.labels['name'] === bean),
    );
    return numberOr(mine[0]?.value);
  });
}

const known = (value: BrokerLoad): { value: BrokerLoad } | FailedOutcome =>
  NAMES.some((name) => value[name] !== null)
    ? { value }
    : {
        failure: 'absent',
        detail: 'answers, and has none of the metrics of a broker (BytesInPerSec, RequestHandlerAvgIdlePercent, UnderReplicatedPartitions)',
      };

import { METRICS_PATH } from '../../proto/vocabulary/connect.ts';
import type { Json, MetricsKind } from '../facts/index.ts';
import { isObject } from '../facts/index.ts';
import { shown, sourceOf } from './ask.ts';
import { isBridgeJson, readBridgeJson } from './bridge-json.ts';
import { isJolokia, JMX_FACTS, jolokiaReads, readJolokia } from './jolokia.ts';
import type { JolokiaReading } from './jolokia.ts';
import type { ConnectorReading } from './metrics-reading.ts';
import type { Ask, AskRequest, FailedOutcome, Reply, UnaskedOutcome } from './probe.ts';
import { readPrometheus } from './prometheus.ts';
import { malformed, readJson } from './read-json.ts';

/** One sample of a source; those of Jolokia and of an exporter have the beans beside the connector's. */
export type MetricsRead = { metrics: { value: ConnectorReading } | FailedOutcome } & Partial<JolokiaReading> & {
    /** when the values were taken, milliseconds since the epoch, where the source says so */
    stampedAt?: number;
    /** how old they were then by the source's own clock, where it tells that */
    ageMs?: number;
    /** an exporter's page that is not of a Connect worker */
    foreign?: true;
    /** it is ourselves who could not ask: a tool is missing */
    couldNot?: UnaskedOutcome;
  };

/** A place that metrics are read from. `source`: how it is asked, as a person would say it. `ends`: a reading is dear, a window has one at either end. */
export type MetricsSource = {
  kind: MetricsKind;
  url: string;
  source: string;
  ends?: true;
  read(limits: ReadLimits): Promise<MetricsRead>;
};
export type ReadLimits = { signal: AbortSignal; deadlineMs?: number };

/** `GET …/metrics.json?connector=NAME`. */
export function bridgeSource(ask: Ask, given: URL, connector: string | null): MetricsSource {
  const url = new URL(given);
  if (connector !== null) url.searchParams.set('connector', connector);
  const request: AskRequest = { url };
  return {
    kind: 'bridge',
    url: shown(given),
    source: sourceOf(request),
    async read(limits) {
      const answered = readJson<Json>(await ask({ ...request, ...limits }), (json) =>
        isBridgeJson(json) ? undefined : 'JSON, but not the metrics of a bridge',
      );
      if ('value' in answered) return { metrics: readBridgeJson(answered.value, connector) };
      return { metrics: notThere(answered as FailedOutcome) ?? (answered as FailedOutcome) };
    },
  };
}

/** A bridge that has no such connector, several, or one without a running task says so in JSON and lists what it has. */
function notThere(failed: FailedOutcome): FailedOutcome | undefined {
  const { body, status } = failed;
  if ((status !== 404 && status !== 400) || !isObject(body) || typeof body['error'] !== 'string' || !Array.isArray(body['connectors']))
    return undefined;
  return { failure: 'absent', detail: `the bridge says: ${body['error']}`, status, body };
}

/** One POST with six reads. */
export function jolokiaSource(ask: Ask, given: URL, connector: string | null): MetricsSource {
  const url = new URL(given);
  // Without the slash an agent within a servlet container redirects, and a POST is not followed.
  if (url.pathname.endsWith('/jolokia')) url.pathname += '/';
  const request: AskRequest = { url, json: jolokiaReads(connector) };
  return {
    kind: 'jolokia',
    url: shown(given),
    source: sourceOf(request),
    async read(limits) {
      const answered = readJson<Json>(await ask({ ...request, ...limits }), (json) =>
        isJolokia(json) ? undefined : 'JSON, but not an answer of Jolokia',
      );
      if ('value' in answered) return readJolokia(answered.value, connector);
      const failed = answered as FailedOutcome;
      return { metrics: failed, ...(Object.fromEntries(JMX_FACTS.map((fact) => [fact, failed])) as Omit<JolokiaReading, 'metrics'>) };
    },
  };
}

/** A page of every bean of a large worker is some MiB. */
const PAGE_BYTES = 16 * 1024 * 1024;

/** How an address of unknown kind is asked: JSON first, and text for those that would refuse to give anything but it. */
export const anyMetrics = (url: URL): AskRequest => ({
  url,
  headers: { accept: 'application/json, text/plain;version=0.0.4;q=0.9, */*;q=0.1' },
  maxBytes: PAGE_BYTES,
});

/** GET of a page in Prometheus text or OpenMetrics: a jmx_exporter's, or a bridge's. `request` is how it is asked; `of`: an answer that is there already. */
export function prometheusSource(
  ask: Ask,
  given: URL,
  connector: string | null,
): MetricsSource & { request: AskRequest; of(reply: Reply): MetricsRead } {
  const request: AskRequest = {
    url: given,
    headers: { accept: 'text/plain;version=0.0.4, application/openmetrics-text;version=1.0.0;q=0.5, */*;q=0.1' },
    maxBytes: PAGE_BYTES,
  };
  const of = (reply: Reply): MetricsRead => {
    if (!isPrometheusText(reply)) return { metrics: notPrometheus(reply) };
    const read = readPrometheus(reply.text, connector, /openmetrics-text/.test(reply.contentType ?? ''));
    const toldAt = Date.parse(reply.headers['date'] ?? '');
    return { ...read, ...(read.stampedAt === undefined || Number.isNaN(toldAt) ? {} : { ageMs: Math.max(toldAt - read.stampedAt, 0) }) };
  };
  return {
    kind: 'prometheus',
    url: shown(given),
    source: sourceOf(request),
    request,
    of,
    async read(limits) {
      const asked = await ask({ ...request, ...limits });
      return 'failure' in asked ? { metrics: asked } : of(asked.value);
    },
  };
}

function notPrometheus(reply: Reply): FailedOutcome {
  const read = readJson<Json>({ value: reply }, () => 'JSON instead of Prometheus text') as FailedOutcome;
  return read.failure === 'malformed'
    ? { ...read, detail: reply.text.trimStart().startsWith('<') ? 'a web page instead of Prometheus text' : 'no Prometheus text' }
    : read;
}

/** What a GET at an address of unknown kind answered. */
export type Recognised = Exclude<MetricsKind, 'jmx'> | FailedOutcome;

/** The kind of a given address: by its path where that says it, else by what it answers. */
export function kindOfPath(url: URL): 'bridge' | 'jolokia' | undefined {
  if (url.pathname.endsWith(METRICS_PATH.json)) return 'bridge';
  return /\/jolokia(?:\/|$)/.test(url.pathname) ? 'jolokia' : undefined;
}

export function kindOfReply(reply: Reply): Recognised {
  if (isPrometheusText(reply)) return 'prometheus';
  const read = readJson<Json>({ value: reply }, (json) =>
    isBridgeJson(json) || isJolokia(json) ? undefined : 'JSON, but neither the metrics of a bridge nor Jolokia',
  );
  if ('value' in read) return isBridgeJson(read.value) ? 'bridge' : 'jolokia';
  const failed = read as FailedOutcome;
  return failed.failure === 'malformed' && failed.detail.startsWith('the answer is not JSON')
    ? malformed(reply, 'neither JSON nor Prometheus text')
    : failed;
}

/** Prometheus exposition format and OpenMetrics: by the type they are sent as, or by their first lines. */
function isPrometheusText({ status, contentType = '', text }: Reply): boolean {
  if (status !== 200) return false;
  return (
    /openmetrics-text|version=0\.0\.4/.test(contentType) ||
    /^(?:# (?:HELP |TYPE |UNIT |EOF)|[a-zA-Z_:][\w:]*(?:\{[^}]*\})? [-+]?[\d.])/.test(text.trimStart())
  );
}

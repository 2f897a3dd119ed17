import { METRICS_PATH, PORTS } from '../../proto/vocabulary/connect.ts';
import type { MetricsKind, TargetFact } from '../facts/index.ts';
import type { Credentials } from '../target.ts';
import { bracketed } from '../address.ts';
import { jmxSource } from './jmx-tool.ts';
import { anyMetrics, bridgeSource, jolokiaSource, kindOfPath, kindOfReply, prometheusSource } from './metrics-source.ts';
import type { MetricsRead, MetricsSource } from './metrics-source.ts';
import type { Ask, FailedOutcome, Look, UnaskedOutcome } from './probe.ts';

/** A source with its first sample, or why there is none. `assumed`: the address was not given. */
export type Read = { source: MetricsSource; first: MetricsRead; at: number; assumed?: true };
export type None = { source: string; none: FailedOutcome | UnaskedOutcome };
/** `others`: what else was given, and read as well. */
export type Found = (Read | None) & { others?: readonly (Read | None)[] };

/** What the search depends on; as plain data, so that it is done again when Connect names another place. */
export type MetricsPlace = { host: string | null; connector: string | null; kind: TargetFact['kind'] };

/** Nothing given: a place that does not answer in this time is none. */
const SEARCH_MS = 1000;

export async function findMetrics(look: Look, place: MetricsPlace, signal: AbortSignal): Promise<Found> {
  const { jmxUrl, metricsAuth, metricsUrl } = look.target;
  if (metricsUrl === undefined && jmxUrl === undefined) return searchFor(look, place, signal);
  const asking = { settings: look.settings, ask: metricsAuth === undefined ? look.ask : withAuth(look.ask, metricsAuth) };
  // One after the other, so that what the counters of one were is known before and after those of the other.
  const byUrl = metricsUrl === undefined ? [] : [await given(asking, metricsUrl, place, signal)];
  const byJmx = jmxUrl === undefined ? [] : [await overJmx(look, jmxUrl, place, signal)];
  return richest([...byUrl, ...byJmx]);
}

const withAuth =
  (ask: Ask, auth: Credentials): Ask =>
  (request) =>
    ask({ auth, ...request });

async function firstOf(
  look: Pick<Look, 'settings'>,
  source: MetricsSource,
  limits: { signal: AbortSignal; deadlineMs?: number },
): Promise<Read> {
  const at = look.settings.now();
  return { source, at, first: await source.read(limits) };
}

async function overJmx(look: Look, url: string, { connector }: MetricsPlace, signal: AbortSignal): Promise<Read | None> {
  const read = await firstOf(look, jmxSource(look, url, connector), { signal });
  const { couldNot } = read.first;
  return couldNot === undefined ? read : { source: read.source.source, none: couldNot };
}

/** The bridge's own values are exact, Jolokia has every bean at little cost, JMX at some, and an exporter's page only what its rules let through. */
const RICHEST: readonly MetricsKind[] = ['bridge', 'jolokia', 'jmx', 'prometheus'];

const hasValues = (one: Read | None): one is Read => 'first' in one && 'value' in one.first.metrics;
const rank = (one: Read | None): number => (hasValues(one) ? RICHEST.indexOf(one.source.kind) : RICHEST.length);

function richest(all: readonly (Read | None)[]): Found {
  const [best, ...others] = [...all].sort((a, b) => rank(a) - rank(b));
  return others.length === 0 ? best! : { ...best!, others };
}

/** The kind of a given address is known from its path, else from what it answers; the bare address of a bridge, an agent or an exporter is understood too. */
async function given(
  look: Pick<Look, 'ask' | 'settings'>,
  url: URL,
  { connector }: MetricsPlace,
  signal: AbortSignal,
): Promise<Read | None> {
  const make = { bridge: bridgeSource, jolokia: jolokiaSource };
  const said = kindOfPath(url);
  if (said !== undefined) return firstOf(look, make[said](look.ask, url, connector), { signal });
  const source = `GET ${bridgeSource(look.ask, url, null).url}`;
  const at = look.settings.now();
  const asked = await look.ask({ ...anyMetrics(url), signal });
  if ('failure' in asked) return { source, none: asked };
  const kind = kindOfReply(asked.value);
  if (kind === 'prometheus') {
    // The page that told its kind is the first reading.
    const exporter = prometheusSource(look.ask, url, connector);
    return { source: exporter, at, first: exporter.of(asked.value) };
  }
  if (typeof kind === 'string') return firstOf(look, make[kind](look.ask, url, connector), { signal });
  if (url.pathname !== '/') return { source, none: kind };
  const beneath = await Promise.all([
    firstOf(look, bridgeSource(look.ask, new URL(METRICS_PATH.json, url), connector), { signal }),
    firstOf(look, jolokiaSource(look.ask, new URL(METRICS_PATH.jolokia, url), connector), { signal }),
    firstOf(look, prometheusSource(look.ask, new URL(METRICS_PATH.prometheus, url), connector), { signal }),
  ]);
  return bestOf(beneath) ?? { source, none: kind };
}

/** In their order: one that has this connector, else one that speaks as itself. */
const bestOf = <F extends { first: MetricsRead }>(found: readonly F[]): F | undefined =>
  found.find(({ first }) => 'value' in first.metrics) ?? found.find(({ first }) => isAnswer(first));

/** The source spoke as itself, whether or not it has this connector. */
const isAnswer = ({ metrics }: MetricsRead): boolean => 'value' in metrics || metrics.failure === 'absent';

/** Contract, "Targets": the bridge's 9464, Jolokia's 8778 and jmx_exporter's 9404 on the worker's host; the bridge's own values come first. */
async function searchFor(look: Look, { host, connector, kind }: MetricsPlace, signal: AbortSignal): Promise<Found> {
  if (host === null) return notFound('there is no host to look on');
  const at = (port: number, path: string): URL => new URL(`http://${bracketed(host)}:${port}${path}`);
  const limits = { signal, deadlineMs: Math.min(look.deadlineMs, SEARCH_MS) };
  const bridge = bridgeSource(look.ask, at(PORTS.metrics, METRICS_PATH.json), connector);
  const jolokia = jolokiaSource(look.ask, at(PORTS.jolokia, METRICS_PATH.jolokia), connector);
  const exporter = prometheusSource(look.ask, at(PORTS.jmxExporter, METRICS_PATH.prometheus), connector);
  // What is known to be a bridge has no agent, and what is known to be Connect is no bridge.
  const agents = kind === 'bridge' ? [] : isOneLook(look, kind) ? [jolokia] : [jolokia, exporter];
  const tried = [...(kind === 'connector' ? [] : [bridge]), ...agents];
  const found = await Promise.all(tried.map((source) => firstOf(look, source, limits)));
  // The port is usual among exporters of all kinds: a page of something else, which nobody named, is none of ours.
  const ours = found.filter(({ first }) => first.foreign !== true);
  const best = bestOf(ours) ?? ours.find(({ first }) => isLocked(first));
  if (best !== undefined) return { ...best, assumed: true };
  return notFound(`nothing answers as ${either(tried.map((one) => `${WHAT[one.kind]} at ${one.url}`))}`);
}

/** Contract, "health": one look makes six exchanges at most. A silent Connect has taken two, and of what it runs nothing is known. */
const isOneLook = ({ settings, target }: Look, kind: TargetFact['kind']): boolean =>
  settings.windowMs === 0 && kind === 'unknown' && target.connectUrl !== null;

const WHAT = { bridge: 'a bridge', jolokia: 'Jolokia', jmx: 'JMX', prometheus: 'a Prometheus exporter' } as const;

const either = (parts: readonly string[]): string =>
  parts.length < 3 ? parts.join(' or ') : `${parts.slice(0, -1).join(', ')} or ${parts.at(-1)}`;

/** Something is there and does not let us read: it wants a password, or it took the connection and said nothing. */
function isLocked({ metrics }: MetricsRead): boolean {
  if ('value' in metrics) return false;
  const { failure, stage, status } = metrics;
  return (failure === 'timeout' && (stage === 'answer' || stage === 'body')) || (failure === 'http' && (status === 401 || status === 403));
}

const notFound = (reason: string): Found => ({ source: 'metrics', none: { unasked: 'skipped', reason, give: '--metrics-url URL' } });

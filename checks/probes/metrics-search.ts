import { METRICS_PATH, PORTS } from '../../proto/vocabulary/connect.ts';
import type { TargetFact } from '../facts/index.ts';
import { bracketed } from '../address.ts';
import { bridgeSource, jolokiaSource, kindOfPath, kindOfReply } from './metrics-source.ts';
import type { MetricsRead, MetricsSource } from './metrics-source.ts';
import type { FailedOutcome, Look, UnaskedOutcome } from './probe.ts';

/** A source with its first sample, or why there is none. `assumed`: the address was not given. */
export type Found =
  { source: MetricsSource; first: MetricsRead; at: number; assumed?: true } | { source: string; none: FailedOutcome | UnaskedOutcome };

/** What the search depends on; as plain data, so that it is done again when Connect names another place. */
export type MetricsPlace = { host: string | null; connector: string | null; kind: TargetFact['kind'] };

/** Nothing given: a place that does not answer in this time is none. */
const SEARCH_MS = 1000;

export async function findMetrics(look: Look, place: MetricsPlace, signal: AbortSignal): Promise<Found> {
  const { metricsUrl } = look.target;
  return metricsUrl === undefined ? searchFor(look, place, signal) : given(look, metricsUrl, place, signal);
}

async function firstOf(
  look: Look,
  source: MetricsSource,
  limits: { signal: AbortSignal; deadlineMs?: number },
): Promise<Exclude<Found, { none: unknown }>> {
  const at = look.settings.now();
  return { source, at, first: await source.read(limits) };
}

/** The kind of a given address is known from its path, else from what it answers; the bare address of a bridge or an agent is understood too. */
async function given(look: Look, url: URL, { connector }: MetricsPlace, signal: AbortSignal): Promise<Found> {
  const make = { bridge: bridgeSource, jolokia: jolokiaSource };
  const said = kindOfPath(url);
  if (said !== undefined) return firstOf(look, make[said](look.ask, url, connector), { signal });
  const source = `GET ${bridgeSource(look.ask, url, null).url}`;
  const asked = await look.ask({ url, signal });
  const kind = 'failure' in asked ? asked : kindOfReply(asked.value);
  if (kind === 'prometheus') {
    return {
      source,
      none: {
        unasked: 'unknown',
        reason: 'Prometheus text is not read by this version',
        give: `--metrics-url http://${url.hostname}:${PORTS.jolokia}${METRICS_PATH.jolokia}`,
      },
    };
  }
  if (kind === 'bridge' || kind === 'jolokia') return firstOf(look, make[kind](look.ask, url, connector), { signal });
  if ('failure' in asked || url.pathname !== '/') return { source, none: kind };
  const beneath = await Promise.all([
    firstOf(look, bridgeSource(look.ask, new URL(METRICS_PATH.json, url), connector), { signal }),
    firstOf(look, jolokiaSource(look.ask, new URL(METRICS_PATH.jolokia, url), connector), { signal }),
  ]);
  return beneath.find(({ first }) => isAnswer(first)) ?? { source, none: kind };
}

/** The source spoke as itself, whether or not it has this connector. */
const isAnswer = ({ metrics }: MetricsRead): boolean => 'value' in metrics || metrics.failure === 'absent';

/** Contract, "Targets": the bridge's 9464 and Jolokia's 8778 on the worker's host; the bridge's own values come first. */
async function searchFor(look: Look, { host, connector, kind }: MetricsPlace, signal: AbortSignal): Promise<Found> {
  if (host === null) return notFound('there is no host to look on');
  const at = (port: number, path: string): URL => new URL(`http://${bracketed(host)}:${port}${path}`);
  const limits = { signal, deadlineMs: Math.min(look.deadlineMs, SEARCH_MS) };
  const bridge = bridgeSource(look.ask, at(PORTS.metrics, METRICS_PATH.json), connector);
  const jolokia = jolokiaSource(look.ask, at(PORTS.jolokia, METRICS_PATH.jolokia), connector);
  // What is known to be a bridge has no agent, and what is known to be Connect is no bridge.
  const tried = [...(kind === 'connector' ? [] : [bridge]), ...(kind === 'bridge' ? [] : [jolokia])];
  const found = await Promise.all(tried.map((source) => firstOf(look, source, limits)));
  const best =
    found.find(({ first }) => 'value' in first.metrics) ??
    found.find(({ first }) => isAnswer(first)) ??
    found.find(({ first }) => isLocked(first));
  if (best !== undefined) return { ...best, assumed: true };
  return notFound(
    `nothing answers as ${tried.map(({ kind: one, url }) => `${one === 'bridge' ? 'a bridge' : 'Jolokia'} at ${url}`).join(' or ')}`,
  );
}

/** Something is there and does not let us read: it wants a password, or it took the connection and said nothing. */
function isLocked({ metrics }: MetricsRead): boolean {
  if ('value' in metrics) return false;
  const { failure, stage, status } = metrics;
  return (failure === 'timeout' && (stage === 'answer' || stage === 'body')) || (failure === 'http' && (status === 401 || status === 403));
}

const notFound = (reason: string): Found => ({ source: 'metrics', none: { unasked: 'skipped', reason, give: '--metrics-url URL' } });

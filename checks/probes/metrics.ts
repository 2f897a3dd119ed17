import { setTimeout as sleep } from 'node:timers/promises';
import type { TargetFact } from '../facts/index.ts';
import { duration } from './excerpt.ts';
import { atTarget } from './at-target.ts';
import { JMX_FACTS } from './jolokia.ts';
import { seriesOf } from './metrics-reading.ts';
import { findMetrics } from './metrics-search.ts';
import { lookAtOthers } from './metrics-others.ts';
import type { Others } from './metrics-others.ts';
import type { Found, MetricsPlace, None } from './metrics-search.ts';
import { connectorMetrics } from './metrics-series.ts';
import type { MetricsRead, MetricsSource } from './metrics-source.ts';
import type { Answer, Answers, FailedOutcome, Look, Probe, UnaskedOutcome } from './probe.ts';

const EVERY_MS = 1000;

const placeOf = ({ workerHost, connector, kind }: TargetFact): MetricsPlace => ({ host: workerHost, connector, kind });

/** The connector's own metrics and, from Jolokia or an exporter, those of its task, its producer and its JVM: one sample now and one a second while the window lasts. */
export const metricsProbe: Probe = {
  gives: ['metrics', ...JMX_FACTS],
  uses: ['target'],
  windowed: true,
  rounds: 4,
  async look(look) {
    const { answer: found } = await atTarget(look, placeOf, (place, signal) => findMetrics(look, place, signal));
    if ('none' in found) return nothing(found.source, withOthers(found.none, found.others));
    const reads = await sample(look, found);
    return asAnswers(found, reads, await lookAtOthers(look, found, reads.length > 1));
  },
};

type Read = { at: number; read: MetricsRead };

/** The first sample is there already; the others come at whole seconds after it, as long as they are within the window, or one alone at its end. */
async function sample(look: Look, { source, first, at }: Exclude<Found, { none: unknown }>): Promise<Read[]> {
  const reads: Read[] = [{ at, read: first }];
  // Without the connector's counters there is no rate to watch.
  if ('failure' in first.metrics) return reads;
  const { windowMs } = look;
  const began = performance.now();
  const everyMs = source.ends === true ? Math.max(windowMs, EVERY_MS) : EVERY_MS;
  for (let next = everyMs; next <= windowMs && !look.signal.aborted; next += everyMs) {
    await pause(began + next - performance.now(), look.signal);
    if (look.signal.aborted) break;
    const now = look.settings.now();
    reads.push({ at: now, read: await source.read({ signal: look.signal }) });
    // A slow answer takes the place of the seconds it lasted.
    next = Math.max(next, Math.floor((performance.now() - began) / EVERY_MS) * EVERY_MS);
  }
  return reads;
}

const pause = (ms: number, signal: AbortSignal): Promise<void> => sleep(Math.max(ms, 0), undefined, { signal }).catch(() => undefined);

function asAnswers(found: Exclude<Found, None>, reads: readonly Read[], beside: Others): Answers {
  const { assumed, others } = found;
  const { kind, url, source } = found.source;
  const mark = assumed === undefined ? {} : { assumed };
  const stale = staleness(reads);
  if (stale !== undefined) return nothing(source, stale, assumed);
  // A value's time is its stamp, where it has one.
  const timed = reads.map(({ at, read }) => ({ at: read.stampedAt ?? at, read }));
  const metrics = connectorMetrics(
    timed.map(({ at, read }) => ({ at, reading: read.metrics })),
    kind,
    url,
  );
  const jmx = JMX_FACTS.map((fact) => {
    const sampled = timed.flatMap(({ at, read }) => (read[fact] === undefined ? [] : [{ at, reading: read[fact] }]));
    return [fact, sampled.length === 0 ? { source, ...noJmx(reads, kind) } : { source, ...seriesOf(sampled).outcome, ...mark }];
  });
  const all = 'value' in metrics ? { value: { ...metrics.value, ...beside } } : withOthers(metrics, others);
  return { metrics: { source, ...all, ...mark } as Answer<never>, ...Object.fromEntries(jmx) };
}

/** Nothing of several sources that were given could be read: the reasons of all. */
function withOthers<O extends FailedOutcome | UnaskedOutcome>(outcome: O, others: Found['others'] = []): O {
  const told = others.map((other) => {
    const why = 'none' in other ? other.none : other.first.metrics;
    const reason = 'detail' in why ? why.detail : 'reason' in why ? why.reason : 'read';
    return `; ${'none' in other ? other.source : other.source.source}: ${reason}`;
  });
  if (told.length === 0) return outcome;
  return 'detail' in outcome
    ? { ...outcome, detail: outcome.detail + told.join('') }
    : { ...outcome, reason: outcome.reason + told.join('') };
}

/** Older values are those of a series that has ended. Source: Prometheus, "Staleness": five minutes. */
const STALE_MS = 300_000;

/**
 * Stamps prove it, whatever the clocks: the same one at both ends of the window says that all of it is older than the window. One look takes
 * the source's own clock.
 */
function staleness(reads: readonly Read[]): FailedOutcome | undefined {
  const stamped = reads.filter(({ read }) => read.stampedAt !== undefined);
  const [first, last] = [stamped[0], stamped.at(-1)];
  if (first === undefined || last?.read.stampedAt === undefined) return undefined;
  const { ageMs, stampedAt } = last.read;
  const isOld = ageMs !== undefined && ageMs > STALE_MS;
  const watchedMs = last.at - first.at;
  if (!isOld && (watchedMs <= 0 || first.read.stampedAt !== stampedAt)) return undefined;
  const of = `its values are those of ${new Date(stampedAt).toISOString()}`;
  const age = isOld ? `, ${duration(ageMs)} before its own clock` : '';
  return {
    failure: 'stale',
    detail: `${of}${age}${watchedMs > 0 && first.read.stampedAt === stampedAt ? ` and were not renewed in ${duration(watchedMs)}` : ''}`,
  };
}

const ELSEWHERE = 'only Jolokia or an exporter of the worker gives these';

function noJmx(reads: readonly Read[], kind: MetricsSource['kind']): FailedOutcome | UnaskedOutcome {
  const metrics = reads[0]?.read.metrics;
  if (kind === 'bridge') return { unasked: 'skipped', reason: 'a bridge has no JVM' };
  return metrics !== undefined && 'failure' in metrics && metrics.failure !== 'absent'
    ? metrics
    : { unasked: 'skipped', reason: "the exporter's page does not have these" };
}

/** No metrics, and so nothing of what hangs on them. */
function nothing(source: string, outcome: FailedOutcome | UnaskedOutcome, assumed?: true): Answers {
  const rest: FailedOutcome | UnaskedOutcome =
    'unasked' in outcome && outcome.unasked === 'unknown' ? { unasked: 'skipped', reason: ELSEWHERE } : outcome;
  const mark = assumed === undefined ? {} : { assumed };
  return {
    metrics: { source, ...outcome, ...mark },
    ...Object.fromEntries(JMX_FACTS.map((fact) => [fact, { source, ...rest, ...mark }])),
  };
}

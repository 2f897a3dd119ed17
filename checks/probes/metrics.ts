import { setTimeout as sleep } from 'node:timers/promises';
import type { TargetFact } from '../facts/index.ts';
import { atTarget } from './at-target.ts';
import { JMX_FACTS } from './jolokia.ts';
import { seriesOf } from './metrics-reading.ts';
import { findMetrics } from './metrics-search.ts';
import type { Found, MetricsPlace } from './metrics-search.ts';
import { connectorMetrics } from './metrics-series.ts';
import type { MetricsRead, MetricsSource } from './metrics-source.ts';
import type { Answer, Answers, FailedOutcome, Look, Probe, UnaskedOutcome } from './probe.ts';

const EVERY_MS = 1000;

const placeOf = ({ workerHost, connector, kind }: TargetFact): MetricsPlace => ({ host: workerHost, connector, kind });

/** The connector's own metrics and, from Jolokia, those of its task, its producer and its JVM: one sample now and one a second while the window lasts. */
export const metricsProbe: Probe = {
  gives: ['metrics', ...JMX_FACTS],
  uses: ['target'],
  windowed: true,
  rounds: 4,
  async look(look) {
    const { answer: found } = await atTarget(look, placeOf, (place, signal) => findMetrics(look, place, signal));
    if ('none' in found) return nothing(found.source, found.none);
    const reads = await sample(look, found);
    return asAnswers(found.source, reads, found.assumed);
  },
};

type Read = { at: number; read: MetricsRead };

/** The first sample is there already; the others come at whole seconds after it, as long as they are within the window. */
async function sample(look: Look, { source, first, at }: Exclude<Found, { none: unknown }>): Promise<Read[]> {
  const reads: Read[] = [{ at, read: first }];
  // Without the connector's counters there is no rate to watch.
  if ('failure' in first.metrics) return reads;
  const { windowMs } = look;
  const began = performance.now();
  for (let next = EVERY_MS; next <= windowMs && !look.signal.aborted; next += EVERY_MS) {
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

function asAnswers({ kind, url, source }: MetricsSource, reads: readonly Read[], assumed: true | undefined): Answers {
  const mark = assumed === undefined ? {} : { assumed };
  const metrics = connectorMetrics(
    reads.map(({ at, read }) => ({ at, reading: read.metrics })),
    kind,
    url,
  );
  const jmx = JMX_FACTS.map((fact) => {
    const { outcome } = seriesOf(reads.flatMap(({ at, read }) => (read[fact] === undefined ? [] : [{ at, reading: read[fact] }])));
    return [fact, kind === 'jolokia' ? { source, ...outcome, ...mark } : { source, ...noJmx(kind) }];
  });
  return { metrics: { source, ...metrics, ...mark } as Answer<never>, ...Object.fromEntries(jmx) };
}

const noJmx = (kind: string): UnaskedOutcome => ({
  unasked: 'skipped',
  reason: kind === 'bridge' ? 'a bridge has no JVM' : 'only Jolokia gives these',
});

/** No metrics, and so nothing of what hangs on them. */
function nothing(source: string, outcome: FailedOutcome | UnaskedOutcome): Answers {
  const rest: FailedOutcome | UnaskedOutcome =
    'unasked' in outcome && outcome.unasked === 'unknown' ? { unasked: 'skipped', reason: 'only Jolokia gives these' } : outcome;
  return { metrics: { source, ...outcome }, ...Object.fromEntries(JMX_FACTS.map((fact) => [fact, { source, ...rest }])) };
}

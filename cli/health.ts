import { withHistory } from '../checks/derive/history.ts';
import { diagnose } from '../checks/diagnose.ts';
import { isSeen, type Facts, type Sample } from '../checks/facts/index.ts';
import { prometheusHistoryProbe } from '../checks/probes/prometheus-history.ts';
import { badInput } from './bad-input.ts';
import { exitCodeOf, type ExitCode } from './exit-codes.ts';
import { HEALTH_PROBES } from './health-probes.ts';
import { factsOf, type World } from './facts-of.ts';
import { REFUSED_FOR } from '../proto/vocabulary/attributes.ts';
import type { OptionValues, ReadOptions } from './read-options.ts';
import { TARGET_OPTIONS, type OptionName } from './options.ts';
import { renderHealthJson, renderNagios } from './render/nagios.ts';
import { isUndetermined, parsePerfdata } from './render/perfdata.ts';

export const HEALTH_OPTIONS = [
  ...TARGET_OPTIONS,
  'prometheus-url',
  'expect',
  'timeout',
  'window',
  'replay',
  'previous',
  'previous-at',
  'format',
  'verbose',
] as const satisfies OptionName[];
export const HEALTH_FORMATS = { nagios: renderNagios, json: renderHealthJson } as const;
export type HealthFormat = keyof typeof HEALTH_FORMATS;

/** Values of the last look as a sample of counters; nothing at the first look, when a monitoring system has none to pass on. */
export function previousSample({ previous, 'previous-at': at }: OptionValues, now: number): Sample | undefined {
  if ((previous === undefined) !== (at === undefined)) {
    throw badInput(`--previous and --previous-at belong together: give --${previous === undefined ? 'previous' : 'previous-at'} too`);
  }
  if (previous === undefined || at === undefined || previous.trim() === '' || at === 0) return undefined;
  if (at * 1000 >= now) throw badInput(`--previous-at ${at} is not in the past (it is ${Math.floor(now / 1000)} now)`);
  const values = parsePerfdata(previous);
  // A look that saw no metrics has only U to pass on.
  if (values.size === 0 && isUndetermined(previous)) return undefined;
  if (values.size === 0)
    throw badInput("--previous is not perfdata of otlpctl health (try \"'received'=10412c;;;0 'dropped'=98c;;;0 'queued'=4\")");
  const [received, dropped, refused, queued] = ['received', 'dropped', 'refused', 'queued'].map((label) => values.get(label));
  const forBytes = values.get('refused_for_bytes');
  return {
    at: Math.round(at * 1000),
    values: {
      ...(received !== undefined && { TotalMessagesReceived: received }),
      ...(dropped !== undefined && { TotalMessagesDropped: dropped }),
      ...(refused !== undefined && { TotalMessagesRefused: refused }),
      // What is refused while it stops goes with the counters, so the rest was for a full queue.
      ...(refused !== undefined &&
        forBytes !== undefined && { [REFUSED_FOR.queue_full]: refused - forBytes, [REFUSED_FOR.queue_bytes_full]: forBytes }),
      ...(received !== undefined && queued !== undefined && { RecordsProduced: received - queued }),
    },
  };
}

/** The last look as one more sample before those of this one. */
export function withPrevious(facts: Facts, sample: Sample | undefined): Facts {
  if (sample === undefined || !isSeen(facts.metrics)) return facts;
  return { ...facts, metrics: { ...facts.metrics, value: { ...facts.metrics.value, samples: [sample, ...facts.metrics.value.samples] } } };
}

/** One look, at most six exchanges and one more where a Prometheus is named, judged by the same steps and rules as doctor's. */
export async function health(
  options: ReadOptions,
  { format, verbosity }: { format: HealthFormat; verbosity: number },
  world: Omit<World, 'windowSeconds' | 'probes'>,
): Promise<{ text: string; code: ExitCode }> {
  const previous = previousSample(options.values, world.now());
  const probes = options.given.includes('prometheus-url') ? [...HEALTH_PROBES, prometheusHistoryProbe] : HEALTH_PROBES;
  const [gathered] = await factsOf(options, { ...world, windowSeconds: 0, probes }, 'refuse');
  const facts = withHistory(withPrevious(gathered, previous));
  const report = diagnose(facts);
  return { text: HEALTH_FORMATS[format]([{ report, facts }], { columns: 80, colour: false, verbosity }), code: exitCodeOf(report.status) };
}

import { busiestOf, trafficOf, type Rate, type Traffic } from '../checks/plans/traffic.ts';
import { planCapacity } from '../checks/plans/capacity.ts';
import { ceilingOf, compared, partitionAdvice, type Forms, type Live, type MeasuredPlan, type Sourced } from '../checks/plans/measured.ts';
import { ratesOf, ratesOfOffsets } from '../checks/plans/rates.ts';
import { configValue } from '../checks/derive/connector.ts';
import { memoryOf, producerOf } from '../checks/derive/jmx.ts';
import { increase } from '../checks/derive/series.ts';
import { count, list, rate, span } from '../checks/derive/words.ts';
import { isFailed, isSeen, isUnasked, seen, type Fact, type Facts } from '../checks/facts/index.ts';
import { readPeaks, type History } from '../checks/probes/prometheus-peaks.ts';
import { HELD_BYTES, PRODUCED_BYTES } from '../proto/vocabulary/attributes.ts';
import { SIGNALS, type Signal } from '../proto/vocabulary/signals.ts';
import type { Split } from '../checks/plans/sizing.ts';
import { badInput, couldNotLook } from './bad-input.ts';
import { sampleRecords, type Sampled } from './sample-records.ts';
import { parted } from './target-options.ts';
import type { OptionValues } from './read-options.ts';

/** What a person says instead of a measurement. Rates in messages a second, sizes in bytes. */
export type Said = { peak?: number; burst?: number; size?: number; headroomPercent: number; historySeconds: number };

/** The runbook's own example: "Estimating Queue Size". */
const EXAMPLE_BURST_SECONDS = 10;
/** The same: "Estimating Memory". */
const EXAMPLE_SIZE_BYTES = 2000;

const given = (value: number, named: string): Sourced => ({ value, from: 'given', because: `given by ${named}` });

/** Why a fact is not there, as a clause. */
function why(fact: Fact<unknown>): string {
  if (isFailed(fact)) return `${fact.source}: ${fact.detail}`;
  return isUnasked(fact) ? `${fact.reason}${fact.give === undefined ? '' : ` (give ${fact.give})`}` : 'nothing was read';
}

type Seen = { traffic: Traffic; from: Sourced['from']; place: string };

/** The busiest time of Prometheus' memory where it was asked, else of the window, else of the topics' ends. */
function trafficFrom(facts: Facts, history: { value: History; place: string } | null): Seen | null {
  const read = (rates: readonly Rate[], from: Sourced['from'], place: string): Seen | null => {
    const traffic = trafficOf(rates);
    return traffic === undefined ? null : { traffic, from, place };
  };
  if (history !== null) return read(history.value.points, 'prometheus', history.place);
  const metrics = isSeen(facts.metrics) ? read(ratesOf(facts.metrics.value.samples), 'metrics', facts.metrics.source) : null;
  if (metrics !== null) return metrics;
  const offsets = facts['kafka.offsets'];
  const topics = seen(facts, 'kafka.topics')?.topics.filter(({ exists }) => exists === true) ?? [];
  return isSeen(offsets) ? read(ratesOfOffsets(offsets.value.samples, topics), 'kafka', 'ends of the topics, after the queues') : null;
}

/** Rates are exact to two digits behind the point, which is more than they are true to. */
const rounded = (value: number): number => Math.round(value * 100) / 100;

function peakOf(facts: Facts, found: Seen | null, said: Said): Sourced {
  if (said.peak !== undefined) return given(said.peak, '--peak');
  if (found === null)
    throw couldNotLook(`no rate could be measured: ${why(facts.metrics)}`, 'give --metrics-url, --kafka, --prometheus-url or --peak');
  const { peakPerSecond, signals, resolutionSeconds, seenSeconds } = found.traffic;
  const over = span(seenSeconds * 1000);
  if (rounded(peakPerSecond) === 0)
    throw couldNotLook(
      `nothing was sent to ${seen(facts, 'target')?.connector ?? 'the receivers'} in ${over}: there is no peak to plan for`,
      'watch longer (--window), ask --prometheus-url, or give --peak',
    );
  const split = SIGNALS.flatMap((signal) => (signals[signal] === null ? [] : [`${signal} ${rate(signals[signal])}`]));
  const each = split.length === 0 ? '' : `; ${split.join(', ')}`;
  return {
    value: rounded(peakPerSecond),
    from: found.from,
    because: `${resolutionSeconds < seenSeconds ? `the busiest ${span(resolutionSeconds * 1000)} of ${over}` : `even over ${over}`}${each} (${found.place})`,
  };
}

function burstOf(found: Seen | null, said: Said): Sourced {
  if (said.burst !== undefined) return given(said.burst, '--burst');
  const example = `${EXAMPLE_BURST_SECONDS} s as in the runbook's example, give --burst`;
  const assumed = (because: string): Sourced => ({ value: EXAMPLE_BURST_SECONDS, from: 'assumed', because: `${because}: ${example}` });
  if (found === null) return assumed('nothing was measured');
  const { burstSeconds, seenSeconds } = found.traffic;
  if (burstSeconds === null) return assumed(`the load was even over ${span(seenSeconds * 1000)}, so no burst shows`);
  return { value: rounded(burstSeconds), from: found.from, because: 'the longest time nearer to the peak than to the usual rate' };
}

/** Of a bridge the requests that it stored; else the records themselves, what the producer says of them, or the runbook's example. */
function sizeOf(facts: Facts, sampled: Sampled | null, traffic: Traffic | null, said: Said): Sourced {
  if (said.size !== undefined) return given(said.size, '--message-size');
  const samples = seen(facts, 'metrics')?.samples ?? [];
  const stored = increase(samples, ({ values }) => values['RecordsProduced']);
  const bytes = increase(samples, ({ values }) => values[PRODUCED_BYTES]);
  if (samples.length > 1 && stored !== null && bytes !== null && stored > 0)
    return {
      value: Math.ceil(bytes / stored),
      from: 'bridge',
      because: `${count(stored)} requests that were stored in the window (${PRODUCED_BYTES})`,
    };
  const average = sampled?.averageBytes((signal: Signal) => traffic?.signals[signal] ?? null) ?? null;
  if (sampled !== null && average !== null)
    return { value: Math.ceil(average), from: 'kafka', because: `the newest ${count(sampled.records)} records of ${list(sampled.topics)}` };
  const told = producerOf(facts)?.recordBytes;
  if (told !== undefined && told > 0) return { value: Math.ceil(told), from: 'producer', because: "the producer's record-size-avg" };
  return {
    value: EXAMPLE_SIZE_BYTES,
    from: 'assumed',
    because: "not measured: 2 KB as in the runbook's example, give --kafka or --message-size",
  };
}

function liveOf(facts: Facts): Live {
  const target = seen(facts, 'target');
  const size = Number(configValue(facts, 'otlp.message.queue.size'));
  return {
    connector: target?.connector ?? null,
    kind: target?.kind ?? 'unknown',
    queueSize: Number.isInteger(size) ? size : null,
    format: configValue(facts, 'otlp.message.format')?.toLowerCase() ?? null,
    heapBytes: memoryOf(facts)?.heapMax ?? null,
    heldBytesLimit: seen(facts, 'metrics')?.samples.at(-1)?.values[HELD_BYTES.limit] ?? null,
  };
}

/** Prometheus was asked for, so what it does not tell is no plan. */
async function historyOf(facts: Facts, values: OptionValues, said: Said): Promise<{ value: History; place: string } | null> {
  const asked = values['prometheus-url'];
  if (asked === undefined) return null;
  const { url, credentials } = parted(asked);
  const toMs = isSeen(facts.run) ? facts.run.value.startedAt : Date.now();
  const read = await readPeaks({
    url,
    ...(credentials && { auth: credentials }),
    connector: seen(facts, 'target')?.connector ?? values.connector ?? null,
    fromMs: toMs - said.historySeconds * 1000,
    toMs,
    deadlineMs: (values.timeout ?? 10) * 1000,
  });
  if (!('value' in read)) throw couldNotLook(`--prometheus-url ${url.host}: ${read.detail}`);
  const several = read.value.sources > 1 ? `, ${read.value.sources} processes added up` : '';
  return { value: read.value, place: `Prometheus at ${url.host}${several}` };
}

/** Everything that is measured of one target, and the plan that follows from it. Throws one sentence where there is nothing to plan from. */
export async function measured(facts: Facts, values: OptionValues, said: Said): Promise<MeasuredPlan> {
  const live = liveOf(facts);
  const isBlind = live.queueSize === null && !isSeen(facts.metrics) && seen(facts, 'kafka.topics') === undefined;
  if (isBlind && values['prometheus-url'] === undefined)
    throw couldNotLook(`nothing of the target could be seen: ${why(facts['rest.list'])}; ${why(facts.metrics)}`, 'see otlpctl doctor');
  const [history, records] = await Promise.all([historyOf(facts, values, said), sampleRecords(facts, values)]);
  const sampled = records === null || 'missing' in records ? null : records;
  const found = trafficFrom(facts, history);
  const [peak, burst] = [peakOf(facts, found, said), burstOf(found, said)];
  const traffic = found === null || said.peak === undefined ? (found?.traffic ?? null) : scaled(found.traffic, said.peak);
  const size = sizeOf(facts, sampled, traffic, said);
  const busiest = traffic === null ? null : busiestOf(traffic);
  const input = {
    peakPerSecond: peak.value,
    burstSeconds: burst.value,
    messageSizeBytes: size.value,
    headroomPercent: said.headroomPercent,
  };
  const split: Split = { busiest: busiest && { ...busiest, perSecond: rounded(busiest.perSecond) }, kind: live.kind };
  const plan = planCapacity(input, split);
  if ('tooLarge' in plan) throw badInput(`this makes the ${plan.tooLarge} larger than can be counted exactly: give smaller numbers`);
  const forms: Forms | null = sampled?.forms ?? null;
  const topics = seen(facts, 'kafka.topics')?.topics.filter(({ exists }) => exists === true) ?? [];
  return {
    plan,
    ...{ split, peak, burst, size, traffic, live, forms },
    nowPerSecond: isSeen(facts.metrics) ? averageOf(ratesOf(facts.metrics.value.samples)) : null,
    compared: compared(plan, live, forms),
    ceiling: ceilingOf(busiest, live.kind),
    partitions: traffic === null ? [] : partitionAdvice(topics, traffic, size.value),
    missing: [...(records !== null && 'missing' in records ? [records.missing] : []), ...cut(facts)],
  };
}

const averageOf = (rates: readonly Rate[]): number | null => {
  const ms = rates.reduce((sum, rate) => sum + rate.ms, 0);
  return ms === 0 ? null : rates.reduce((sum, { total, ms: lasted }) => sum + total * lasted, 0) / ms;
};

/** A peak that somebody expects, split as what was seen. */
function scaled(traffic: Traffic, peak: number): Traffic {
  if (traffic.peakPerSecond === 0) return traffic;
  const factor = peak / traffic.peakPerSecond;
  const signals = SIGNALS.map((signal) => [signal, traffic.signals[signal] === null ? null : traffic.signals[signal] * factor] as const);
  return { ...traffic, peakPerSecond: peak, signals: Object.fromEntries(signals) as Traffic['signals'] };
}

function cut(facts: Facts): string[] {
  const run = seen(facts, 'run');
  return run?.windowCutMs === undefined ? [] : [`The window was cut to ${span(run.windowCutMs)}: a longer one wants a longer --timeout.`];
}

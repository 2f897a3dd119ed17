import type { Signal } from '../../proto/vocabulary/signals.ts';
import { bytes, count, percent, rate } from '../derive/words.ts';
import { instancesFor } from './capacity-notes.ts';
import type { CapacityPlan } from './capacity.ts';
import type { Split } from './sizing.ts';
import { THRESHOLDS } from '../thresholds.ts';
import type { Traffic } from './traffic.ts';

/** A capacity plan whose numbers come from a target, and how that target stands to it. Sizes in bytes, rates in messages a second. */

export type Origin = 'given' | 'metrics' | 'prometheus' | 'kafka' | 'producer' | 'bridge' | 'assumed';

/** A number of the plan: where it comes from, as one word and as a person would say it. */
export type Sourced = { value: number; from: Origin; because: string };

export type Live = {
  connector: string | null;
  kind: 'connector' | 'bridge' | 'unknown';
  queueSize: number | null;
  format: string | null;
  /** of a worker's JVM */
  heapBytes: number | null;
  /** bridge.queue.max.bytes */
  heldBytesLimit: number | null;
};

export type Comparison = { what: 'queue' | 'heap' | 'format'; status: 'ok' | 'warning' | 'unknown'; sentence: string };

/** Sizes of a target's own records in both forms; averages. */
export type Forms = { records: number; form: string; jsonBytes: number; protobufBytes: number };

export type MeasuredPlan = {
  plan: CapacityPlan;
  split: Split;
  peak: Sourced;
  burst: Sourced;
  size: Sourced;
  traffic: Traffic | null;
  /** average of the window, whatever the peak is planned from */
  nowPerSecond: number | null;
  live: Live;
  compared: Comparison[];
  forms: Forms | null;
  ceiling: { perSecond: number; signal: Signal; peakPerSecond: number; instances: number } | null;
  partitions: PartitionAdvice[];
  /** what could not be looked at, and what to give */
  missing: string[];
};

/** What protobuf saves is worth a change of every consumer from here on. Below: runbook "Message Format Selection" says 3 to 5. */
const WORTH = 1.5;

export function compared(
  { recommendedQueueSize, heapBytes, queueMemoryBytes, format, queueSize }: CapacityPlan,
  live: Live,
  forms: Forms | null,
): Comparison[] {
  return [
    queue(recommendedQueueSize, queueSize, live),
    live.kind === 'bridge' ? held(queueMemoryBytes, live) : heap(heapBytes, live),
    formatOf(format, live, forms),
  ];
}

function queue(wanted: number, bare: number, { queueSize: now }: Live): Comparison {
  if (now === null) return { what: 'queue', status: 'unknown', sentence: 'The live queue size is not known: Connect could not be read.' };
  if (now >= wanted) return { what: 'queue', status: 'ok', sentence: `${count(now)} now: enough, with headroom.` };
  const without = now >= bare ? 'enough without the headroom' : 'less than the burst itself';
  return { what: 'queue', status: 'warning', sentence: `${count(now)} now: ${without}, ${count(wanted)} are recommended.` };
}

function heap(wanted: number, { heapBytes: now }: Live): Comparison {
  if (now === null)
    return {
      what: 'heap',
      status: 'unknown',
      sentence: 'The heap of the worker was not seen: Jolokia or an exporter of its JVM tells it (--metrics-url).',
    };
  return now >= wanted
    ? { what: 'heap', status: 'ok', sentence: `${bytes(now)} is the worker's maximum: enough for these queues.` }
    : {
        what: 'heap',
        status: 'warning',
        sentence: `${bytes(now)} is the worker's maximum, and full queues want ${bytes(wanted)}: start it with -Xmx${Math.ceil(wanted / 1e6)}m.`,
      };
}

/** A bridge counts what it holds, and refuses above its limit. */
function held(wanted: number, { heldBytesLimit: limit }: Live): Comparison {
  if (limit === null)
    return { what: 'heap', status: 'unknown', sentence: 'The limit of bytes held was not seen (bridge.queue.max.bytes).' };
  return limit >= wanted
    ? { what: 'heap', status: 'ok', sentence: `The bridge may hold ${bytes(limit)} (bridge.queue.max.bytes): enough for these queues.` }
    : {
        what: 'heap',
        status: 'warning',
        sentence: `The bridge may hold ${bytes(limit)} (bridge.queue.max.bytes), and full queues are ${bytes(wanted)}: it refuses before they are full.`,
      };
}

function formatOf(wanted: string, { format: now }: Live, forms: Forms | null): Comparison {
  const ratio = forms === null ? null : forms.jsonBytes / forms.protobufBytes;
  const measured =
    forms === null || ratio === null
      ? 'what protobuf saves was not measured (give --kafka)'
      : `of ${count(forms.records)} of its own records JSON takes ${bytes(forms.jsonBytes)} and protobuf ${bytes(forms.protobufBytes)}, ${ratio.toFixed(1)} times less`;
  if (now === null) return { what: 'format', status: 'unknown', sentence: `The live format is not known; ${measured}.` };
  if (now === wanted) return { what: 'format', status: 'ok', sentence: `${now} now, as advised; ${measured}.` };
  if (wanted === 'protobuf' && ratio !== null && ratio < WORTH)
    return {
      what: 'format',
      status: 'ok',
      sentence: `${now} now; protobuf is advised at this rate, but ${measured}: not worth a change of every consumer.`,
    };
  return {
    what: 'format',
    status: 'warning',
    sentence: `${now} now, ${wanted} is advised at this rate; ${measured}. Consumers must read the new form.`,
  };
}

/** The poll loop's limit, where one signal passes it on a connector: instances are the answer. */
export function ceilingOf(busiest: { signal: Signal; perSecond: number } | null, kind: Live['kind']): MeasuredPlan['ceiling'] {
  const limit = THRESHOLDS.pollCeilingPerSecond;
  if (busiest === null || kind === 'bridge' || busiest.perSecond <= limit) return null;
  return { perSecond: limit, signal: busiest.signal, peakPerSecond: busiest.perSecond, instances: instancesFor(busiest.perSecond) };
}

export type PartitionAdvice = {
  topic: string;
  signal: Signal;
  partitions: number;
  wanted: number;
  bytesPerSecond: number;
  sentence: string;
};

/** Bytes a second that one partition takes with room to spare. Source: Confluent, "How to choose the number of topics/partitions": tens of MB/s; the lowest. */
const PARTITION_BYTES = 10e6;

/** What writing needs; reading wants one partition for each consumer of a group, which nobody here knows. Runbook "Issue 4" says 12 whatever the rate. */
export function partitionAdvice(
  topics: readonly { name: string; signal: Signal; partitions: number }[],
  traffic: Traffic,
  sizeBytes: number,
): PartitionAdvice[] {
  return topics.flatMap(({ name, signal, partitions }): PartitionAdvice[] => {
    const perSecond = traffic.signals[signal];
    if (perSecond === null) return [];
    const bytesPerSecond = perSecond * sizeBytes;
    const wanted = Math.max(1, Math.ceil(bytesPerSecond / PARTITION_BYTES));
    const load = `${rate(perSecond)} msg/s are ${bytes(bytesPerSecond)}/s, ${percent((bytesPerSecond / PARTITION_BYTES) * 100)} of what one partition takes`;
    const sentence =
      partitions >= wanted
        ? `${name} has ${count(partitions)}: ${load}. More only lets more consumers of one group read side by side.`
        : `${name} has ${count(partitions)} and wants ${count(wanted)}: ${load}.`;
    return [{ topic: name, signal, partitions, wanted, bytesPerSecond, sentence }];
  });
}

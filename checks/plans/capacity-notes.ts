import { THRESHOLDS } from '../thresholds.ts';
import type { Note, Sizing, Split, Tier } from './sizing.ts';

/** Numbers that only notes name: what the formula wants before the connector's range, and what one signal alone would need. */
type Beside = { wanted: number; oneSignal: number; range: { min: number; max: number } };

const CEILING = THRESHOLDS.pollCeilingPerSecond;

/** Queue sizes by rule of thumb. Source: runbook "Queue Sizing". */
const USUAL: Readonly<Record<Tier, readonly [number, number]>> = {
  low: [1000, 5000],
  medium: [10_000, 20_000],
  high: [20_000, 50_000],
  'very-high': [50_000, 100_000],
};

/** Bytes of one request that the connector's receivers take; they cannot be configured. */
const GRPC_LIMIT = 4 * 1024 ** 2;
const HTTP_LIMIT = 10 * 1024 ** 2;

/** Bytes of heap of a Connect worker that nobody configured. Source: bin/connect-distributed.sh of Apache Kafka, -Xmx2G. */
const DEFAULT_HEAP = 2 * 1024 ** 3;

/** Thousands apart, whatever stands behind the point left alone. */
const number = (value: number): string => {
  const [whole, rest] = String(value).split('.');
  return [whole!.replace(/\B(?=(\d{3})+$)/g, ','), ...(rest === undefined ? [] : [rest])].join('.');
};

/** Instances that the poll loop needs for this peak in one signal. */
export const instancesFor = (peakPerSecond: number): number => Math.max(1, Math.ceil(peakPerSecond / CEILING));

function outOfRange({ wanted, range: { min, max } }: Beside): string | undefined {
  if (wanted > max) {
    const instances = number(Math.ceil(wanted / max));
    return `The formula wants ${number(wanted)} and otlp.message.queue.size ends at ${number(max)}: spread this load over ${instances} instances on ports of their own.`;
  }
  return wanted < min
    ? `The formula wants ${number(wanted)} and otlp.message.queue.size begins at ${number(min)}: that is taken.`
    : undefined;
}

/** `split`: what one signal was seen to have; else all of the peak may be one signal's. A bridge has no such limit. */
function ceiling(peak: number, split: Split | undefined): { text: string | undefined; beware: boolean } {
  if (split?.kind === 'bridge') return { text: undefined, beware: false };
  const measured = split?.busiest ?? null;
  return { text: measured === null ? ceilingText(peak) : measuredCeiling(measured), beware: (measured?.perSecond ?? peak) > CEILING };
}

function measuredCeiling({ signal, perSecond }: { signal: string; perSecond: number }): string {
  const limit = `one busy signal drains at most about ${number(CEILING)} msg/s on this connector`;
  if (perSecond <= CEILING) return `${limit}; ${signal} peak at ${number(Math.ceil(perSecond))} and stay below that.`;
  const instances = number(instancesFor(perSecond));
  return `${limit}, and ${signal} peak at ${number(Math.ceil(perSecond))}: no queue answers that, it only delays the loss. Plan ${instances} instances (otlpctl scale connectors --instances ${instances}), or larger client batches.`;
}

function ceilingText(peak: number): string {
  const limit = `one busy signal drains at most about ${number(CEILING)} msg/s on this connector, whatever the queue`;
  return peak > CEILING
    ? `${limit}: at ${number(peak)} msg/s of one signal plan ${number(instancesFor(peak))} instances, or larger client batches.`
    : `${limit}; this peak stays below that.`;
}

function unusual({ tier, recommendedQueueSize }: Sizing): string | undefined {
  const [from, to] = USUAL[tier];
  if (recommendedQueueSize >= from && recommendedQueueSize <= to) return undefined;
  const side = recommendedQueueSize < from ? 'below' : 'above';
  return `The size is ${side} the rule of thumb for ${tier} volume, ${number(from)} to ${number(to)}: it follows the burst, which that rule does not know.`;
}

function overLimit(bytes: number): string | undefined {
  if (bytes > HTTP_LIMIT)
    return 'No receiver of the connector takes a message of this size: 4 MiB over gRPC and 10 MiB over HTTP are its limits.';
  return bytes > GRPC_LIMIT ? 'A message of this size gets through over HTTP only (up to 10 MiB): gRPC takes 4 MiB.' : undefined;
}

/** Those to beware of first. Split, drain, poll ceiling and heap are always among them. `split`: what was seen of a target. */
export function notesOn(sizing: Sizing, beside: Beside, split?: Split): Note[] {
  const { peakPerSecond, messageSizeBytes } = sizing.input;
  const notes: { text: string | undefined; beware: boolean }[] = [
    { text: overLimit(messageSizeBytes), beware: true },
    { text: outOfRange(beside), beware: beside.wanted > beside.range.max },
    ceiling(peakPerSecond, split),
    {
      text:
        split?.busiest == null
          ? `An equal split over traces, metrics and logs is assumed: a burst of one signal alone needs a queue of ${number(beside.oneSignal)}.`
          : `The queue is for ${split.busiest.signal}, the busiest signal, at its own peak: each of the three queues has the same size.`,
      beware: false,
    },
    { text: 'What is drained while the burst lasts is ignored: the size errs on the large side.', beware: false },
    {
      text:
        split?.kind === 'bridge'
          ? undefined
          : sizing.heapBytes < DEFAULT_HEAP
            ? 'The heap is what these queues need. A Connect worker has 2 GiB where nobody says otherwise: keep that where it is more.'
            : 'The heap is what these queues need; other connectors of the same worker come on top.',
      beware: false,
    },
    { text: unusual(sizing), beware: false },
  ];
  return notes
    .flatMap(({ text, beware }) => (text === undefined ? [] : [{ text: text[0]!.toUpperCase() + text.slice(1), beware }]))
    .sort((a, b) => Number(b.beware) - Number(a.beware));
}

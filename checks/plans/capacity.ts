import { CONNECTOR_KEY } from '../../proto/vocabulary/keys.ts';
import { SIGNALS } from '../../proto/vocabulary/signals.ts';
import { notesOn } from './capacity-notes.ts';
import { productUp } from './exact.ts';
import type { CapacityInput, Note, Sizing, Split, Tier } from './sizing.ts';

export type CapacityPlan = Sizing & { config: { 'otlp.message.queue.size': string; 'otlp.message.format': string }; notes: Note[] };

const QUEUES = SIGNALS.length;
/** Source: runbook "Estimating Memory": 150 MB of messages are about 200 MB with what is around them. */
const OVERHEAD = { over: 4, under: 3 };
/** Source: runbook "Estimating Memory", recommendation. */
const HEAP_TIMES = 4;
/** Messages a second above which protobuf pays. Source: runbook "Message Format Selection". */
const PROTOBUF_ABOVE = 1000;

function rangeOfQueueSize(): { min: number; max: number } {
  const { min, max } = CONNECTOR_KEY.get('otlp.message.queue.size') ?? {};
  if (min === undefined || max === undefined) throw new Error('otlp.message.queue.size has no range');
  return { min, max };
}

const tierOf = (peakPerSecond: number): Tier =>
  peakPerSecond < 100 ? 'low' : peakPerSecond <= 1000 ? 'medium' : peakPerSecond <= 5000 ? 'high' : 'very-high';

/**
 * Queue, memory and heap for a peak that lasts for a burst.
 * Sources: runbook "Estimating Queue Size", "Estimating Memory", "Message Format Selection".
 * The formula divides the peak by the three queues. Where the busiest signal is known, its own peak counts: its queue is the first that is full.
 * `tooLarge`: that result is not a safe integer, so it cannot be told exactly.
 */
export function planCapacity(input: CapacityInput, split?: Split): CapacityPlan | { tooLarge: string } {
  const { peakPerSecond, burstSeconds, messageSizeBytes, headroomPercent } = input;
  const range = rangeOfQueueSize();
  const [perSecond, over] = split?.busiest == null ? [peakPerSecond, QUEUES] : [split.busiest.perSecond, 1];
  const exact = {
    queueSize: productUp([perSecond, burstSeconds], over),
    wanted: productUp([perSecond, burstSeconds, 100 + headroomPercent], over * 100),
    oneSignal: productUp([peakPerSecond, burstSeconds], 1),
  };
  if (Object.values(exact).some((value) => value > BigInt(Number.MAX_SAFE_INTEGER))) return { tooLarge: 'queue size' };
  const wanted = Number(exact.wanted);
  const recommendedQueueSize = Math.min(range.max, Math.max(range.min, wanted));
  const queueMemoryBytes = recommendedQueueSize * messageSizeBytes * QUEUES;
  const memoryWithOverheadBytes = (recommendedQueueSize * messageSizeBytes * QUEUES * OVERHEAD.over) / OVERHEAD.under;
  const heapBytes = memoryWithOverheadBytes * HEAP_TIMES;
  // The largest of all, so that every product on the way to it is safe too.
  if (!Number.isSafeInteger(heapBytes * OVERHEAD.under)) return { tooLarge: 'heap' };
  const sizing: Sizing = {
    input,
    queueSize: Number(exact.queueSize),
    recommendedQueueSize,
    queueMemoryBytes,
    memoryWithOverheadBytes,
    heapBytes,
    format: peakPerSecond > PROTOBUF_ABOVE ? 'protobuf' : 'json',
    tier: tierOf(peakPerSecond),
  };
  return {
    ...sizing,
    config: { 'otlp.message.queue.size': String(recommendedQueueSize), 'otlp.message.format': sizing.format },
    notes: notesOn(sizing, { wanted, oneSignal: Number(exact.oneSignal), range }, split),
  };
}

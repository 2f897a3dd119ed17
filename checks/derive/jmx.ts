import type { Facts, Series } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { increase } from './series.ts';

/** Connect's, the producer's and the JVM's own numbers. Undefined: not seen; never 0 for absent. */

type SeriesId = 'jmx.task' | 'jmx.errors' | 'jmx.producer' | 'jmx.jvm';

const last = (series: Series | undefined, name: string): number | undefined => series?.samples.at(-1)?.values[name];
const read = (facts: Facts, id: SeriesId, ...names: string[]): number | undefined =>
  names.map((name) => last(seen(facts, id), name)).find((value) => value !== undefined);

export type Producer = {
  throttleMs: number | undefined;
  latencyMs: number | undefined;
  bufferFreePercent: number | undefined;
  waitingThreads: number | undefined;
  recordBytes: number | undefined;
};

/** `producer-metrics` of the task's producer. Source: Kafka documentation, "Producer monitoring". */
export function producerOf(facts: Facts): Producer | undefined {
  if (seen(facts, 'jmx.producer') === undefined) return undefined;
  const [free, total] = [read(facts, 'jmx.producer', 'buffer-available-bytes'), read(facts, 'jmx.producer', 'buffer-total-bytes')];
  return {
    throttleMs: read(facts, 'jmx.producer', 'produce-throttle-time-avg'),
    latencyMs: read(facts, 'jmx.producer', 'request-latency-avg'),
    bufferFreePercent: free === undefined || total === undefined || total <= 0 ? undefined : (free / total) * 100,
    waitingThreads: read(facts, 'jmx.producer', 'waiting-threads'),
    recordBytes: read(facts, 'jmx.producer', 'record-size-avg'),
  };
}

/** A producer with room in its buffer and no throttle: Kafka takes whatever comes. */
export const producerIsFree = (producer: Producer | undefined): boolean =>
  producer === undefined ||
  ((producer.throttleMs ?? 0) === 0 && (producer.bufferFreePercent ?? 100) > 50 && (producer.waitingThreads ?? 0) === 0);

/** Records that Kafka acknowledged in the window: source-record-write-total of the task. */
export const acknowledged = (facts: Facts): number | null => {
  const samples = seen(facts, 'jmx.task')?.samples ?? [];
  return samples.length < 2 ? null : increase(samples, (sample) => sample.values['source-record-write-total']);
};

/** Records handed to the producer and not yet acknowledged. */
export const inFlight = (facts: Facts): number | undefined => read(facts, 'jmx.task', 'source-record-active-count');

export type Memory = {
  heapUsed: number | undefined;
  heapMax: number | undefined;
  heapPercent: number | undefined;
  files: number | undefined;
  filesMax: number | undefined;
  filesPercent: number | undefined;
};

/** java.lang Memory and OperatingSystem of the worker. */
export function memoryOf(facts: Facts): Memory | undefined {
  if (seen(facts, 'jmx.jvm') === undefined) return undefined;
  const heapUsed = read(facts, 'jmx.jvm', 'HeapMemoryUsage.used', 'heapUsed');
  const heapMax = read(facts, 'jmx.jvm', 'HeapMemoryUsage.max', 'heapMax');
  const files = read(facts, 'jmx.jvm', 'OpenFileDescriptorCount', 'openFiles');
  const filesMax = read(facts, 'jmx.jvm', 'MaxFileDescriptorCount', 'maxFiles');
  const share = (part: number | undefined, whole: number | undefined): number | undefined =>
    part === undefined || whole === undefined || whole <= 0 ? undefined : (part / whole) * 100;
  return { heapUsed, heapMax, heapPercent: share(heapUsed, heapMax), files, filesMax, filesPercent: share(files, filesMax) };
}

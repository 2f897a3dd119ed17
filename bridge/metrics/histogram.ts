/** Counts by upper bound, in seconds. An observation is a search in a dozen numbers: the library's own, by labels, costs ten times as much. */
export type Histogram = { observe(seconds: number): void; read(): { le: string; count: number }[]; sum(): number; count(): number };

/** `bounds` ascend; whatever is above the last counts in +Inf alone. */
export function createHistogram(bounds: readonly number[]): Histogram {
  const counts = new Float64Array(bounds.length + 1);
  let sum = 0;
  let count = 0;
  return {
    observe(seconds) {
      let at = 0;
      while (at < bounds.length && seconds > bounds[at]!) at++;
      counts[at]! += 1;
      sum += seconds;
      count += 1;
    },
    /** cumulative, as Prometheus has them */
    read() {
      let below = 0;
      return [...counts].map((own, at) => ({ le: at < bounds.length ? String(bounds[at]) : '+Inf', count: (below += own) }));
    },
    sum: () => sum,
    count: () => count,
  };
}

/** Where messages end: what has been seen there of a run, as it comes. */
export type Finder = {
  /** topic `otlp-traces` at 127.0.0.1:9092 */
  where: string;
  /** by number of the message: when it was first seen (monotonic clock, ms), and how often; empty where messages cannot be told apart */
  found: ReadonlyMap<number, Found>;
  /** messages that were seen, told apart or not */
  seen(): number;
  /** why nothing more can be seen, where that is so */
  problem(): string | undefined;
  /** false: the place only counts */
  identifies: boolean;
  close(): Promise<void>;
};

export type Found = { at: number; times: number };

/** Notes the numbers of a run as they are seen. */
export function tally() {
  const found = new Map<number, Found>();
  return {
    found,
    note(numbers: readonly number[]): void {
      const at = performance.now();
      for (const number of numbers) {
        const before = found.get(number);
        found.set(number, before === undefined ? { at, times: 1 } : { ...before, times: before.times + 1 });
      }
    },
  };
}

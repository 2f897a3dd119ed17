/** A body that is being inflated: its bytes so far. `end` gives all of them back; it may be called again. */
export type Inflating = { take(bytes: number): boolean; end(): void };

/**
 * Bytes of requests, over everything this process holds at one moment: on their way in, being inflated, queued, in flight to the sink.
 * What does not fit is refused, so that no crowd of senders exhausts memory.
 */
export type Budget = {
  take(bytes: number): boolean;
  giveBack(bytes: number): void;
  /**
   * What grows while it is inflated may turn out to be a bomb: where something else does not fit, the largest such body gives way, so that those who
   * send bombs meet the limit and not the others. It has nothing any more when `giveWay` is called.
   */
  inflating(giveWay: () => void): Inflating;
  /** taken now */
  held(): number;
  /** most that may be taken */
  limit: number;
};

type Growing = { held: number; giveWay: () => void };

export function createBudget(mostBytes: number): Budget {
  let held = 0;
  const growing = new Set<Growing>();
  const end = (one: Growing) => {
    held -= one.held;
    one.held = 0;
    growing.delete(one);
  };
  /** Makes room, unless whoever asks is itself the largest. */
  const fits = (bytes: number, own: number): boolean => {
    while (held + bytes > mostBytes) {
      const largest = [...growing].reduce<Growing | null>((most, one) => (one.held > (most?.held ?? own) ? one : most), null);
      if (largest === null) return false;
      end(largest);
      largest.giveWay();
    }
    held += bytes;
    return true;
  };
  return {
    take: (bytes) => fits(bytes, bytes),
    giveBack(bytes) {
      held -= bytes;
    },
    inflating(giveWay) {
      const one: Growing = { held: 0, giveWay };
      growing.add(one);
      return {
        take(bytes) {
          if (!growing.has(one) || !fits(bytes, one.held)) return false;
          one.held += bytes;
          return true;
        },
        end: () => end(one),
      };
    },
    held: () => held,
    limit: mostBytes,
  };
}

/**
 * Bytes of requests, over everything this process holds at one moment: on their way in, being inflated, queued, in flight to the sink.
 * What does not fit is refused, so that no crowd of senders exhausts memory.
 */
export type Budget = {
  take(bytes: number): boolean;
  giveBack(bytes: number): void;
  /** taken now */
  held(): number;
  /** most that may be taken */
  limit: number;
};

export function createBudget(mostBytes: number): Budget {
  let held = 0;
  return {
    take(bytes) {
      if (held + bytes > mostBytes) return false;
      held += bytes;
      return true;
    },
    giveBack(bytes) {
      held -= bytes;
    },
    held: () => held,
    limit: mostBytes,
  };
}

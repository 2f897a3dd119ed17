/** Ends what takes too long. `begin` gives what to call when it is over in time. */
export type Overdue = { begin(end: () => void): () => void };

/**
 * For many things that may all take equally long, `ms`: the first to begin is the first to be overdue, so one timer watches over all of them, where one
 * each would be among the dearest parts of a request.
 */
export function overdueAfter(ms: number): Overdue {
  const running = new Set<{ began: number; end: () => void }>();
  let timer: NodeJS.Timeout | undefined;

  const look = () => {
    timer = undefined;
    const now = performance.now();
    for (const one of running) {
      const left = one.began + ms - now;
      if (left > 0) {
        // Rounded up: a timer that comes a fraction too soon would come again and again.
        timer = setTimeout(look, Math.ceil(left)).unref();
        return;
      }
      running.delete(one);
      one.end();
    }
  };

  return {
    begin(end) {
      const one = { began: performance.now(), end };
      running.add(one);
      timer ??= setTimeout(look, ms).unref();
      return () => running.delete(one);
    },
  };
}

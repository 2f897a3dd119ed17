import type { Log, LogLine } from '../log.ts';

/** The last lines of the log, for whoever looks at the status page. */
export type Event = LogLine & { at: number };
export type Events = { note: Log; last(): readonly Event[] };

const KEPT = 20;

export function keepEvents(now: () => number): Events {
  const events: Event[] = [];
  return {
    note(line) {
      events.push({ ...line, at: now() });
      if (events.length > KEPT) events.shift();
    },
    last: () => events,
  };
}

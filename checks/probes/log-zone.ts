import type { LogSeen } from '../facts/index.ts';

const MINUTE = 60_000;
/** All offsets between time zones are whole quarters of an hour, and none that a machine room has is above 14 hours. Source: IANA time zones. */
const QUARTER = 15 * MINUTE;
const MOST = 14 * 60 * MINUTE;
/** A logger writes its line to the file at once: what is this near to a quarter of an hour is an offset, and only one old log in a hundred looks like it. */
const WRITTEN_WITHIN = 5000;
/** No line is younger than its file or than now; clocks of two machines may differ so much. */
const CLOCKS_WITHIN = 2 * MINUTE;

/**
 * By how much a log's times are to be moved, when its lines are stamped in another time zone than ours: lines have a local time and no zone.
 * A file tells: it was changed when its last line was written. Without one only a log from the future shows it, and then at least so much.
 */
export function zoneOffsetOf(lastAt: number | null, now: number, changedAt?: number): number {
  if (lastAt === null) return 0;
  if (changedAt !== undefined) {
    const apart = changedAt - lastAt;
    const offset = Math.round(apart / QUARTER) * QUARTER;
    const within = apart < 0 ? CLOCKS_WITHIN : WRITTEN_WITHIN;
    if (offset !== 0 && Math.abs(offset) <= MOST && Math.abs(apart - offset) <= within) return offset;
  }
  const ahead = lastAt - now;
  if (ahead <= CLOCKS_WITHIN || ahead > MOST) return 0;
  return -Math.ceil(ahead / QUARTER) * QUARTER;
}

/** The log with all its times moved, and said so. */
export function inOurZone(log: LogSeen, offset: number): LogSeen {
  if (offset === 0) return log;
  const moved = (at: number | null): number | null => (at === null ? null : at + offset);
  const each = <T extends { lastAt: number | null }>(found: Record<string, T>, move: (one: T) => Partial<T>): Record<string, T> =>
    Object.fromEntries(Object.entries(found).map(([key, one]) => [key, { ...one, lastAt: moved(one.lastAt), ...move(one) }]));
  return {
    ...log,
    zoneOffsetMinutes: offset / MINUTE,
    fromAt: moved(log.fromAt),
    lastAt: moved(log.lastAt),
    startedAt: moved(log.startedAt),
    events: each(log.events, ({ firstAt }) => ({ firstAt: moved(firstAt) })),
    troubles: log.troubles.map((trouble) => ({ ...trouble, lastAt: moved(trouble.lastAt) })),
    marks: each(log.marks, () => ({})),
  };
}

import type { LogLine } from '../log.ts';
import { CONFIG_LOGGER, CONNECTOR_LOGGER, METRICS_LOGGER, RECEIVER_LOGGER, TASK_LOGGER } from './events.ts';
import { connectError } from './errors.ts';
import { VERSION_TRAITS, type ConnectVersion } from './versions.ts';

/** Levels that Connect takes, loudest first. */
const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'OFF'] as const;
type LogLevel = (typeof LEVELS)[number];
/** `level`: null where none was set and the one above counts */
type Logger = { level: LogLevel | null; last_modified: number | null };
type LoggerView = { level: LogLevel; last_modified: number | null };

const ROOT = 'root';
const KNOWN = [METRICS_LOGGER, CONNECTOR_LOGGER, CONFIG_LOGGER, TASK_LOGGER, RECEIVER_LOGGER];
/** Names are made by whoever asks; there is an end to it. */
const MOST_LOGGERS = 500;

export type Loggers = ReturnType<typeof createLoggers>;

/** Levels by logger, as `/admin/loggers` shows and sets them. Lost at the next start, as on Connect. */
export function createLoggers(now: () => number, version: ConnectVersion) {
  const { listed, named } = VERSION_TRAITS[version].loggers;
  const loggers = new Map<string, Logger>([
    [ROOT, { level: 'INFO', last_modified: null }],
    ...KNOWN.map((name): [string, Logger] => [name, { level: null, last_modified: null }]),
  ]);
  const isWithin = (name: string, parent: string) => parent === ROOT || name === parent || name.startsWith(`${parent}.`);
  /** of the nearest logger above, or its own */
  const levelOf = (name: string): LogLevel => {
    const above = [...loggers].filter(([other, { level }]) => level !== null && other !== ROOT && isWithin(name, other));
    return above.sort(([a], [b]) => b.length - a.length)[0]?.[1].level ?? loggers.get(ROOT)!.level!;
  };
  const viewOf = (name: string, { last_modified }: Logger): LoggerView => ({ level: levelOf(name), last_modified });

  return {
    all: (): Record<string, LoggerView> =>
      Object.fromEntries(
        [...loggers].filter(([, { level }]) => listed === 'known' || level !== null).map(([name, logger]) => [name, viewOf(name, logger)]),
      ),
    get(name: string): LoggerView {
      const logger = loggers.get(name);
      if (!logger) throw connectError(404, `Logger ${name} not found.`);
      return viewOf(name, logger);
    },
    /** Sets a logger and all below it; gives their names. `wanted`: a text, as Connect makes one of whatever is sent. */
    set(name: string, wanted: string | null | undefined): string[] {
      if (wanted === null || wanted === undefined) throw connectError(400, "Desired 'level' parameter was not specified in request.");
      const level = LEVELS.find((known) => known === wanted.toUpperCase());
      if (!level) throw connectError(404, `invalid log level '${wanted}'.`);
      if (!loggers.has(name) && loggers.size >= MOST_LOGGERS) throw connectError(400, `There are ${MOST_LOGGERS} loggers already`);
      if (!loggers.has(name)) loggers.set(name, { level: null, last_modified: null });
      const within = [...loggers.keys()].filter((known) => isWithin(known, name)).sort();
      const changed = within.filter((known) => named === 'all' || levelOf(known) !== level);
      for (const known of changed) loggers.set(known, { level, last_modified: now() });
      return changed;
    },
    /** Whether a line is loud enough for its logger. */
    allows: ({ logger, level }: LogLine): boolean => LEVELS.indexOf(level) >= LEVELS.indexOf(levelOf(logger)),
  };
}

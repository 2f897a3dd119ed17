import type { LogLine } from '../log.ts';
import { CONFIG_LOGGER, CONNECTOR_LOGGER, METRICS_LOGGER, RECEIVER_LOGGER, TASK_LOGGER } from './events.ts';
import { connectError } from './errors.ts';

/** Levels that Connect takes, loudest first. */
const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'OFF'] as const;
type LogLevel = (typeof LEVELS)[number];
type Logger = { level: LogLevel; last_modified: number | null };

const ROOT = 'root';
const PACKAGE = 'io.conduktor.connect.otel';
const KNOWN = [ROOT, PACKAGE, METRICS_LOGGER, CONNECTOR_LOGGER, CONFIG_LOGGER, TASK_LOGGER, RECEIVER_LOGGER];
/** Names are made by whoever asks; there is an end to it. */
const MOST_LOGGERS = 500;

export type Loggers = ReturnType<typeof createLoggers>;

/** Levels by logger, as `/admin/loggers` shows and sets them. Lost at the next start, as on Connect. */
export function createLoggers(now: () => number) {
  const loggers = new Map<string, Logger>(KNOWN.map((name) => [name, { level: 'INFO', last_modified: null }]));
  const isWithin = (name: string, parent: string) => parent === ROOT || name === parent || name.startsWith(`${parent}.`);

  return {
    all: () => Object.fromEntries(loggers),
    get(name: string): Logger {
      const logger = loggers.get(name);
      if (!logger) throw connectError(404, `Logger ${name} not found.`);
      return logger;
    },
    /** Sets a logger and all below it; gives their names. */
    set(name: string, wanted: unknown): string[] {
      if (typeof wanted !== 'string') throw connectError(400, "Desired 'level' parameter was not specified in request.");
      const level = LEVELS.find((known) => known === wanted.toUpperCase());
      if (!level) throw connectError(404, `invalid log level '${wanted}'.`);
      if (!loggers.has(name) && loggers.size >= MOST_LOGGERS) throw connectError(400, `There are ${MOST_LOGGERS} loggers already`);
      if (!loggers.has(name)) loggers.set(name, { level, last_modified: null });
      const changed = [...loggers.keys()].filter((known) => isWithin(known, name)).sort();
      for (const known of changed) loggers.set(known, { level, last_modified: now() });
      return changed;
    },
    /** Whether a line is loud enough for the nearest logger above it. */
    allows({ logger, level }: LogLine): boolean {
      const nearest = [...loggers.keys()]
        .filter((name) => isWithin(logger, name))
        .sort((a, b) => (a === ROOT ? -1 : b === ROOT ? 1 : a.length - b.length))
        .at(-1);
      const threshold = loggers.get(nearest ?? ROOT)?.level ?? 'INFO';
      return LEVELS.indexOf(level) >= LEVELS.indexOf(threshold);
    },
  };
}

import { connectUrl, shellWord } from '../derive/commands.ts';
import { list, span } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import { defineAction } from './action.ts';
import { unreadable } from './not-there.ts';
import { refuse, type LogSource, type Plan, type PlanStep, type Refusal } from './plan.ts';
import { assumed } from './request.ts';
import { placeOf } from './words.ts';

/** Levels as Connect has them now, by logger; null: it could not be asked. */
export type Levels = Readonly<Record<string, string>> | null;
export const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'OFF'] as const;

/** Runbook "Debug Logging": the connector's own loggers, and gRPC's. */
export const DEBUG_LOGGERS = ['io.conduktor.connect.otel', 'io.grpc'] as const;

const urlOf = (facts: Facts, logger: string): string => `${connectUrl(facts)}/admin/loggers/${encodeURIComponent(logger)}`;

/** A level is set at once; who ends a window waits no longer for Connect than for one request. */
const MOST_MS = 30_000;

const raise = (facts: Facts, logger: string, level: string, waitMs: number): PlanStep[] => [
  { kind: 'request', method: 'PUT', url: urlOf(facts, logger), body: JSON.stringify({ level }), does: `sets ${logger} to ${level}` },
  {
    kind: 'read',
    url: urlOf(facts, logger),
    key: 'level',
    value: level,
    deadlineMs: Math.min(waitMs, MOST_MS),
    does: `until ${logger} is ${level}`,
  },
];

const always = (steps: readonly PlanStep[]): PlanStep[] => steps.map((step) => ({ ...step, always: true }));

/** A logger without a level of its own has that of the nearest above it. Source: log4j, "Logger hierarchy". */
export function levelOf(levels: Readonly<Record<string, string>>, logger: string): string {
  const above = Object.keys(levels).filter((name) => logger === name || logger.startsWith(`${name}.`));
  return levels[above.sort((a, b) => b.length - a.length)[0] ?? 'root'] ?? 'INFO';
}

function cannot(facts: Facts, levels: Levels): Refusal | undefined {
  const no = unreadable(facts);
  if (no !== undefined) return no;
  if (levels === null) return refuse(`Connect at ${placeOf(facts)} does not say its log levels (GET /admin/loggers): nothing was sent`);
  return Object.keys(levels).length === 0
    ? refuse(
        `the worker at ${placeOf(facts)} logs through a backend that Connect cannot manage: change the level in its own configuration file`,
      )
    : undefined;
}

const base = (facts: Facts): Pick<Plan, 'risk' | 'instead' | 'consent' | 'assumes'> => ({
  risk: 'none',
  instead: [],
  consent: { by: 'yes' },
  assumes: assumed(facts),
});

/** Runbook "Debug Logging", without a restart of the worker. */
export const loglevel = defineAction<{ loggers: readonly string[]; level: string; levels: Levels }>({
  id: 'loglevel',
  plan({ facts, input: { loggers, level, levels }, waitMs }) {
    const no = cannot(facts, levels);
    if (no !== undefined || levels === null) return no!;
    const changed = loggers.filter((logger) => levelOf(levels, logger) !== level);
    return {
      ...base(facts),
      action: this.id,
      title: `Log ${list(loggers)} on ${placeOf(facts)} at ${level}`,
      costs: [...loggers.map((logger) => `${logger} ${levelOf(levels, logger)} -> ${level}, on this worker, until it restarts.`)],
      steps: loggers.flatMap((logger) => raise(facts, logger, level, waitMs)),
      ...(changed.length === 0 ? { already: `${list(loggers)} ${loggers.length === 1 ? 'is' : 'are'} at ${level}` } : {}),
    };
  },
});

const shownAs = (log: LogSource): string => ('file' in log ? log.file : `what ${log.command.map(shellWord).join(' ')} prints`);

/** The same for a while, and what the log has of it. What was raised is put back whatever happens in between. `log`: null: there is none to read. */
export const debugWindow = defineAction<{ loggers: readonly string[]; ms: number; levels: Levels; log: LogSource | null }>({
  id: 'debug-window',
  plan({ facts, input: { loggers, ms, levels, log }, waitMs }) {
    const no = cannot(facts, levels);
    if (no !== undefined || levels === null) return no!;
    const keep: PlanStep[] =
      log === null ? [] : [{ kind: 'keep', log, does: 'keeps the log of that time in the state folder', always: true }];
    return {
      ...base(facts),
      action: this.id,
      title: `Log ${list(loggers)} on ${placeOf(facts)} at DEBUG for ${span(ms)}`,
      costs: [
        'More lines in the log, one or more for every message.',
        ...loggers.map((logger) => `${logger} goes back to ${levelOf(levels, logger)} whatever happens.`),
        log === null
          ? 'The log of that time is not kept: give --log-file or --log-command.'
          : `The log of that time is kept, without secrets: ${shownAs(log)}.`,
      ],
      steps: [
        ...(log === null ? [] : [{ kind: 'mark', log, does: 'from where the log ends now' } as const]),
        ...loggers.flatMap((logger) => raise(facts, logger, 'DEBUG', waitMs)),
        { kind: 'pause', ms, does: `for ${span(ms)}` },
        ...always([...loggers].reverse().flatMap((logger) => raise(facts, logger, levelOf(levels, logger), waitMs))),
        ...keep,
      ],
    };
  },
});

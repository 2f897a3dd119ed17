import type { PastRun } from '../../checks/actions/past-run.ts';
import type { Marks } from '../../checks/actions/marks.ts';
import type { Plan } from '../../checks/actions/plan.ts';
import type { Json } from '../../checks/facts/index.ts';
import type { Condition } from './condition.ts';
import type { LogMark } from './log-window.ts';
import type { Outcome } from '../exit-codes.ts';

export type Who = { user: string; uid: number | null; as: string | null; host: string; pid: number };
export type RunTarget = { connector: string | null; connectUrl: string | null; kind: string };

/** Said by every run before it does anything. */
type Origin = { schemaVersion: 1; who: Who; command: string; reason: string | null; action: string; target: RunTarget };

/**
 * `options`: where to look, as it was said, without credentials. `sent: false`: it never left. `interrupted`: somebody ended it.
 * The record of a run is all lines with its id, each written before or as the thing happens: a run that is killed has its record up to there,
 * and no `ended`. A run that was refused has one line.
 */
export type AuditEvent = { run: string; at: string } & (
  | ({ event: 'refused'; sentence: string } & Origin)
  | ({ event: 'planned'; plan: Plan; before: Condition; marks?: Marks; options?: Readonly<Record<string, string>> } & Origin)
  | { event: 'continued'; who: Who; command: string; reason: string | null }
  | { event: 'sending'; step: number; does: string }
  | {
      event: 'answered';
      step: number;
      ms: number;
      attempts: number;
      status: number | null;
      failure: string | null;
      sent?: boolean;
      answer: Json;
    }
  | { event: 'waited'; step: number; ms: number; gap: string | null; seen: string }
  | { event: 'marked'; step: number; mark: LogMark }
  | { event: 'kept'; step: number; file: string; lines: number; bytes: number; leftOut: number }
  | { event: 'ended'; outcome: Outcome; sentence: string; after: Condition | null; interrupted?: true }
);

/** A run as its lines tell it. */
export type AuditRun = { run: string; events: AuditEvent[] };

const isEvent = (line: unknown): line is AuditEvent =>
  typeof line === 'object' &&
  line !== null &&
  typeof (line as AuditEvent).run === 'string' &&
  typeof (line as AuditEvent).event === 'string';

/** In the order in which they began. */
export function runsOf(lines: readonly unknown[]): AuditRun[] {
  const runs = new Map<string, AuditRun>();
  for (const event of lines.filter(isEvent)) {
    const run = runs.get(event.run) ?? { run: event.run, events: [] };
    run.events.push(event);
    runs.set(event.run, run);
  }
  return [...runs.values()];
}

type Event<Name extends AuditEvent['event']> = Extract<AuditEvent, { event: Name }>;
export const eventOf = <Name extends AuditEvent['event']>({ events }: AuditRun, name: Name): Event<Name> | undefined =>
  events.find((event): event is Event<Name> => event.event === name);

/** How it ended; a run that was gone on with has not ended by what was said before. */
export function endOf({ events }: AuditRun): Event<'ended'> | undefined {
  const last = events.findLast((event) => event.event === 'ended' || event.event === 'continued');
  return last?.event === 'ended' ? last : undefined;
}

/** Runs that were tried, for those who plan the next one. */
export const pastRuns = (runs: readonly AuditRun[]): PastRun[] =>
  runs.flatMap((one) => {
    const planned = eventOf(one, 'planned');
    if (planned === undefined) return [];
    const { run, at, action, target, before } = planned;
    const { who } = one.events.findLast((event) => event.event === 'continued') ?? planned;
    return [
      {
        run,
        action,
        connector: target.connector,
        connectUrl: target.connectUrl,
        at: Date.parse(at),
        outcome: endOf(one)?.outcome ?? null,
        pid: who.pid,
        host: who.host,
        sent: eventOf(one, 'sending') !== undefined,
        config: before.config,
      },
    ];
  });

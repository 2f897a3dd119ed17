import type { AuditEvent, AuditRun } from './audit.ts';
import type { LogMark } from './log-window.ts';

type Answered = Extract<AuditEvent, { event: 'answered' }>;

/** What the record of a run has of one step. Times are epoch milliseconds. */
export type StepPast = {
  /** null: it was not begun */
  sentAt: number | null;
  answered: Answered | null;
  /** what it waited for was seen, or what it noted is in the record */
  seen: boolean;
  mark: LogMark | null;
};

const NOTHING: StepPast = { sentAt: null, answered: null, seen: false, mark: null };

/** By index of the plan's steps. A step that was begun again counts as it was last. */
export function pastSteps({ events }: AuditRun, length: number): StepPast[] {
  const steps = Array.from({ length }, () => NOTHING);
  for (const event of events) {
    if (!('step' in event)) continue;
    const before = steps[event.step] ?? NOTHING;
    if (event.event === 'sending') steps[event.step] = { ...NOTHING, sentAt: Date.parse(event.at) };
    else if (event.event === 'answered') steps[event.step] = { ...before, answered: event };
    else if (event.event === 'marked') steps[event.step] = { ...before, seen: true, mark: event.mark };
    else steps[event.step] = { ...before, seen: event.event === 'kept' || event.gap === null };
  }
  return steps;
}

/** It never left, so it may be sent as if nobody had tried. */
export const neverLeft = ({ sentAt, answered }: StepPast): boolean => sentAt === null || answered?.sent === false;

/** It left, and the record does not have what came back. */
export const isUnanswered = (past: StepPast): boolean => !neverLeft(past) && past.answered === null;

import type { LogEventSeen, LogSeen, LogTrouble } from '../facts/index.ts';
import { printable, redactText } from '../redact.ts';
import { readFields } from './log-lines.ts';
import type { LogHead } from './log-lines.ts';
import { marksOf } from './log-marks.ts';

type Trouble = LogTrouble & { trace?: readonly string[] };

/** What is kept of a log while it is read: bounded, however long the log. */
export type LogSummary = {
  events: Map<string, LogEventSeen & { text: string }>;
  troubles: Map<string, Trouble>;
  marks: Map<string, { count: number; lastAt: number | null; text: string }>;
  /** messages met lately, each with whose it was and the key of its trouble */
  shapes: Map<string, { level: string; logger: string; key: string }>;
};

export const emptySummary = (): LogSummary => ({ events: new Map(), troubles: new Map(), marks: new Map(), shapes: new Map() });

const KEPT_TROUBLES = 50;
/** Distinct shapes are sifted when there are so many, so that a log of nothing but new messages stays cheap. */
const SIFT_AT = 400;
const KEPT_EVENTS = 64;
const TEXT_LENGTH = 300;

/**
 * One logical line, when it was written, and what stands below it. `trace`: the exception's own line and every `Caused by`, first to last. `isMarked`: a
 * mark may stand in either.
 */
export function addEntry(summary: LogSummary, head: LogHead, at: number, trace: readonly string[], isMarked: boolean): void {
  const { level, message } = head;
  const event = head.event?.name;
  if (event !== undefined) addEvent(summary, event, message, at);
  if (level === 'ERROR' || level === 'WARN' || level === 'FATAL') addTrouble(summary, level === 'WARN' ? 'WARN' : 'ERROR', head, at, trace);
  if (!isMarked) return;
  // Of the connector's own events only the drained queue is a mark: the many others are not searched.
  if (event !== undefined && event !== 'message_draining_completed' && trace.length === 0) return;
  for (const { key, text } of marksOf(message, trace)) {
    summary.marks.set(key, { count: (summary.marks.get(key)?.count ?? 0) + 1, lastAt: at, text });
  }
}

function addEvent(summary: LogSummary, name: string, message: string, at: number): void {
  const before = summary.events.get(name);
  // Fields are read from the text of the last one, once, at the end.
  if (before !== undefined) {
    before.count += 1;
    before.lastAt = at;
    before.text = message;
  } else if (summary.events.size < KEPT_EVENTS) summary.events.set(name, { count: 1, firstAt: at, lastAt: at, fields: {}, text: message });
}

function addTrouble(summary: LogSummary, level: 'ERROR' | 'WARN', head: LogHead, at: number, trace: readonly string[]): void {
  const { message, logger = '' } = head;
  head.shape ??= keyOf(summary, level, logger, message);
  const key = head.shape;
  const before = summary.troubles.get(key);
  if (before !== undefined) {
    before.count += 1;
    before.lastAt = at;
    before.message = message;
    before.trace = trace;
    return;
  }
  summary.troubles.set(key, { level, logger, message, trace, count: 1, lastAt: at });
  if (summary.troubles.size > SIFT_AT) summary.troubles = new Map(worstFirst([...summary.troubles]).slice(0, SIFT_AT / 2));
}

const KEPT_SHAPES = 64;

/** What floods a log is the same message again and again: its key is made once. */
function keyOf({ shapes }: LogSummary, level: string, logger: string, message: string): string {
  const known = shapes.get(message);
  if (known?.level === level && known.logger === logger) return known.key;
  const key = `${level} ${logger} ${masked(message)}`;
  if (shapes.size >= KEPT_SHAPES) shapes.clear();
  shapes.set(message, { level, logger, key });
  return key;
}

/** A message's shape: what differs from one line to the next is taken out. */
export function masked(message: string): string {
  let text = message.slice(0, 500);
  if (text.includes('-')) text = text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, 'U');
  if (text.includes("'") || text.includes('"')) text = text.replace(/'[^']*'|"[^"]*"/g, 'Q');
  return text.replace(/\d+/g, 'N');
}

const worstFirst = (troubles: [string, Trouble][]): [string, Trouble][] =>
  troubles.sort(([, a], [, b]) => (a.level === b.level ? (b.lastAt ?? 0) - (a.lastAt ?? 0) : a.level === 'ERROR' ? -1 : 1));

/** Both in one; of equal keys the later one's text stays. */
export function mergeSummaries(a: LogSummary, b: LogSummary): LogSummary {
  return { events: merge(a.events, b.events), troubles: merge(a.troubles, b.troubles), marks: merge(a.marks, b.marks), shapes: b.shapes };
}

type Counted = { count: number; lastAt: number | null; firstAt?: number | null };

function merge<T extends Counted>(a: Map<string, T>, b: Map<string, T>): Map<string, T> {
  const both = new Map(a);
  for (const [key, right] of b) {
    const left = a.get(key);
    if (left === undefined) both.set(key, right);
    else {
      const [early, late] = (left.lastAt ?? 0) <= (right.lastAt ?? 0) ? [left, right] : [right, left];
      const firstAt = left.firstAt === undefined ? {} : { firstAt: Math.min(left.firstAt ?? 0, right.firstAt ?? 0) };
      both.set(key, { ...late, ...firstAt, count: early.count + late.count });
    }
  }
  return both;
}

/** As a fact has it: lists bounded, texts on one line, without secrets. */
export function finished(summary: LogSummary): Pick<LogSeen, 'events' | 'troubles' | 'marks'> {
  const troubles = worstFirst([...summary.troubles]).slice(0, KEPT_TROUBLES);
  return {
    events: Object.fromEntries([...summary.events].map(([name, { text, ...event }]) => [name, { ...event, fields: fieldsOf(text) }])),
    troubles: troubles.map(([, { trace, ...trouble }]) => ({ ...trouble, message: shown(trouble.message), ...causeOf(trace) })),
    marks: Object.fromEntries([...summary.marks].map(([key, mark]) => [key, { ...mark, text: shown(mark.text) }])),
  };
}

const shown = (text: string): string => printable(redactText(text.slice(0, TEXT_LENGTH * 4)).slice(0, TEXT_LENGTH)).trim();

const fieldsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(readFields(redactText(text)))
      .filter(([key]) => key !== 'event')
      .map(([key, value]) => [key, printable(value)]),
  );

/** The deepest cause; the exception itself where nothing caused it. */
function causeOf(trace: readonly string[] | undefined): { cause?: string } {
  const deepest = trace?.at(-1);
  return deepest === undefined ? {} : { cause: shown(deepest.replace(/^Caused by: /, '')) };
}

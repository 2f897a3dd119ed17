import type { LogSeen } from '../facts/index.ts';
import { addEntry, emptySummary, finished, mergeSummaries } from './log-summary.ts';
import { createTimeReader, loggerAtEnd, ownerIn, readForeign, readHead } from './log-lines.ts';
import type { HourAt, LogHead } from './log-lines.ts';
import { createOwnership } from './log-owner.ts';

/** Takes a worker's log line by line and keeps what is asked of it. `connector` null: every connector of the log counts. */
export type LogReader = {
  /** gives the head back where the line begins an entry; `isUnmarked`: none of the marks stands in it */
  line(text: string, isUnmarked?: boolean): LogHead | undefined;
  end(): LogSeen;
  /** For who passes over lines that do not matter (checks/probes/log-bytes.ts): so many of them, the entry before is over, the last one's time. */
  pass(count: number): void;
  closeEntry(): void;
  stamp(head: string): void;
  /** The same line once more, at another time. */
  again(head: LogHead, at: number): void;
  /** first millisecond of the hour that `[2026-11-23 16` names */
  hourOf(hour: string): number;
  /** … and was wrong: what stands below this one matters. */
  reopen(head: string): void;
  /** a line with this context, blank and all, is another connector's */
  isOthers(context: string): boolean;
  /** a line has had a time; an entry is open; its logger has not come yet */
  hasBegun(): boolean;
  isOpen(): boolean;
  wantsLogger(): boolean;
};

/** Lines of a trace that say why: the exception and what caused it. */
const EXCEPTION = /^[\w$]{1,60}(?:\.[\w$]{1,120}){1,12}(?::|$)/;
const isException = (text: string): boolean => EXCEPTION.test(text) && /(?:Exception|Error|Throwable|Failure)\b/.test(text.slice(0, 300));
const KEPT_CAUSES = 20;
const LINE_LENGTH = 8_000;

export function createLogReader(connector: string | null, place: string, hourAt?: HourAt): LogReader {
  const timeOf = createTimeReader(hourAt);
  const headOf = (text: string): LogHead | undefined => readHead(text, timeOf) ?? readForeign(text, lastAt, hourAt);
  const ownerOf = createOwnership(connector);
  let lines = 0;
  let fromAt: number | null = null;
  let lastAt: number | null = null;
  let startedAt: number | null = null;
  let neighbour = false;
  let sure = emptySummary();
  let unsaid = emptySummary();
  let open: { head: LogHead; at: number; trace: string[]; isMarked: boolean } | undefined;

  function close(): void {
    if (open === undefined) return;
    const { head, at, trace, isMarked } = open;
    open = undefined;
    const owner = ownerOf(head);
    if (owner === 'other') {
      neighbour ||= head.event !== undefined;
      return;
    }
    if (owner === 'ours' && head.event?.turn === 'starting') {
      startedAt = at;
      sure = emptySummary();
      unsaid = emptySummary();
    }
    addEntry(owner === 'unsaid' ? unsaid : sure, head, at, trace, isMarked);
  }

  function begin(head: LogHead, at: number): void {
    close();
    fromAt ??= at;
    lastAt = at;
    open = { head, at, trace: [], isMarked: head.isUnmarked !== true };
  }

  return {
    line(whole, isUnmarked = false) {
      const text =
        whole.length > LINE_LENGTH ? whole.slice(0, LINE_LENGTH) : whole.charCodeAt(whole.length - 1) === 0x0d ? whole.slice(0, -1) : whole;
      lines += 1;
      const head = headOf(text);
      if (head !== undefined) {
        if (isUnmarked) head.isUnmarked = true;
        begin(head, head.at);
      } else if (open !== undefined) {
        open.isMarked ||= !isUnmarked;
        continueEntry(open, text);
      }
      return head;
    },
    again(head, at) {
      lines += 1;
      begin(head, at);
    },
    hourOf: (hour) => timeOf(`${hour}:00:00,000] `)?.at ?? 0,
    end() {
      close();
      return { place, lines, fromAt, lastAt, startedAt, ...finished(neighbour ? sure : mergeSummaries(sure, unsaid)) };
    },
    pass(count) {
      lines += count;
    },
    closeEntry: close,
    stamp(text) {
      lastAt = headOf(text)?.at ?? lastAt;
    },
    reopen(text) {
      const head = headOf(text);
      if (head !== undefined) open = { head, at: head.at, trace: [], isMarked: false };
    },
    isOthers(context) {
      const owner = connector === null ? undefined : ownerIn(context);
      return owner !== undefined && owner.length === context.length && owner.name !== connector;
    },
    hasBegun: () => fromAt !== null,
    isOpen: () => open !== undefined,
    wantsLogger: () => open !== undefined && open.head.logger === undefined && open.trace.length === 0,
  };
}

/** A line below its head: part of the message, the exception, a cause, or a frame. */
function continueEntry(open: { head: LogHead; trace: string[] }, text: string): void {
  const isCause = text.startsWith('Caused by: ');
  if (open.head.logger === undefined && open.trace.length === 0 && !isCause) {
    const logger = loggerAtEnd(text);
    if (logger !== undefined) open.head.logger = logger.name;
  }
  if (!isCause && !(open.trace.length === 0 && isException(text))) return;
  if (open.trace.length < KEPT_CAUSES) open.trace.push(text);
  else open.trace[KEPT_CAUSES - 1] = text;
}

/** A whole log in one go. */
export function readLog(lines: Iterable<string>, connector: string | null, place: string, hourAt?: HourAt): LogSeen {
  const reader = createLogReader(connector, place, hourAt);
  for (const line of lines) reader.line(line);
  return reader.end();
}

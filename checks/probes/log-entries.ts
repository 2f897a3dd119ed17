import { createTimeReader, isForeign, loggerAtEnd, readHead } from './log-lines.ts';
import type { HourAt } from './log-lines.ts';
import { createOwnership } from './log-owner.ts';

/** One entry of a worker's log: the line that begins it, and what stands below it. */
export type LogEntryText = {
  /** null: a line that no logger wrote; milliseconds since the epoch, by the clock that wrote it read as ours */
  at: number | null;
  level: string | null;
  /** the connector that it is about, where the log says so */
  connector: string | null;
  logger: string | null;
  message: string;
  /** characters of its time at the beginning of the first line */
  stampLength: number;
  /** as they are, the first one first */
  lines: string[];
  /** lines that were too many to keep */
  left: number;
  /** the task that was asked for starts here */
  starts: boolean;
};

export type EntryReader = {
  line(text: string): void;
  /** what is open has come to its end, as far as anybody knows */
  flush(): void;
};

/** A trace has some hundred lines; what is longer is no trace. */
const MOST_LINES = 1000;

/** Lines of a log as entries, traces joined with the line that they belong to. `connector` null: any connector's start counts as one. */
export function createEntryReader(connector: string | null, onEntry: (entry: LogEntryText) => void, hourAt?: HourAt): EntryReader {
  const timeOf = createTimeReader(hourAt);
  const ownerOf = createOwnership(connector);
  let open: LogEntryText | undefined;

  const flush = (): void => {
    if (open === undefined) return;
    // A message of several lines has its logger at the end of the last one.
    open.logger ??= open.lines.length === 1 ? null : (loggerAtEnd(open.lines.at(-1) ?? '')?.name ?? null);
    onEntry(open);
    open = undefined;
  };
  const begin = (text: string, about: Partial<LogEntryText>): void => {
    flush();
    const bare = { at: null, level: null, connector: null, logger: null, message: text, stampLength: 0, left: 0, starts: false };
    open = { ...bare, lines: [text], ...about };
  };

  return {
    flush,
    line(whole) {
      const text = whole.endsWith('\r') ? whole.slice(0, -1) : whole;
      const head = readHead(text, timeOf);
      if (head !== undefined) {
        const starts = ownerOf(head) === 'ours' && head.message.startsWith('event=task_starting ');
        begin(text, {
          at: head.at,
          level: head.level,
          connector: head.owner ?? null,
          logger: head.logger ?? null,
          message: head.message,
          stampLength: timeOf(text)?.length ?? 0,
          starts,
        });
      } else if (open === undefined || isForeign(text)) begin(text, {});
      else if (open.lines.length < MOST_LINES) open.lines.push(text);
      else open.left += 1;
    },
  };
}

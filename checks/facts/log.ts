/** What the worker's log says since the task's last start, summed up: bounded, however long the log. */
export type LogEventSeen = { count: number; firstAt: number | null; lastAt: number | null; fields: Record<string, string> };

/** ERROR and WARN lines, joined with their traces and grouped by logger and message shape. */
export type LogTrouble = {
  level: 'ERROR' | 'WARN';
  logger: string;
  message: string;
  /** deepest `Caused by` of the trace, one line */
  cause?: string;
  count: number;
  lastAt: number | null;
};

export type LogSeen = {
  /** what was read, as a person would say it */
  place: string;
  /** paths, oldest first, where it was more than one file */
  files?: string[];
  /** the command that printed it */
  command?: string;
  /** standard input did not end in time: what came by then */
  unended?: true;
  /** the log was written in another time zone: this was added to its times to have them in ours */
  zoneOffsetMinutes?: number;
  lines: number;
  /** of a file too long to read whole: only its end was read */
  cut?: { readBytes: number; totalBytes: number };
  /** when the log begins, and its last line */
  fromAt: number | null;
  lastAt: number | null;
  /** the task's last start, where the log has it; lines before it are history */
  startedAt: number | null;
  /** events of the connector by name; fields are those of the last */
  events: Record<string, LogEventSeen>;
  troubles: LogTrouble[];
  /** notable lines of Connect itself, by key of checks/probes/log-marks.ts: coordinator-unreachable, rebalance-delay, ...; text is the last one's */
  marks: Record<string, { count: number; lastAt: number | null; text: string }>;
};

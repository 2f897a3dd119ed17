import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { shellWord } from '../checks/derive/commands.ts';
import { createEntryReader, type LogEntryText } from '../checks/probes/log-entries.ts';
import { MOST_BYTES, readLogFile } from '../checks/probes/log-file.ts';
import { followFile } from '../checks/probes/log-follow.ts';
import { eachLine, openPart } from '../checks/probes/log-part.ts';
import { usualPlace } from '../checks/probes/log-probe.ts';
import { plain } from '../checks/probes/log-stream.ts';
import { createLineSplitter } from '../checks/probes/line-splitter.ts';
import { zoneOffsetOf } from '../checks/probes/log-zone.ts';
import { runTool } from '../checks/probes/outside-tool.ts';
import { STDIN, type Target } from '../checks/target.ts';
import { couldNotLook } from './bad-input.ts';

/** A place that a log is read from, once or for as long as it is followed. Entries come one by one; `offsetMs`: what their times are to be moved by to be in ours. */
export type LogSource = {
  place: string;
  /** it can be read to its end before it is followed */
  hasPast: boolean;
  /** To its end. Throws one sentence where it cannot be read. */
  read(onEntry: (entry: LogEntryText) => void, limits: Limits): Promise<LogRead>;
  /** What comes from there on, until the signal or its end. */
  follow(onEntry: (entry: LogEntryText, offsetMs: number) => void, signal: AbortSignal): Promise<void>;
};
export type Limits = { signal: AbortSignal; deadlineMs: number; now: number };
export type LogRead = { offsetMs: number; files?: string[]; cut?: { readBytes: number; totalBytes: number }; unended?: true };

const MINUTE = 60_000;
/** As long as a timer can be: 24 days. */
const FOR_EVER_MS = 2 ** 31 - 1;

export function logSource(
  { logFile, logCommand }: Target,
  connector: string | null,
  world: { env: Env; stdin: () => Readable },
): LogSource {
  if (logCommand !== undefined) return commandSource(logCommand, connector);
  if (logFile === STDIN) return streamSource(world.stdin, connector);
  const path = logFile ?? usualPlace(world.env);
  if (path === undefined) throw couldNotLook('no log is given and KAFKA_HOME is not set', "give --log-file PATH or --log-command 'CMD'");
  return fileSource(path, connector);
}
type Env = Readonly<Record<string, string | undefined>>;

function fileSource(path: string, connector: string | null): LogSource {
  const at = { ino: 0, position: 0 };
  let offsetMs: number | undefined;
  return {
    place: path,
    hasPast: true,
    async read(onEntry, { signal, now }) {
      // The same reading as doctor's: it knows the task's start, older parts and the time zone.
      const seen = await readLogFile(path, connector, { signal, now });
      if ('failure' in seen) throw couldNotLook(seen.detail, "give --log-file PATH or --log-command 'CMD'");
      if ('unasked' in seen) throw couldNotLook(seen.reason);
      const { files = [path], zoneOffsetMinutes = 0, cut, lines } = seen.value;
      offsetMs = lines === 0 ? undefined : zoneOffsetMinutes * MINUTE;
      const reader = createEntryReader(connector, onEntry);
      for (const file of files) {
        const part = await openPart(file, MOST_BYTES);
        if ('notAFile' in part) continue;
        try {
          await eachLine(part, reader.line, signal);
          [at.ino, at.position] = [(await part.file.stat()).ino, part.size];
        } finally {
          await part.file.close();
        }
      }
      reader.flush();
      return { offsetMs: offsetMs ?? 0, ...(files.length > 1 && { files }), ...(cut && { cut }) };
    },
    async follow(onEntry, signal) {
      // A line that comes now was stamped now, whatever its zone.
      const arrives = (entry: LogEntryText): void => {
        offsetMs ??= entry.at === null ? undefined : zoneOffsetOf(entry.at, Date.now(), Date.now());
        onEntry(entry, offsetMs ?? 0);
      };
      const reader = createEntryReader(connector, arrives);
      const lines = createLineSplitter(reader.line);
      if ((await stat(path)).isFile()) await followFile(path, at, signal, lines.add, reader.flush);
      reader.flush();
    },
  };
}

function streamSource(stdin: () => Readable, connector: string | null): LogSource {
  const each = async (onEntry: (entry: LogEntryText) => void, signal: AbortSignal): Promise<void> => {
    const stream = stdin();
    const end = (): unknown => stream.destroy();
    signal.addEventListener('abort', end, { once: true });
    const { reader, lines, stop } = arriving(connector, onEntry);
    try {
      for await (const piece of plain(stream)) lines.add(Buffer.from(piece));
      lines.end();
    } catch (error) {
      if (!signal.aborted) throw couldNotLook(`standard input cannot be read: ${(error as Error).message}`);
    } finally {
      stop();
      reader.flush();
    }
  };
  return {
    place: 'standard input',
    hasPast: false,
    async read(onEntry, { signal, now }) {
      let lastAt: number | null = null;
      await each((entry) => {
        lastAt = entry.at ?? lastAt;
        onEntry(entry);
      }, signal);
      return { offsetMs: zoneOffsetOf(lastAt, now), ...(signal.aborted && { unended: true }) };
    },
    follow: (onEntry, signal) => each((entry) => onEntry(entry, zoneOffsetOf(entry.at, Date.now())), signal),
  };
}

function commandSource(command: readonly string[], connector: string | null): LogSource {
  const place = command.map(shellWord).join(' ');
  const each = async (onEntry: (entry: LogEntryText) => void, signal: AbortSignal, deadlineMs: number): Promise<void> => {
    const { reader, stop } = arriving(connector, onEntry);
    const end = await runTool({ command, deadlineMs, signal, onLine: (line, from) => (from === 'stdout' ? reader.line(line) : undefined) });
    stop();
    reader.flush();
    if (signal.aborted && deadlineMs === FOR_EVER_MS) return;
    if ('failure' in end) throw couldNotLook(end.detail);
    if ('unasked' in end) throw couldNotLook(end.reason);
  };
  return {
    place,
    hasPast: false,
    async read(onEntry, { signal, deadlineMs, now }) {
      let lastAt: number | null = null;
      const keep = (entry: LogEntryText): void => {
        lastAt = entry.at ?? lastAt;
        onEntry(entry);
      };
      await each(keep, signal, deadlineMs);
      return { offsetMs: zoneOffsetOf(lastAt, now) };
    },
    follow: (onEntry, signal) => each((entry) => onEntry(entry, zoneOffsetOf(entry.at, Date.now())), signal, FOR_EVER_MS),
  };
}

/** An entry is over when nothing more has come for so long: the last one is not held back until the next. */
const QUIET_MS = 250;

function arriving(connector: string | null, onEntry: (entry: LogEntryText) => void) {
  let last = performance.now();
  const reader = createEntryReader(connector, onEntry);
  const line = (text: string): void => {
    last = performance.now();
    reader.line(text);
  };
  const lines = createLineSplitter(line);
  const timer = setInterval(() => {
    if (performance.now() - last > QUIET_MS) reader.flush();
  }, QUIET_MS);
  return { reader: { ...reader, line }, lines, stop: () => clearInterval(timer) };
}

import type { Readable } from 'node:stream';
import type { LogSeen } from '../facts/index.ts';
import { duration } from './excerpt.ts';
import { createLogReader } from './log.ts';
import { createLogBytes } from './log-bytes.ts';
import { gunzipped, isGzip, isGzipError } from './log-gzip.ts';
import type { HourAt } from './log-lines.ts';
import { inOurZone, zoneOffsetOf } from './log-zone.ts';
import { runTool } from './outside-tool.ts';
import type { Outcome } from './probe.ts';

/** Logs that come to us and have no file: from standard input, and from a command. */
export type LogStreamOptions = { connector: string | null; signal: AbortSignal; deadlineMs: number; now: number; hourAt?: HourAt };

/** Reads to the end, or takes what came until the look is called off. Standard input is closed then, or it would keep us from ending. */
export async function readLogStream(stream: Readable, options: LogStreamOptions): Promise<Outcome<LogSeen>> {
  const { connector, signal, deadlineMs, now, hourAt } = options;
  const reader = createLogReader(connector, 'standard input', hourAt);
  const log = createLogBytes(reader);
  const end = (): unknown => stream.destroy();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    for await (const piece of plain(stream)) log.add(piece);
  } catch (error) {
    if (isGzipError(error as NodeJS.ErrnoException))
      return { failure: 'malformed', detail: `standard input is no whole gzip: ${(error as Error).message}` };
    if (!signal.aborted) return { failure: 'absent', detail: `standard input cannot be read: ${(error as Error).message}` };
  } finally {
    signal.removeEventListener('abort', end);
  }
  log.end();
  const seen = reader.end();
  if (!signal.aborted) return { value: inOurZone(seen, zoneOffsetOf(seen.lastAt, now)) };
  if (seen.lines === 0) return { failure: 'timeout', detail: `nothing came on standard input in ${duration(deadlineMs)}`, stage: 'body' };
  return { value: { ...inOurZone(seen, zoneOffsetOf(seen.lastAt, now)), unended: true } };
}

/** The first piece tells whether it is compressed. */
export async function* plain(stream: Readable): AsyncGenerator<Buffer> {
  const pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first = await pieces.next();
  if (first.done === true) return;
  const all = (async function* () {
    yield Buffer.from(first.value);
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
  })();
  yield* isGzip(first.value) ? gunzipped(all) : all;
}

/** What a command prints, line by line. One that does not end in time tells nothing: its last lines, the ones that matter, have not come. */
export async function readLogCommand(
  command: readonly string[],
  shown: string,
  { connector, signal, deadlineMs, now, hourAt }: LogStreamOptions,
): Promise<Outcome<LogSeen>> {
  const reader = createLogReader(connector, shown, hourAt);
  const end = await runTool({ command, deadlineMs, signal, onLine: (line) => void reader.line(line) });
  if (!('exit' in end)) return end;
  const seen = reader.end();
  return { value: { ...inOurZone(seen, zoneOffsetOf(seen.lastAt, now)), command: shown } };
}

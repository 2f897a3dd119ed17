import type { LogSeen } from '../facts/index.ts';
import { createLogReader } from './log.ts';
import { isGzipError } from './log-gzip.ts';
import type { HourAt } from './log-lines.ts';
import { openPart, readPart, type LogPart } from './log-part.ts';
import { rotatedBefore } from './log-rotated.ts';
import { inOurZone, zoneOffsetOf } from './log-zone.ts';
import type { FailedOutcome, Outcome } from './probe.ts';

/** Only the end of a long log is read: enough for hours of a busy worker, little enough for a look of a second. */
export const MOST_BYTES = 64 * 1024 * 1024;

export type LogFileOptions = {
  signal: AbortSignal;
  /** epoch milliseconds of the look: no line of the log is younger */
  now: number;
  mostBytes?: number;
  hourAt?: HourAt;
};

/**
 * Reads a worker's log from a file in bounded memory, with the older parts that it was rotated into where the task's last start is not in it.
 * Parts are gone through twice: first from the newest to the oldest for the start, then all in their order.
 */
export async function readLogFile(path: string, connector: string | null, options: LogFileOptions): Promise<Outcome<LogSeen>> {
  const { signal, mostBytes = MOST_BYTES, hourAt, now } = options;
  const open: LogPart[] = [];
  /** One after the other by one reader. */
  const read = async (parts: readonly LogPart[]): Promise<{ log: LogSeen; bytes: number }> => {
    const reader = createLogReader(connector, placeOf(parts), hourAt);
    let bytes = 0;
    for (const part of parts) bytes += (await readPart(part, reader, signal)).bytes;
    return { bytes, log: { ...reader.end(), ...(parts.length > 1 && { files: parts.map((part) => part.path) }) } };
  };
  try {
    const part = await openPart(path, mostBytes);
    if ('notAFile' in part) return { failure: 'absent', detail: `${path} is ${part.notAFile}, not a log file` };
    open.push(part);
    const { log, bytes } = await read([part]);
    if (signal.aborted) return tooLate(part, bytes);
    const cut = part.from === 0 ? {} : { cut: { readBytes: bytes, totalBytes: part.size } };
    const older = log.startedAt === null ? await partsBefore(part, mostBytes - bytes) : [];
    const whole = older.length === 0 ? log : (await read([...older.reverse(), part])).log;
    const { mtimeMs } = await part.file.stat();
    // A second reading that was called off is worth less than the first.
    const seen = signal.aborted ? log : whole;
    return { value: { ...inOurZone(seen, zoneOffsetOf(seen.lastAt, now, mtimeMs)), ...cut } };
  } catch (error) {
    return fileFailure(path, error as NodeJS.ErrnoException);
  } finally {
    await Promise.all(open.map(({ file }) => file.close()));
  }

  /** Newest first, up to the one with the start. One that cannot be read ends it: a log with a hole would say too much. */
  async function partsBefore(last: LogPart, mostOfThem: number): Promise<LogPart[]> {
    const parts: LogPart[] = [];
    let left = last.gzip ? 0 : mostOfThem;
    for (const older of left > 0 ? await rotatedBefore(path, last.changedAt) : []) {
      if (left <= 0 || signal.aborted) break;
      const part = await openPart(older, left).catch(() => undefined);
      if (part === undefined || 'notAFile' in part) break;
      open.push(part);
      const found = await read([part]).catch(() => undefined);
      if (found === undefined || found.bytes > left || signal.aborted) break;
      parts.push(part);
      left -= found.bytes;
      if (found.log.startedAt !== null) break;
    }
    return parts;
  }
}

/** The file that was named, and the older ones that were read before it. */
function placeOf(parts: readonly LogPart[]): string {
  const path = parts.at(-1)?.path ?? '';
  const older = parts.slice(0, -1).map((part) => part.path.slice(part.path.lastIndexOf('/') + 1));
  return older.length === 0 ? path : `${path} (after ${older.join(', ')})`;
}

const mebibytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);

const tooLate = ({ path, size, from, gzip }: LogPart, bytes: number): FailedOutcome => ({
  failure: 'timeout',
  detail: `${path} was not read to its end in time: ${mebibytes(bytes)} MiB${gzip ? ', decompressed' : ` of ${mebibytes(size - from)} MiB`}`,
  stage: 'body',
});

function fileFailure(path: string, error: NodeJS.ErrnoException): FailedOutcome {
  const { code, message } = error;
  if (isGzipError(error)) return { failure: 'malformed', detail: `${path} is no whole gzip file: ${message}` };
  if (code === 'ENOENT' || code === 'ENOTDIR') return { failure: 'absent', detail: `there is no file ${path}` };
  if (code === 'EACCES' || code === 'EPERM') return { failure: 'denied', detail: `${path} may not be read by this user` };
  return { failure: 'absent', detail: `${path} cannot be read: ${message}` };
}

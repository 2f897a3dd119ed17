import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { createLogBytes } from './log-bytes.ts';
import { gunzipped, isGzip } from './log-gzip.ts';
import { createLineSplitter } from './line-splitter.ts';
import type { LogReader } from './log.ts';

/** One file of a log, open, and what of it is to be read: from a byte on, up to where it ended when it was opened. */
export type LogPart = { path: string; file: FileHandle; size: number; from: number; gzip: boolean; changedAt: number };

const CHUNK_BYTES = 1024 * 1024;

/** Opens the last `mostBytes` of a file. Of a compressed one there is no end without the beginning: all is read. */
export async function openPart(path: string, mostBytes: number): Promise<LogPart | { notAFile: 'a directory' | 'no plain file' }> {
  const file = await open(path, 'r');
  try {
    const stat = await file.stat();
    if (!stat.isFile()) {
      await file.close();
      return { notAFile: stat.isDirectory() ? 'a directory' : 'no plain file' };
    }
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    const gzip = path.endsWith('.gz') || isGzip(buffer);
    return { path, file, size: stat.size, from: gzip ? 0 : Math.max(stat.size - mostBytes, 0), gzip, changedAt: stat.mtimeMs };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Hands a part to the reader; says how many bytes of log it had. Ends early when the look is called off. */
export async function readPart(part: LogPart, reader: LogReader, signal: AbortSignal): Promise<{ bytes: number; decoded: number }> {
  const log = createLogBytes(reader, { isCut: part.from > 0 });
  let bytes = 0;
  for await (const piece of part.gzip ? gunzipped(piecesOf(part)) : piecesOf(part, log.rooms)) {
    if (signal.aborted) break;
    log.add(piece);
    bytes += piece.length;
  }
  return { bytes, ...log.end() };
}

/** The same, line by line: all of them, from the first whole one on. */
export async function eachLine(part: LogPart, onLine: (line: string) => void, signal: AbortSignal): Promise<void> {
  let isCut = part.from > 0;
  const lines = createLineSplitter((line) => (isCut ? (isCut = false) : onLine(line)));
  for await (const piece of part.gzip ? gunzipped(piecesOf(part)) : piecesOf(part)) {
    if (signal.aborted) return;
    lines.add(piece);
  }
  lines.end();
}

/** The next piece is fetched while this one is gone through: into rooms that take turns; without them each piece is kept. */
async function* piecesOf({ file, from, size }: LogPart, rooms?: readonly [Buffer, Buffer]): AsyncGenerator<Buffer> {
  const fetch = (at: number, turn: number) => {
    const room = rooms?.[turn % 2] ?? Buffer.allocUnsafe(CHUNK_BYTES);
    return file.read(room, 0, Math.min(room.length, size - at), at);
  };
  let next: ReturnType<typeof fetch> | undefined;
  try {
    next = from < size ? fetch(from, 0) : undefined;
    for (let [at, turn] = [from, 1]; next !== undefined; turn += 1) {
      const { buffer, bytesRead } = await next;
      at += bytesRead;
      // A log that was cut short meanwhile ends here.
      next = bytesRead > 0 && at < size ? fetch(at, turn) : undefined;
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await next?.catch(() => undefined);
  }
}

import { createHash } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { LogSource } from '../../checks/actions/plan.ts';
import { runTool } from '../../checks/probes/outside-tool.ts';
import { errnoWords } from '../errno-words.ts';

/** Where a log ended: plain data, for the record. Of a command the last lines, as digests: what was in them is nobody's business. */
export type LogMark = { inode: number; bytes: number } | { lines: readonly string[] };

/** What was written to a log since a mark. `leftOut`: bytes beyond what is kept; `note`: what is missing besides. */
export type LogPiece = { text: string; leftOut: number; note: string | null };
export type LogTrouble = { trouble: string };

/** A minute of DEBUG at the rate that one busy signal drains has half of it. Source: connector-facts, "Seen on a real stand". */
const MOST_BYTES = 8 * 1024 * 1024;
const COMMAND_MS = 15_000;
/** So many lines in a row are not printed a second time. */
const MARK_LINES = 3;

const digest = (line: string): string => createHash('sha256').update(line).digest('hex').slice(0, 16);

export async function markLog(source: LogSource, signal: AbortSignal): Promise<LogMark | LogTrouble> {
  if ('command' in source) {
    const lines = await linesOf(source.command, signal);
    return 'trouble' in lines ? lines : { lines: lines.all.slice(-MARK_LINES).map(digest) };
  }
  try {
    const { ino, size } = await stat(source.file);
    // Opened, too: what cannot be read is to be known before anything is changed.
    await (await open(source.file, 'r')).close();
    return { inode: ino, bytes: size };
  } catch (error) {
    return { trouble: `${source.file} cannot be read: ${errnoWords(error)}` };
  }
}

export async function logSince(source: LogSource, mark: LogMark, signal: AbortSignal): Promise<LogPiece | LogTrouble> {
  try {
    if ('file' in source) return 'inode' in mark ? await fileSince(source.file, mark) : { trouble: 'its record is of another kind' };
    const lines = await linesOf(source.command, signal);
    if ('trouble' in lines) return lines;
    return 'lines' in mark ? commandSince(lines, mark.lines) : { trouble: 'its record is of another kind' };
  } catch (error) {
    return { trouble: errnoWords(error) };
  }
}

/** A log that was renamed meanwhile has its end under another name beside it. */
async function fileSince(file: string, { inode, bytes }: { inode: number; bytes: number }): Promise<LogPiece> {
  const now = await stat(file);
  if (now.ino === inode && now.size >= bytes) return partOf([{ file, from: bytes, size: now.size }], null);
  const own = { file, from: 0, size: now.size };
  // The same file and shorter: it was cut, and what stood in it is gone.
  if (now.ino === inode) return partOf([own], 'the log was cut short meanwhile: what came before that is not here');
  for (const name of await readdir(dirname(file))) {
    if (!name.startsWith(basename(file)) || name === basename(file)) continue;
    const older = await stat(join(dirname(file), name));
    if (older.ino === inode) return partOf([{ file: join(dirname(file), name), from: bytes, size: older.size }, own], null);
  }
  return partOf([own], 'the log was rotated meanwhile: what came before that is not here');
}

async function partOf(parts: readonly { file: string; from: number; size: number }[], note: string | null): Promise<LogPiece> {
  let [text, left, leftOut] = ['', MOST_BYTES, 0];
  for (const { file, from, size } of parts) {
    const length = Math.min(Math.max(size - from, 0), left);
    const opened = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await opened.read(Buffer.alloc(length), 0, length, from);
      text += buffer.toString('utf8', 0, bytesRead);
      left -= bytesRead;
      leftOut += Math.max(size - from, 0) - bytesRead;
    } finally {
      await opened.close();
    }
  }
  return { text, leftOut, note };
}

type Lines = { all: string[]; leftOut: number };

/** The last lines that a command prints, within bounds. */
async function linesOf(command: readonly string[], signal: AbortSignal): Promise<Lines | LogTrouble> {
  const all: string[] = [];
  let [size, leftOut] = [0, 0];
  const onLine = (line: string, from: string): void => {
    if (from !== 'stdout') return;
    all.push(line);
    size += line.length + 1;
    if (size <= 2 * MOST_BYTES) return;
    const gone = all.splice(0, Math.ceil(all.length / 2)).reduce((sum, one) => sum + one.length + 1, 0);
    [size, leftOut] = [size - gone, leftOut + gone];
  };
  const end = await runTool({ command, deadlineMs: COMMAND_MS, signal, onLine });
  if ('exit' in end) return { all, leftOut };
  return { trouble: 'reason' in end ? end.reason : end.detail };
}

function commandSince({ all }: Lines, mark: readonly string[]): LogPiece {
  const digests = all.map(digest);
  const at =
    mark.length === 0 ? 0 : digests.findLastIndex((_, end) => mark.every((one, nth) => digests[end - mark.length + 1 + nth] === one));
  const own = all.slice(at < 0 || mark.length === 0 ? 0 : at + 1);
  const whole = own.length === 0 ? '' : `${own.join('\n')}\n`;
  const text = whole.slice(0, MOST_BYTES);
  const note = at < 0 ? 'where the time began is not in what the command prints now: this is all that it prints' : null;
  return { text, leftOut: whole.length - text.length, note };
}

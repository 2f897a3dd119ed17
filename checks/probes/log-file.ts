import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import type { LogSeen } from '../facts/index.ts';
import { isSeen } from '../facts/index.ts';
import { createLogReader } from './log.ts';
import type { HourAt } from './log-lines.ts';
import type { Answer, FailedOutcome, Outcome, Probe } from './probe.ts';

/** Only the end of a long file is read: enough for hours of a busy worker, little enough for a look of a second. */
export const MOST_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

export type LogFileOptions = { signal: AbortSignal; mostBytes?: number; hourAt?: HourAt };

/** Reads a worker's log from a file in bounded memory. */
export async function readLogFile(
  path: string,
  connector: string | null,
  { signal, mostBytes = MOST_BYTES, hourAt }: LogFileOptions,
): Promise<Outcome<LogSeen>> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const stat = await file.stat();
    if (!stat.isFile())
      return { failure: 'absent', detail: `${path} is ${stat.isDirectory() ? 'a directory' : 'no plain file'}, not a log file` };
    const from = Math.max(stat.size - mostBytes, 0);
    const reader = createLogReader(connector, path, hourAt);
    const readBytes = await feed(file, from, reader.line, signal);
    if (signal.aborted)
      return {
        failure: 'timeout',
        detail: `${path} was not read to its end in time: ${mebibytes(readBytes)} of ${mebibytes(stat.size - from)} MiB`,
        stage: 'body',
      };
    const cut = from === 0 ? {} : { cut: { readBytes, totalBytes: stat.size } };
    return { value: { ...reader.end(), ...cut } };
  } catch (error) {
    return fileFailure(path, error as NodeJS.ErrnoException);
  } finally {
    await file?.close();
  }
}

/** Line by line from a byte on; a first line that is cut off is left out. Gives the event loop back after every chunk. */
async function feed(file: FileHandle, from: number, line: (text: string) => void, signal: AbortSignal): Promise<number> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const decoder = new StringDecoder('utf8');
  let at = from;
  let rest = '';
  let isFirst = from > 0;
  while (!signal.aborted) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, at);
    if (bytesRead === 0) break;
    at += bytesRead;
    const lines = (rest + decoder.write(chunk.subarray(0, bytesRead))).split('\n');
    rest = lines.pop() ?? '';
    // A file without line ends is no log: what is kept of it stays bounded.
    if (rest.length > CHUNK_BYTES) rest = rest.slice(0, CHUNK_BYTES);
    for (const text of lines) {
      if (!isFirst) line(text);
      isFirst = false;
    }
  }
  if (rest !== '' && !isFirst) line(rest);
  return at - from;
}

const mebibytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);

function fileFailure(path: string, { code, message }: NodeJS.ErrnoException): FailedOutcome {
  if (code === 'ENOENT' || code === 'ENOTDIR') return { failure: 'absent', detail: `there is no file ${path}` };
  if (code === 'EACCES' || code === 'EPERM') return { failure: 'denied', detail: `${path} may not be read by this user` };
  return { failure: 'absent', detail: `${path} cannot be read: ${message}` };
}

/** The worker's log: a file that was given, or the usual one where Kafka lies on this machine. */
export const logProbe: Probe = {
  gives: ['log'],
  needs: ['target'],
  rounds: 3,
  async look({ target, fact, signal, settings }) {
    const path = target.logFile ?? usualPlace(settings.env);
    const give = { give: '--log-file PATH' };
    if (path === undefined)
      return { log: { source: "the worker's log", unasked: 'skipped', reason: 'no log file is given and KAFKA_HOME is not set', ...give } };
    const resolved = await fact('target');
    const outcome = await readLogFile(path, isSeen(resolved) ? resolved.value.connector : (target.connector ?? null), { signal });
    const answer: Answer<LogSeen> = { source: path, ...outcome };
    if (target.logFile === undefined && 'failure' in outcome && outcome.failure === 'absent') {
      return { log: { source: path, unasked: 'skipped', reason: `no file at $KAFKA_HOME/logs/connect.log`, ...give } };
    }
    return { log: answer };
  },
};

const usualPlace = ({ KAFKA_HOME }: Readonly<Record<string, string | undefined>>): string | undefined =>
  KAFKA_HOME === undefined || KAFKA_HOME === '' ? undefined : `${KAFKA_HOME}/logs/connect.log`;

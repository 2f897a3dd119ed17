import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { tally, type Finder } from './finder.ts';
import type { Mark } from '../../checks/probes/marked/mark.ts';

const POLL_MS = 20;
const CHUNK_BYTES = 1024 * 1024;

/** Reads the file of a bridge's file sink from where it ends now: `TOPIC.jsonl`, a record a line, its value in base64. */
export async function openFileFinder(folder: string, topic: string, mark: Mark): Promise<Finder> {
  const path = join(folder, `${topic}.jsonl`);
  const { found, note } = tally();
  const stop = new AbortController();
  let problem: string | undefined;
  let file = await openIfThere(path);
  let at = file === undefined ? 0 : (await file.stat()).size;
  let rest = '';
  const read = async (): Promise<void> => {
    const bytes = Buffer.allocUnsafe(CHUNK_BYTES);
    while (!stop.signal.aborted) {
      file ??= await openIfThere(path);
      const { bytesRead } = (await file?.read(bytes, 0, bytes.length, at)) ?? { bytesRead: 0 };
      if (bytesRead === 0) {
        await pause(POLL_MS, undefined, { signal: stop.signal }).catch(() => undefined);
        continue;
      }
      at += bytesRead;
      const lines = (rest + bytes.toString('latin1', 0, bytesRead)).split('\n');
      rest = lines.pop() ?? '';
      note(lines.flatMap((line) => mark.numbersIn(valueOf(line))));
    }
  };
  const reading = read().catch((error: unknown) => void (problem = (error as Error).message));
  return {
    where: `file ${path}`,
    found,
    seen: () => found.size,
    problem: () => problem,
    identifies: true,
    async close() {
      stop.abort();
      await reading;
      await file?.close();
    },
  };
}

/** It is made with its first record. */
async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const valueOf = (line: string): Buffer => Buffer.from(/"value":"([^"]*)"/.exec(line)?.[1] ?? '', 'base64');

/** Counts what a bridge says it has stored since now: by its metrics, where nobody else can look into its sink. */
export async function openCountFinder(produced: () => Promise<number>, where: string): Promise<Finder> {
  const before = await produced();
  const stop = new AbortController();
  let seen = 0;
  let problem: string | undefined;
  const watch = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      seen = (await produced()) - before;
      await pause(POLL_MS * 5, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  const watching = watch().catch((error: unknown) => void (problem = (error as Error).message));
  return {
    where,
    found: new Map(),
    seen: () => seen,
    problem: () => problem,
    identifies: false,
    async close() {
      stop.abort();
      await watching;
    },
  };
}

import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

/** What a rotated log has in its name beside the log's: a date, an hour, a number. */
const TURN = String.raw`[.-]\d[\dT._-]*`;
/** Before the ending only with a date: `connect-2.log` is another worker's. */
const DATED = String.raw`[.-]\d{4}-\d\d[\dT._-]*`;
/** A log looked back for further than this is not looked for. */
const MOST_FILES = 24;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * Older parts of a log, newest first. log4j names them after the whole file (`connect.log.2026-11-23-15`, `connect.log.1`), log4j2 also before the
 * ending (`connect-2026-11-23-1.log.gz`). What cannot be listed is not there.
 */
export async function rotatedBefore(path: string, changedAt: number): Promise<string[]> {
  const [folder, file] = [dirname(path), basename(path)];
  const ending = extname(file);
  const stem = file.slice(0, file.length - ending.length);
  const isPart = new RegExp(`^(?:${escaped(file)}${TURN}|${escaped(stem)}${DATED}${escaped(ending)})(?:\\.gz)?$`);
  const names = await readdir(folder).catch(() => []);
  const parts = await Promise.all(
    names
      .filter((name) => name !== file && isPart.test(name))
      .map(async (name) => {
        const found = await stat(join(folder, name)).catch(() => undefined);
        return found?.isFile() === true && found.mtimeMs <= changedAt ? [{ path: join(folder, name), at: found.mtimeMs }] : [];
      }),
  );
  return parts
    .flat()
    .sort((a, b) => b.at - a.at)
    .slice(0, MOST_FILES)
    .map((part) => part.path);
}

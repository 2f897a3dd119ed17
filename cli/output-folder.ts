import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { badInput } from './bad-input.ts';
import { errnoWords } from './errno-words.ts';
import { makeFolder } from './record-folder.ts';

/** Files of a plan in a folder: all of them or none, each whole, and never over others unless that is wanted. */

const stat = (path: string) => statSync(path, { throwIfNoEntry: false });

/** Asked before anything is looked at, too. Throws one sentence. */
export function assertFolder(directory: string): void {
  let there;
  try {
    there = stat(directory);
  } catch (error) {
    throw badInput(`--output ${directory} cannot be used: ${errnoWords(error)}`);
  }
  if (there !== undefined && !there.isDirectory()) throw badInput(`--output ${directory} is a file: name a folder`);
}

/** `files`: names and texts. */
export function writeFolder(directory: string, files: Readonly<Record<string, string>>, { force }: { force: boolean }): void {
  assertFolder(directory);
  const names = Object.keys(files);
  const place = resolve(directory);
  const isThere = stat(place) !== undefined;
  const known = names.filter((name) => stat(join(place, name)) !== undefined);
  if (known.length > 0 && !force)
    throw badInput(
      `--output ${directory} holds ${known.length === 1 ? known[0] : `${known[0]} and ${known.length - 1} more of these files`} already: name another folder, or give --force`,
    );
  // Beside the folder, so that a rename is all that is left to do.
  const half = join(dirname(place), `.${basename(place)}.${process.pid}`);
  try {
    makeFolder(dirname(place));
    mkdirSync(half, { mode: 0o700 });
    for (const name of names) writeFileSync(join(half, name), files[name]!, { mode: 0o600, flag: 'wx' });
    if (!isThere) renameSync(half, place);
    else for (const name of names) renameSync(join(half, name), join(place, name));
  } catch (error) {
    throw badInput(`--output ${directory} cannot be written: ${errnoWords(error)}`);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}

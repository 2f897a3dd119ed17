import { linkSync, renameSync, rmSync, statSync, writeFileSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { badInput } from './bad-input.ts';
import { errnoWords } from './errno-words.ts';

/** A file that is there whole or not at all; one that is there already stays as it is unless `force`. Throws one sentence. */
export function writeWholeFile(path: string, text: string, force: boolean): void {
  const half = join(dirname(path), `.${basename(path)}.${process.pid}`);
  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST')
        throw badInput(`--output ${path} is there already: name another file, or give --force to replace it`);
      throw badInput(`--output ${path} cannot be written: ${errnoWords(error)}`);
    }
  };
  const there = existing(path);
  if (there?.isDirectory()) throw badInput(`--output ${path} is a folder: name a file`);
  if (there !== undefined && !there.isFile()) throw badInput(`--output ${path} is no regular file: name another`);
  try {
    guarded(() => writeFileSync(half, text));
    // A link is made only where nothing is: nobody can come in between.
    guarded(() => (force ? renameSync(half, path) : linkSync(half, path)));
  } finally {
    if (existing(half) !== undefined) rmSync(half, { force: true });
  }
}

const existing = (path: string): Stats | undefined => {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // Writing says it.
    return undefined;
  }
};

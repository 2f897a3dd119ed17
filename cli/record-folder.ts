import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RECORD_FILE as FILE } from '../checks/record.ts';
import { badInput } from './bad-input.ts';
import { errnoWords } from './errno-words.ts';

/**
 * A folder with the facts of one run: `facts.json`, or `1/facts.json`, `2/facts.json` … when several connectors were looked at.
 * Whole or not at all, readable by its owner only, and never written over an earlier one.
 */

const exists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;
const numbered = (directory: string, index: number, of: number): string => (of === 1 ? directory : join(directory, String(index + 1)));

function guarded<T>(sentence: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw (error as { code?: string }).code === 'bad-input' ? error : badInput(`${sentence}: ${errnoWords(error)}`);
  }
}

/** Asked before a run, so that nobody waits for a record that cannot be kept. */
export function assertNoRecord(directory: string): void {
  guarded(`--record ${directory} cannot be used`, () => {
    if (exists(join(directory, FILE)) || exists(join(directory, '1', FILE))) {
      throw badInput(`--record ${directory} holds a record already: name another folder`);
    }
  });
}

/** As `mkdir -p`. Node's own recursion never ends where a parent is there and takes no folders, as /proc. */
export function makeFolder(directory: string): void {
  if (exists(directory)) return;
  const parent = dirname(directory);
  if (parent !== directory) makeFolder(parent);
  mkdirSync(directory, { mode: 0o700 });
}

function writeOne(directory: string, text: string): void {
  const half = join(directory, `.${FILE}.${process.pid}`);
  makeFolder(directory);
  try {
    writeFileSync(half, text, { mode: 0o600, flag: 'wx' });
    renameSync(half, join(directory, FILE));
  } finally {
    rmSync(half, { force: true });
  }
}

/** Written anew where it is there: what is kept last has all of it. */
export function writeKept(file: string, text: string): void {
  guarded(`${file} cannot be written`, () => {
    makeFolder(dirname(file));
    writeFileSync(file, text, { mode: 0o600 });
  });
}

/** `texts`: one finished JSON document a connector. */
export function writeRecords(directory: string, texts: readonly string[]): void {
  assertNoRecord(directory);
  guarded(`--record ${directory} cannot be written`, () =>
    texts.forEach((text, index) => writeOne(numbered(directory, index, texts.length), text)),
  );
}

/** The documents of a folder, as text, and the file of each. */
export function readRecords(directory: string): { file: string; text: string }[] {
  const read = (file: string) => ({ file, text: readFileSync(file, 'utf8') });
  return guarded(`--replay ${directory} cannot be read`, () => {
    if (exists(join(directory, FILE))) return [read(join(directory, FILE))];
    const folders = readdirSync(directory).filter((name) => /^\d+$/.test(name) && exists(join(directory, name, FILE)));
    if (folders.length === 0) throw badInput(`--replay ${directory} holds no record: there is no ${FILE} in it`);
    return folders.sort((a, b) => Number(a) - Number(b)).map((name) => read(join(directory, name, FILE)));
  });
}

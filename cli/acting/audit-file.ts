import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { badInput } from '../bad-input.ts';
import { errnoWords } from '../errno-words.ts';

/** JSON Lines that only grow, readable by their owner alone. */
export const auditFile = (folder: string): string => join(folder, 'audit.jsonl');

/** One line, on the disk when this returns. After a line that broke off a new one is begun. */
export function appendLine(file: string, line: string): void {
  let opened: number | undefined;
  try {
    opened = openSync(file, 'a+', 0o600);
    writeSync(opened, `${breaksOff(opened) ? '\n' : ''}${line}\n`);
    fsyncSync(opened);
  } catch (error) {
    throw badInput(`${file} cannot be written: ${errnoWords(error)}`, 'give another folder with --state-dir');
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}

function breaksOff(opened: number): boolean {
  const { size } = fstatSync(opened);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(opened, last, 0, 1, size - 1) === 1 && last.toString() !== '\n';
}

/** Every whole line; those that broke off are passed over. */
export function readLines(file: string): unknown[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw badInput(`${file} cannot be read: ${errnoWords(error)}`);
  }
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as unknown];
    } catch {
      return [];
    }
  });
}

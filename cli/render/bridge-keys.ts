import { indented, wrap } from './layout.ts';

/** A key as help shows it: what is taken, and what stands where nobody says otherwise. */
export type KeyRow = {
  name: string;
  type: string;
  default?: string;
  min?: number;
  max?: number;
  values?: readonly string[];
  meaning: string;
};

/** What the type of a key takes; a text takes anything, which nobody has to be told. */
const TAKES: Readonly<Record<string, string>> = { boolean: 'true or false', file: 'a file', int: 'a whole number', decimal: 'a number' };

function takes({ type, min, max, values }: KeyRow): string {
  const what = values?.map((value) => (value === '' ? 'nothing' : value)).join(', ') ?? TAKES[type];
  if (what === undefined) return '';
  return min === undefined || max === undefined ? ` (${what})` : ` (${what} from ${min} to ${max})`;
}

/** `KEY=DEFAULT`, as --set has it, and below it what it is; a heading above each group. */
export function keysText(groups: readonly { heading: string; keys: readonly KeyRow[] }[], columns: number): string {
  const blocks = groups.map(({ heading, keys }) => [
    ...wrap(heading, columns),
    ...keys.flatMap((key) => [
      `  ${key.name}${key.default === undefined ? '' : `=${key.default}`}`,
      ...indented(wrap(`${key.meaning}${takes(key)}`, columns - 6), 6),
    ]),
  ]);
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

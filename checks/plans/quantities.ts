/**
 * Numbers as people write them, read strictly: text in, value out or what is wrong with it.
 * A problem completes the sentence `--option "text" …` and says what to try instead.
 */
export type Quantity = { value: number } | { problem: string };

const PLAIN = /^\d+(\.\d{1,9})?$/;

/** What `1e3`, `0x10` or `5,000` most likely meant; nothing for what is no number, not above 0 or too large to count with. */
function meant(text: string): number | undefined {
  const value = Number(text.trim().replace(/(?<=\d)[,_ ](?=\d{3}\b)/g, ''));
  return text.trim() !== '' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

const problem = (text: string): { problem: string } => ({ problem: text });

function plain(text: string, what: string, example: number): Quantity {
  if (/^-\d/.test(text)) return problem(`is below zero: it must be more than 0 (try ${meant(text.slice(1)) ?? example})`);
  if (!PLAIN.test(text)) return problem(`is not ${what} in plain digits (try ${meant(text) ?? example})`);
  const value = Number(text);
  if (!Number.isSafeInteger(Math.ceil(value)))
    return problem(`is larger than any ${what.replace(/^an? /, '')} that can be counted with (try ${example})`);
  return { value };
}

/** Messages a second, more than 0. */
export function readRate(text: string): Quantity {
  const read = plain(text, 'a number of messages per second', 5000);
  return 'value' in read && read.value === 0 ? problem('plans for nothing: the peak is more than 0 messages per second (try 5000)') : read;
}

/** Bytes in a unit. Source of 1 KB = 1000 B: runbook "Estimating Memory", whose example counts so. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['b', 1],
  ['kb', 1000],
  ['mb', 1000 ** 2],
  ['gb', 1000 ** 3],
  ['kib', 1024],
  ['mib', 1024 ** 2],
  ['gib', 1024 ** 3],
]);
const UNIT_NAMES = 'B, KB, MB, GB, KiB, MiB or GiB';

/** A size such as `2KB`, `1.5 KiB` or `700` (bytes), whole bytes and more than 0. */
export function readSize(text: string): Quantity {
  const [, digits, unit] = /^([^a-z]*?) ?([a-z]*)$/i.exec(text) ?? [];
  if (digits === undefined || !PLAIN.test(digits)) return problem('is not a size: a plain number and a unit (try 2KB)');
  const factor = UNITS.get((unit || 'b').toLowerCase());
  if (factor === undefined) return problem(`has the unknown unit ${unit}: use ${UNIT_NAMES} (try ${digits}KB)`);
  const value = Number(digits) * factor;
  if (value === 0) return problem('is empty: a message has more than 0 bytes (try 2KB)');
  if (value > Number.MAX_SAFE_INTEGER) return problem('is larger than any size that can be counted with (try 2KB)');
  if (!Number.isInteger(value)) return problem('is not a whole number of bytes (try 2KB)');
  return { value };
}

/** A percentage of 0 or more, with or without its sign. A fraction below 1 needs the sign: it could be meant as a share. */
export function readPercent(text: string): Quantity {
  const digits = text.replace(/ ?%$/, '');
  if (/^-\d/.test(digits)) return problem('is below zero: the headroom is 0% or more (try 50%)');
  if (!PLAIN.test(digits)) return problem('is not a percentage (try 50%)');
  const value = Number(digits);
  if (value > Number.MAX_SAFE_INTEGER) return problem('is larger than any percentage that can be counted with (try 50%)');
  if (value > 0 && value < 1 && digits === text)
    return problem(`can mean ${value * 100} % or ${value} %: write ${value * 100}% or ${value}%`);
  return { value };
}

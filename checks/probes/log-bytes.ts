import { createByteSearch } from './byte-search.ts';
import type { LogReader } from './log.ts';
import { isForeign } from './log-lines.ts';
import type { LogHead } from './log-lines.ts';
import { MARKS } from './log-marks.ts';

/** Takes a log as bytes, in pieces of any size that may be used again afterwards. `decoded`: lines that were made text of and read. `isCut`: it begins within a line. */
export type LogBytes = { add(bytes: Buffer): void; end(): { decoded: number } };

const [NEWLINE, RETURN, TAB, SPACE, BRACKET, CLOSING, DASH, COLON] = [0x0a, 0x0d, 0x09, 0x20, 0x5b, 0x5d, 0x2d, 0x3a];
/** `[2026-11-23 16:07:31,628] `, of which the last is the blank before the level. */
const TIME_LENGTH = 26;
const SLOTS = 64;
const slotOf = (start: number, end: number): number => (end - start) % SLOTS;
/** What is kept of a line that has no end in sight. */
const LONGEST_LINE = 64 * 1024;

/**
 * The way from bytes to the reader for long logs. Of a million lines nearly all are of no interest: INFO and less, no event of the connector and none of the marks,
 * and frames of traces. These are told by a few of their bytes and only counted; the reader sees the rest, and in the end knows the same as if it had seen all.
 */
export function createLogBytes(reader: LogReader, { isCut = false } = {}): LogBytes {
  const marksIn = createByteSearch(MARKS.flatMap(({ any }) => any));
  /** lines met lately, without their times, by length */
  const met: ({ text: Buffer; head: LogHead } | undefined)[] = Array.from({ length: SLOTS });
  let rest: Buffer | undefined;
  let decoded = 0;
  /** the last line passed over that begins an entry, should a mark stand in the trace below it */
  let passed: string | undefined;
  /** … and whether a line of another kind came since */
  let isOver = false;
  let isSkipping = isCut;

  /** Lines that are all there. */
  function whole(bytes: Buffer): void {
    const { length } = bytes;
    const marks = marksIn(bytes);
    let mark = 0;
    let from = -1;
    let to = -1;
    let count = 0;
    for (let start = 0, next = 0; start < length; start = next) {
      const found = bytes.indexOf(NEWLINE, start);
      next = found < 0 || found >= length ? length : found + 1;
      const end = found < 0 || found >= length ? length : found;
      let isMarked = false;
      for (; mark < marks.length && marks[mark]! < next; mark += 1) isMarked = true;
      const seen = kindOf(bytes, start, end);
      const kind = seen === 'other' && isOthers(bytes, start, end) ? 'head' : seen;
      if (kind === 'head' && !isMarked && reader.hasBegun()) {
        count += 1;
        reader.closeEntry();
        from = start;
        to = end;
        isOver = false;
        continue;
      }
      if (kind === 'frame' ? !reader.wantsLogger() : kind === 'text' && !isMarked && !reader.isOpen()) {
        count += 1;
        if (bytes[start + 3] === SPACE && isForeign(bytes.toString('latin1', start, Math.min(end, start + 40)))) isOver = true;
        continue;
      }
      if (kind === 'other' || kind === 'head') {
        from = -1;
        passed = undefined;
      } else if (!reader.isOpen() && !isOver) {
        const head = from < 0 ? passed : bytes.toString('utf8', from, to);
        if (head !== undefined) reader.reopen(head);
      }
      const isUsual = kind === 'other' && bytes[start + TIME_LENGTH - 2] === CLOSING;
      if (isUsual && isRepeated(bytes, start, end)) continue;
      decoded += 1;
      const head = reader.line(bytes.toString('utf8', start, bytes[end - 1] === RETURN ? end - 1 : end));
      if (isUsual && head?.logger !== undefined)
        met[slotOf(start, end)] = { text: Buffer.from(bytes.subarray(start + TIME_LENGTH, end)), head };
    }
    reader.pass(count);
    if (from >= 0) {
      passed = bytes.toString('utf8', from, to);
      reader.stamp(passed);
    }
  }

  /** A warning or an error of another connector, whose context says so; its events are read, for they tell that there is a neighbour. */
  function isOthers(bytes: Buffer, start: number, end: number): boolean {
    const context = contextAt(bytes, bytes[start] === BRACKET ? start + TIME_LENGTH : start + TIME_LENGTH - 2, end);
    return (
      context.end > context.start && !isEvent(bytes, context.end) && reader.isOthers(bytes.toString('utf8', context.start, context.end))
    );
  }

  /** What floods a log differs in its time alone. */
  function isRepeated(bytes: Buffer, start: number, end: number): boolean {
    const before = met[slotOf(start, end)];
    const from = start + TIME_LENGTH;
    if (before === undefined || before.text.length !== end - from || before.text.compare(bytes, from, end) !== 0) return false;
    reader.again(before.head, bytes.toString('latin1', start, from));
    return true;
  }

  function add(bytes: Buffer): void {
    let from = 0;
    if (rest !== undefined || isSkipping) {
      const found = bytes.indexOf(NEWLINE);
      if (found < 0 && isSkipping) return;
      if (found < 0) return keep(Buffer.concat([rest!, bytes]));
      from = found + 1;
      if (!isSkipping) whole(Buffer.concat([rest!, bytes.subarray(0, from)]));
      [rest, isSkipping] = [undefined, false];
    }
    const last = bytes.lastIndexOf(NEWLINE) + 1;
    if (last > from) whole(bytes.subarray(from, last));
    const left = bytes.subarray(Math.max(last, from));
    if (left.length > 0) keep(Buffer.from(left));
  }

  /** A log without line ends is no log: what is kept of it stays bounded. */
  function keep(bytes: Buffer): void {
    rest = bytes;
    if (bytes.length < LONGEST_LINE) return;
    whole(bytes.subarray(0, LONGEST_LINE));
    [rest, isSkipping] = [undefined, true];
  }

  return {
    add,
    end() {
      if (rest !== undefined) whole(rest);
      rest = undefined;
      return { decoded };
    },
  };
}

/** head: begins an entry of INFO or less that is no event; frame: `\tat …`; text: goes on with an entry; other: to be read. */
function kindOf(bytes: Buffer, start: number, end: number): 'head' | 'frame' | 'text' | 'other' {
  const first = bytes[start]!;
  if (first === TAB) return 'frame';
  const begin = first === BRACKET ? start + 1 : start;
  if (bytes[begin + 4] !== DASH || bytes[begin + 13] !== COLON || bytes[begin + 16] !== COLON) return 'text';
  // `2026-11-23 16:07:31,628] INFO `: other forms of time are read as text.
  const level = first === BRACKET ? begin + 25 : begin + 24;
  if (level + 6 > end || bytes[level - 1] !== SPACE || !isQuiet(bytes, level)) return 'other';
  return isEvent(bytes, contextAt(bytes, level, end).end) ? 'other' : 'head';
}

/** From the level on: where Connect's context begins and ends, blank and all. Empty where there is none: then the message begins there. */
function contextAt(bytes: Buffer, level: number, end: number): { start: number; end: number } {
  let at = level + 4;
  while (at < end && bytes[at] !== SPACE) at += 1;
  while (at < end && bytes[at] === SPACE) at += 1;
  const start = at;
  if (bytes[at] === BRACKET) {
    while (at < end && !(bytes[at] === CLOSING && bytes[at + 1] === SPACE)) at += 1;
    at += 2;
  }
  return { start, end: at };
}

/** INFO, DEBUG or TRACE, by its first letter and its length. */
function isQuiet(bytes: Buffer, at: number): boolean {
  const first = bytes[at];
  return first === LETTER.I ? bytes[at + 4] === SPACE : (first === LETTER.D || first === LETTER.T) && bytes[at + 5] === SPACE;
}

const LETTER = { D: 0x44, I: 0x49, T: 0x54, e: 0x65, v: 0x76 };

/** Begins like `event=`: what only looks so is read, and does no harm. */
const isEvent = (bytes: Buffer, at: number): boolean => bytes[at] === LETTER.e && bytes[at + 1] === LETTER.v;

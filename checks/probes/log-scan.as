/**
 * AssemblyScript, compiled to log-scan.wasm: parts a worker's log into lines at the speed of the memory and tells those that must be read from those
 * that need only be counted. It knows how Connect's lines begin and, by tables that log-scan.ts fills, the marks; what depends on what the reader has seen,
 * and on the connector, log-bytes.ts decides: a line that is not plainly of no interest is given to it.
 */

/** bits for hashes of words that the marks hold; the words, open addressing, each with its mark's address and length and where in it it stands; the marks */
const FILTER: usize = 0;
const WORDS: usize = 8192;
const WORD: usize = 16;
const WORDS_MASK: u32 = 1023;
const MARKS: usize = 24576;
export const MARKS_LENGTH: usize = 1536;
/** what scan found: eight numbers each, the places below */
export const RECORDS: usize = 28672;
const RECORD: usize = 32;
const MOST_RECORDS: usize = 1000;
/** texts of lines met lately without their times, each behind its length: where the message begins alike is its slot */
const MET: usize = 61440;
const MET_LENGTH: usize = 496;
const MET_ROOM: usize = 512;
export const SLOTS: usize = 64;
/** contexts of other connectors, each behind its length */
const OTHERS: usize = 94208;
const OTHERS_END: usize = 94720;
const CONTEXT_LENGTH: usize = 62;
/** `[2026-11-23 16` of the last usual line */
const HOUR: usize = 94720;
/** two rooms for pieces of the log, with place before each for the beginning of its first line; behind each a step may be read */
export const BEFORE: usize = 65536;
export const ROOM: usize = 524288;
export const FIRST_ROOM: usize = 65536 * 3;
export const SECOND_ROOM: usize = FIRST_ROOM + ROOM + 2 * BEFORE;

/**
 * A record: what kind of line it is, its begin and end; a number more; before it so many lines that need only be counted, and begin and end of the last of
 * them that begins an entry, zero where none does; of one of another kind the slot, and 16 bits higher where its message stands from its begin.
 */
/** no line: only what was before it */
export const NONE: u32 = 0;
/** frames of a trace, one below the other: their number */
export const FRAMES: u32 = 1;
/** a line that goes on with an entry */
export const TEXT: u32 = 2;
/** one that begins an entry of INFO or less that is no event */
export const HEAD: u32 = 3;
/** any other: where its context stands from its begin, 16 bits each, end first; of one that is repeated or alike milliseconds within the hour */
export const OTHER: u32 = 4;
export const KIND: u32 = 7;
/** one of the marks stands in it */
export const MARKED: u32 = 8;
/** it has its usual time, and a slot; there the same text stood, or one of the same event that has other numbers; it is of the same hour as the usual one before */
export const USUAL: u32 = 16;
export const REPEATED: u32 = 32;
export const ALIKE: u32 = 64;
export const SAME_HOUR: u32 = 128;

/** `[2026-11-23 16:07:31,628] ` */
const TIME_LENGTH: usize = 26;
const NEWLINE: u8 = 0x0a;
const TAB: u8 = 0x09;
const SPACE: u8 = 0x20;
const DASH: u8 = 0x2d;
const COLON: u8 = 0x3a;
const BRACKET: u8 = 0x5b;
const CLOSING: u8 = 0x5d;
/** texts as they are read from memory; the last two are `ev` and `] ` */
const INFO: u32 = 0x4f464e49;
const DEBU: u32 = 0x55424544;
const TRAC: u32 = 0x43415254;
const WARN: u32 = 0x4e524157;
const ERRO: u32 = 0x4f525245;
const FATA: u32 = 0x41544146;
const EV: u16 = 0x7665;
const CLOSED: u16 = 0x205d;
/** before the `=` of a field that names something */
const NAME: u32 = 0x656d616e;
const EQUALS: u8 = 0x3d;

/** Where scan stopped. */
export let stopped: usize = 0;

/** Eight bytes are looked at in every twelve: a text of nineteen or more cannot hide between. */
const STRIDE: usize = 12;

@inline
function slotOf(word: u64): u32 {
  return <u32>((word * 0x9e3779b97f4a7c15) >> 48);
}

@inline
function isSame(a: usize, b: usize, length: usize): bool {
  let at: usize = 0;
  for (; at + 8 <= length; at += 8) if (load<u64>(a + at) != load<u64>(b + at)) return false;
  for (; at < length; at += 1) if (load<u8>(a + at) != load<u8>(b + at)) return false;
  return true;
}

let nextMark: usize = MARKS;

@inline
function wordAt(place: u32): usize {
  return WORDS + <usize>(place & WORDS_MASK) * WORD;
}

/** Adds a mark of 19 bytes or more to those that are looked for. */
export function learn(start: usize, length: usize): void {
  memory.copy(nextMark, start, length);
  for (let at: usize = 0; at < STRIDE; at += 1) {
    const word = load<u64>(start + at);
    const slot = slotOf(word);
    const bits = FILTER + (slot >> 3);
    store<u8>(bits, <u8>(<u32>load<u8>(bits) | (1 << (slot & 7))));
    let place = slot;
    while (load<u64>(wordAt(place)) != 0) place += 1;
    store<u64>(wordAt(place), word);
    store<u32>(wordAt(place), <u32>nextMark, 8);
    store<u16>(wordAt(place), <u16>length, 12);
    store<u16>(wordAt(place), <u16>at, 14);
  }
  nextMark += length;
}

/** Whether the word that stands here does so in a mark. */
function isInMark(at: usize, word: u64, slot: u32): bool {
  for (let place = slot, known = load<u64>(wordAt(place)); known != 0; known = load<u64>(wordAt(place))) {
    const entry = wordAt(place);
    if (known == word && isSame(at - <usize>load<u16>(entry, 14), <usize>load<u32>(entry, 8), <usize>load<u16>(entry, 12))) return true;
    place += 1;
  }
  return false;
}

/** One of the marks stands here. */
function isMarked(at: usize, end: usize): bool {
  for (; at + 8 <= end; at += STRIDE) {
    const word = load<u64>(at);
    const slot = slotOf(word);
    if (((<u32>load<u8>(FILTER + (slot >> 3)) >> (slot & 7)) & 1) != 0 && isInMark(at, word, slot)) return true;
  }
  return false;
}

@inline
function newlines(at: usize): u64 {
  return <u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(NEWLINE))));
}

function lineEnd(at: usize, to: usize): usize {
  for (; at < to; at += 64) {
    const found = newlines(at) | (newlines(at + 16) << 16) | (newlines(at + 32) << 32) | (newlines(at + 48) << 48);
    if (found != 0) return min(at + <usize>ctz(found), to);
  }
  return to;
}

/** `2026-11-23 16:07:31,628 `, or with `]`, `T`, a point. */
@inline
function isTime(at: usize, isInBrackets: bool): bool {
  const between = load<u8>(at + 10);
  const point = load<u8>(at + 19);
  if (load<u8>(at + 7) != DASH || (between != SPACE && between != 0x54) || (point != 0x2c && point != 0x2e)) return false;
  if (isInBrackets && (load<u8>(at + 23) != CLOSING || load<u8>(at + 24) != SPACE)) return false;
  if (!isInBrackets && load<u8>(at + 23) != SPACE) return false;
  return (digitsIn(at) & 0xdb6f) == 0xdb6f && (digitsIn(at + 7) & 0xec00) == 0xec00;
}

/** INFO, DEBUG or TRACE, and its blank. */
@inline
function isQuiet(at: usize): bool {
  const begin = load<u32>(at);
  if (begin == INFO) return load<u8>(at + 4) == SPACE;
  return ((begin == DEBU && load<u8>(at + 4) == 0x47) || (begin == TRAC && load<u8>(at + 4) == 0x45)) && load<u8>(at + 5) == SPACE;
}

/** WARN, ERROR or FATAL. */
@inline
function isLoud(at: usize): bool {
  const begin = load<u32>(at);
  if (begin == WARN) return load<u8>(at + 4) == SPACE;
  return ((begin == ERRO && load<u8>(at + 4) == 0x52) || (begin == FATA && load<u8>(at + 4) == 0x4c)) && load<u8>(at + 5) == SPACE;
}

/** Where the message begins, or Connect's context before it. */
@inline
function behindLevel(at: usize, end: usize): usize {
  at += 4;
  while (at < end && load<u8>(at) != SPACE) at += 1;
  while (at < end && load<u8>(at) == SPACE) at += 1;
  return at;
}

/** Behind `[…] `, the context, blank and all; the same place where there is none. */
@inline
function behindContext(at: usize, end: usize): usize {
  if (at >= end || load<u8>(at) != BRACKET) return at;
  const closing = i8x16.splat(CLOSING);
  for (let from = at; from < end; from += 16) {
    for (let found = <u32>i8x16.bitmask(i8x16.eq(v128.load(from), closing)); found != 0; found &= found - 1) {
      const place = from + <usize>ctz(found);
      if (place < end && load<u16>(place) == CLOSED) return place + 2;
    }
  }
  return end;
}

let nextOther: usize = OTHERS;

/** From now on lines with this context are of no interest, unless they are events or marked. */
export function disregard(start: usize, end: usize): void {
  const length = end - start;
  if (length > CONTEXT_LENGTH) return;
  store<u16>(nextOther, <u16>length);
  memory.copy(nextOther + 2, start, length);
  nextOther += CONTEXT_LENGTH + 2;
  if (nextOther == OTHERS_END) nextOther = OTHERS;
}

function isDisregarded(start: usize, end: usize): bool {
  const length = end - start;
  for (let other = OTHERS; other < OTHERS_END; other += CONTEXT_LENGTH + 2)
    if (<usize>load<u16>(other) == length && isSame(other + 2, start, length)) return true;
  return false;
}

/** SAME_HOUR of a line with a time in brackets. */
@inline
function hourOf(start: usize): u32 {
  if (load<u64>(start) == load<u64>(HOUR) && load<u64>(start + 6) == load<u64>(HOUR + 6)) return SAME_HOUR;
  store<u64>(HOUR, load<u64>(start));
  store<u64>(HOUR + 6, load<u64>(start + 6));
  return 0;
}

@inline
function digit(at: usize): u32 {
  return <u32>load<u8>(at) - 0x30;
}

/** … and its milliseconds in the hour. */
@inline
function millisOf(start: usize): u32 {
  const minutes = digit(start + 15) * 10 + digit(start + 16);
  const seconds = digit(start + 18) * 10 + digit(start + 19);
  return minutes * 60000 + seconds * 1000 + digit(start + 21) * 100 + digit(start + 22) * 10 + digit(start + 23);
}

@inline
function isDigit(at: usize): bool {
  return digit(at) < 10;
}

@inline
function digitsIn(at: usize): u32 {
  return i8x16.bitmask(i8x16.lt_u(i8x16.sub(v128.load(at), i8x16.splat(0x30)), i8x16.splat(10)));
}

/** Behind the digits that stand here, fewer than 16. */
@inline
function behindDigits(at: usize): usize {
  return at + <usize>ctz(~digitsIn(at));
}

/** Both texts say the same but for numbers, each all of the value of a field that tells how much or how many. Before both are bytes of their lines. */
function areAlike(a: usize, aEnd: usize, b: usize, bEnd: usize): bool {
  while (a < aEnd && b < bEnd) {
    const differing = load<u64>(a) ^ load<u64>(b);
    if (differing == 0) {
      a += 8;
      b += 8;
      continue;
    }
    const same = <usize>ctz(differing) >> 3;
    a += same;
    b += same;
    if (a >= aEnd || b >= bEnd) break;
    let before: usize = 0;
    while (isDigit(a - before - 1)) before += 1;
    if (load<u8>(a - before - 1) != EQUALS || load<u32>(a - before - 5) == NAME) return false;
    const aNext = behindDigits(a);
    const bNext = behindDigits(b);
    if (aNext - a + before == 0 || bNext - b + before == 0 || load<u8>(aNext) != SPACE || load<u8>(bNext) != SPACE) return false;
    a = aNext;
    b = bNext;
  }
  return a - aEnd == b - bEnd;
}

/** USUAL, REPEATED or ALIKE, and SAME_HOUR of a line. Its text takes the slot where it is new. `event`: where an event's message begins, or 0. */
function memoryOf(start: usize, end: usize, slot: usize, event: usize): u32 {
  const length = end - start - TIME_LENGTH;
  if (end < start + TIME_LENGTH || length > MET_LENGTH || load<u8>(start) != BRACKET || !isTime(start + 1, true)) return 0;
  const text = start + TIME_LENGTH;
  const met = MET + slot * MET_ROOM;
  const metLength = <usize>load<u16>(met);
  const metText = met + 2;
  if (metLength == length && isSame(metText, text, length)) return USUAL | REPEATED | hourOf(start);
  if (event != 0 && event - text < metLength && isSame(metText, text, event - text)) {
    if (areAlike(event, end, metText + (event - text), metText + metLength)) return USUAL | ALIKE | hourOf(start);
  }
  memory.copy(metText, text, length);
  store<u16>(met, <u16>length);
  return USUAL | hourOf(start);
}

@inline
function put(record: usize, kind: u32, start: usize, end: usize, more: u32): void {
  store<u32>(record, kind);
  store<u32>(record, <u32>start, 4);
  store<u32>(record, <u32>end, 8);
  store<u32>(record, more, 12);
}

@inline
function putBefore(record: usize, count: u32, start: usize, end: usize): void {
  store<u32>(record, count, 16);
  store<u32>(record, <u32>start, 20);
  store<u32>(record, <u32>end, 24);
}

/** `Nov 23, 2026 …`, or nearly: the reader says whether it begins an entry of another kind. */
@inline
function isPerhapsForeign(at: usize, end: usize): bool {
  return at + 4 < end && load<u8>(at + 3) == SPACE && <u32>load<u8>(at) - 0x41 < 26 && <u32>load<u8>(at + 4) - 0x30 < 10;
}

/**
 * Goes through whole lines until there are many records, and gives their number. `open`: the reader has an entry open, or may have: what goes on with
 * it is given then. Before the reader has begun, each line that begins an entry is.
 */
export function scan(start: usize, to: usize, open: bool, begun: bool): u32 {
  let record = RECORDS;
  let count: u32 = 0;
  let from: usize = 0;
  let till: usize = 0;
  while (start < to && record < RECORDS + MOST_RECORDS * RECORD) {
    const end = lineEnd(start, to);
    const next = end + 1;
    const first = load<u8>(start);
    let kind = TEXT;
    let context: u32 = 0;
    let event: usize = 0;
    let message: usize = start;
    if (first == TAB) kind = FRAMES;
    else {
      const begin = first == BRACKET ? start + 1 : start;
      if (begin + 16 < end && load<u8>(begin + 4) == DASH && load<u8>(begin + 13) == COLON && load<u8>(begin + 16) == COLON) {
        const level = begin + 24 + (begin - start);
        kind = OTHER;
        if (level + 6 <= end) {
          const place = behindLevel(level, end);
          message = behindContext(place, end);
          if (load<u16>(message) == EV) {
            if (message - start < 0x8000) event = message;
          } else {
            if (isTime(begin, begin > start)) {
              if (isQuiet(level)) kind = HEAD;
              else if (message > place && message - start < 0x8000 && isLoud(level)) {
                if (isDisregarded(place, message)) kind = HEAD;
                else context = (<u32>(message - start) << 16) | <u32>(place - start);
              }
            }
          }
        }
      }
    }
    if (kind == HEAD) {
      const marked = isMarked(start + TIME_LENGTH, end);
      if (begun && !marked) {
        count += 1;
        from = start;
        till = end;
        open = false;
        start = next;
        continue;
      }
      kind |= marked ? MARKED : 0;
    } else if (kind == FRAMES) {
      if (!open) {
        count += 1;
        start = next;
        continue;
      }
    } else if (kind == TEXT) {
      const marked = isMarked(start, end);
      if (!open && !marked && !isPerhapsForeign(start, end)) {
        count += 1;
        start = next;
        continue;
      }
      kind |= marked ? MARKED : 0;
    } else {
      const slot = <usize>slotOf(load<u64>(message + 6) ^ load<u64>(message + 14)) % SLOTS;
      kind |= memoryOf(start, end, slot, event);
      store<u32>(record, (event == 0 ? 0 : <u32>(event - start) << 16) | <u32>slot, 28);
      if ((kind & (REPEATED | ALIKE)) != 0) context = millisOf(start);
      else if (isMarked(start, end)) kind |= MARKED;
    }

    putBefore(record, count, from, till);
    count = 0;
    from = 0;
    till = 0;
    if (kind == FRAMES) {
      let lines: u32 = 1;
      let behind = end;
      const begin = start;
      for (start = next; start < to && load<u8>(start) == TAB; start = behind + 1) {
        behind = lineEnd(start, to);
        lines += 1;
      }
      put(record, FRAMES, begin, behind, lines);
      record += RECORD;
      continue;
    }
    put(record, kind, start, end, context);
    record += RECORD;
    if ((kind & KIND) != TEXT || (kind & MARKED) != 0) open = true;
    start = next;
    if (!begun && (kind & KIND) != TEXT) break;
  }
  if (count != 0) {
    put(record, NONE, 0, 0, 0);
    putBefore(record, count, from, till);
    record += RECORD;
  }
  stopped = min(start, to);
  return <u32>((record - RECORDS) / RECORD);
}

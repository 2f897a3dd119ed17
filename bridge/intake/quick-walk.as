/**
 * AssemblyScript, compiled to quick-walk.wasm: says at wire speed that an Export request is well formed, and how many items it holds. It goes by the
 * tables of shape.ts, which quick-walk.ts puts before the body, and knows nothing of the schema. Whatever is not plainly right, or not plain,
 * it leaves to wire.ts, which judges all requests alike and says what is wrong with one.
 *
 * Every step only adds to `at`, so that one which reads behind the end, where bytes of an older request may lie, is noticed by the end that it has passed.
 */

/** A row is a message: 16 bits for each tag that its fields can have (the action of shape.ts, and 12 bits that go with it), then what follows. */
export const ROW: usize = 512;
export const LAST_TAG: u32 = 247;
/** places in a row: the fields that must be there, as bits by number; what one such message adds to the count */
export const REQUIRED: usize = 496;
export const ITEM: usize = 500;
/** the bit of an id's 12 that allows it to be empty; the others are its length */
export const MAY_BE_EMPTY: u32 = 0x800;
/** where the rows must end, and where the body begins */
export const ROWS_END: usize = 61440;
export const BODY: usize = 65536;

/** ACTION of shape.ts */
const VARINT: u32 = 1;
const FIXED64: u32 = 2;
const FIXED32: u32 = 3;
const TEXT: u32 = 4;
const BYTES: u32 = 5;
const MESSAGE: u32 = 6;
const ID: u32 = 7;
const VARINTS: u32 = 8;
const FIXED64S: u32 = 9;

/** What a message keeps while one inside it is walked: its end, its row, the fields it has had. As many as wire.ts nests. */
const STACK: usize = ROWS_END;
const STACK_END: usize = STACK + 100 * 12;

const HIGH_BITS: u64 = 0x8080808080808080;
const LOOK_CLOSER: i32 = -1;

/** Position behind the varint at `at`: the first of its bytes without the high bit is its last. Far behind every end when it is longer than ten. */
@inline
function behindVarint(at: usize): usize {
  const last = ~load<u64>(at) & HIGH_BITS;
  return last != 0 ? at + (<usize>ctz(last) >> 3) + 1 : behindLongVarint(at);
}

function behindLongVarint(at: usize): usize {
  const last = at + 10;
  while (at < last) if (load<u8>(at++) < 0x80) return at;
  return usize.MAX_VALUE;
}

@inline
function continues(at: usize): bool {
  return (load<u8>(at) & 0xc0) == 0x80;
}

/** Source: The Unicode Standard, table 3-7, "Well-Formed UTF-8 Byte Sequences". */
function isUtf8(at: usize, end: usize): bool {
  while (at < end) {
    const first: u32 = load<u8>(at);
    if (first < 0x80) at += 1;
    else if (first < 0xe0) {
      if (first < 0xc2 || at + 2 > end || !continues(at + 1)) return false;
      at += 2;
    } else if (first < 0xf0) {
      if (at + 3 > end || !continues(at + 1) || !continues(at + 2)) return false;
      const second: u32 = load<u8>(at + 1);
      if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f)) return false;
      at += 3;
    } else {
      if (first > 0xf4 || at + 4 > end || !continues(at + 1) || !continues(at + 2) || !continues(at + 3)) return false;
      const second: u32 = load<u8>(at + 1);
      if ((first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f)) return false;
      at += 4;
    }
  }
  return true;
}

/** The usual text is ASCII and short: one or two looks at 16 bytes, without a loop. What is read behind the end does not count. */
@inline
function isText(from: usize, end: usize): bool {
  const size = <u32>(end - from);
  if (size < 16) return (i8x16.bitmask(v128.load(from)) & ((1 << size) - 1)) == 0 || isUtf8(from, end);
  let bits = v128.or(v128.load(from), v128.load(end - 16));
  for (let at = from + 16; at + 16 < end; at += 16) bits = v128.or(bits, v128.load(at));
  return i8x16.bitmask(bits) == 0 || isUtf8(from, end);
}

/** An id of zeroes alone is invalid. It is 8 or 16 bytes long. */
@inline
function isZero(at: usize, end: usize): bool {
  return (load<u64>(at) | load<u64>(end - 8)) == 0;
}

function areVarints(at: usize, end: usize): bool {
  while (at < end) at = behindVarint(at);
  return at == end;
}

/** Items of the request of `length` bytes at BODY, whose row is `row`; -1 when wire.ts must look. */
export function walk(row: usize, length: usize): i32 {
  let at = BODY;
  let end = BODY + length;
  let seen: u32 = 0;
  let items: i32 = 0;
  let top = STACK;
  while (true) {
    if (at >= end) {
      const required = load<u32>(row, REQUIRED);
      if (at > end || (seen & required) != required) return LOOK_CLOSER;
      if (top == STACK) return items;
      top -= 12;
      end = load<u32>(top);
      row = load<u32>(top, 4);
      seen = load<u32>(top, 8);
      continue;
    }
    let tag: u32 = load<u8>(at++);
    if (tag >= 0x80) {
      tag = (tag & 0x7f) | ((<u32>load<u8>(at++)) << 7);
      if (tag > LAST_TAG) return LOOK_CLOSER;
    }
    const entry: u32 = load<u16>(row + (tag << 1));
    const action = entry & 0xf;

    if (action < TEXT) {
      if (action == VARINT) at = behindVarint(at);
      else if (action == FIXED64) at += 8;
      else if (action == FIXED32) at += 4;
      else return LOOK_CLOSER;
      if (at > end) return LOOK_CLOSER;
      continue;
    }

    let size: u32 = load<u8>(at++);
    if (size >= 0x80) {
      size = (size & 0x7f) | ((<u32>load<u8>(at++)) << 7);
      if (size >= 0x4000) size = (size & 0x3fff) | ((<u32>load<u8>(at++)) << 14);
      if (size >= 0x200000) size = (size & 0x1fffff) | ((<u32>load<u8>(at++)) << 21);
      if (size >= 0x10000000) return LOOK_CLOSER;
    }
    const stop = at + size;
    if (stop > end) return LOOK_CLOSER;
    if (action == MESSAGE) {
      if (top == STACK_END) return LOOK_CLOSER;
      store<u32>(top, end);
      store<u32>(top, row, 4);
      store<u32>(top, seen, 8);
      top += 12;
      end = stop;
      row = <usize>(entry >> 4) * ROW;
      seen = 0;
      items += load<i32>(row, ITEM);
      continue;
    }
    if (action == TEXT) {
      if (!isText(at, stop)) return LOOK_CLOSER;
    } else if (action == ID) {
      const rule = entry >> 4;
      if ((rule & MAY_BE_EMPTY) == 0) {
        if (size != rule || isZero(at, stop)) return LOOK_CLOSER;
      } else if (size != 0 && size != (rule & ~MAY_BE_EMPTY)) return LOOK_CLOSER;
      seen |= 1 << (tag >> 3);
    } else if (action == VARINTS) {
      if (!areVarints(at, stop)) return LOOK_CLOSER;
    } else if (action != BYTES && (size & (action == FIXED64S ? 7 : 3)) != 0) return LOOK_CLOSER;
    at = stop;
  }
}

/**
 * AssemblyScript, compiled to crc32c.wasm: CRC-32C (Castagnoli) of the bytes that crc32c.ts puts at DATA, sixteen of them a step. Each of the sixteen has a
 * table of its own, which says what it does to the checksum at its distance from the end of the step.
 * Source: RFC 3720, B.4; M. Kounavis and F. Berry, "A Systematic Approach to Building High Performance Software-based CRC Generators".
 */

/** Bytes that one call can take, small enough to stay in the processor's cache, and where they begin. */
export const CHUNK: usize = 65536;
export const DATA: usize = 65536;

const POLYNOMIAL: u32 = 0x82f63b78;
const TABLES: usize = 1024;
/** bytes of one table */
const TABLE: usize = 1024;
/** where a byte of a word is as an offset in its table */
const ENTRY: u64 = 0x3fc;

function makeTables(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    store<u32>(TABLES + (byte << 2), crc);
  }
  for (let at: usize = TABLES + TABLE; at < TABLES + 16 * TABLE; at += 4) {
    const nearer = load<u32>(at - TABLE);
    store<u32>(at, (nearer >>> 8) ^ load<u32>(TABLES + ((nearer & 0xff) << 2)));
  }
}
makeTables();

/** What the eight bytes of a word do, the last of them `distance` bytes before the end of the step. */
@inline
function ofWord(word: u64, distance: usize): u32 {
  const last = TABLES + distance * TABLE;
  return (
    load<u32>(<usize>((word << 2) & ENTRY) + last + 7 * TABLE) ^
    load<u32>(<usize>((word >>> 6) & ENTRY) + last + 6 * TABLE) ^
    load<u32>(<usize>((word >>> 14) & ENTRY) + last + 5 * TABLE) ^
    load<u32>(<usize>((word >>> 22) & ENTRY) + last + 4 * TABLE) ^
    load<u32>(<usize>((word >>> 30) & ENTRY) + last + 3 * TABLE) ^
    load<u32>(<usize>((word >>> 38) & ENTRY) + last + 2 * TABLE) ^
    load<u32>(<usize>((word >>> 46) & ENTRY) + last + TABLE) ^
    load<u32>(<usize>((word >>> 54) & ENTRY) + last)
  );
}

/** The checksum that was `crc` (at first all ones) with the first `length` bytes at DATA added to it; at the end all its bits are turned. */
export function update(crc: u32, length: usize): u32 {
  const end = DATA + length;
  let at = DATA;
  for (; at + 16 <= end; at += 16) crc = ofWord(load<u64>(at) ^ (<u64>crc), 8) ^ ofWord(load<u64>(at, 8), 0);
  for (; at < end; at++) crc = (crc >>> 8) ^ load<u32>(TABLES + (((crc ^ (<u32>load<u8>(at))) & 0xff) << 2));
  return crc;
}

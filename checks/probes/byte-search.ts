/** Where the texts stand in the bytes, first to last: for each the byte on which it was recognised. */
export type ByteSearch = (bytes: Buffer) => number[];

/** Four bytes are read in every twelve: a text of fifteen or more cannot hide between. */
const STRIDE_WORDS = 3;
const SHORTEST = STRIDE_WORDS * 4 + 3;
const SLOTS_SHIFT = 16;
const slotOf = (word: number): number => Math.imul(word, 0x9e3779b1) >>> SLOTS_SHIFT;

type Place = { text: Buffer; at: number };

/** Looks for many texts at once in bytes that hold nearly none of them. Every text has at least 15 bytes. */
export function createByteSearch(texts: readonly string[]): ByteSearch {
  const isKnown = new Uint8Array(2 ** (32 - SLOTS_SHIFT));
  // By slot: a word itself is too large for V8 to hold without allocating.
  const places = new Map<number, Place[]>();
  for (const text of new Set(texts)) {
    const bytes = Buffer.from(text);
    if (bytes.length < SHORTEST) throw new Error(`"${text}" is too short to be looked for in this way`);
    for (let at = 0; at < STRIDE_WORDS * 4; at += 1) {
      // A word as Int32Array reads it, in this machine's order.
      const word = new Int32Array(Uint8Array.from(bytes.subarray(at, at + 4)).buffer)[0]!;
      const slot = slotOf(word);
      isKnown[slot] = 1;
      places.set(slot, [...(places.get(slot) ?? []), { text: bytes, at }]);
    }
  }
  return (bytes) => {
    const found: number[] = [];
    const from = (4 - (bytes.byteOffset % 4)) % 4;
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + from, Math.max(0, (bytes.length - from) >> 2));
    for (let index = 0; index < words.length; index += STRIDE_WORDS) {
      const slot = slotOf(words[index]!);
      if (isKnown[slot] === 1 && isOneAt(bytes, from + index * 4, places.get(slot) ?? [])) found.push(from + index * 4);
    }
    return found;
  };
}

function isOneAt(bytes: Buffer, at: number, places: readonly Place[]): boolean {
  for (const place of places) if (isAt(bytes, at - place.at, place.text)) return true;
  return false;
}

function isAt(bytes: Buffer, from: number, text: Buffer): boolean {
  if (from < 0 || from + text.length > bytes.length) return false;
  for (let at = text.length - 1; at >= 0; at -= 1) if (bytes[from + at] !== text[at]) return false;
  return true;
}

/** Where the texts stand in the bytes, first to last: for each a byte of it. */
export type ByteSearch = (bytes: Buffer) => number[];

/** Four bytes are read in every sixteen: a text of nineteen or more cannot hide between. */
const STRIDE = 4;
const SHORTEST = STRIDE * 4 + 3;
const BITS = 16;
const slotOf = (word: number): number => Math.imul(word, 0x9e3779b1) >>> (32 - BITS);
const pairSlotOf = (word: number, next: number): number => slotOf(word ^ Math.imul(next, 0x85ebca6b));

/** Which neighbour of a word lies within the text too. */
const [NEXT, PREVIOUS] = [1, 2];

type Place = { text: Buffer; at: number };

/**
 * Looks for many texts at once in bytes that hold nearly none of them. A word of four bytes that is in one of the texts counts only with its
 * neighbour, and then the text is compared. Every text has at least 19 bytes.
 */
export function createByteSearch(texts: readonly string[]): ByteSearch {
  const isKnown = new Uint8Array(2 ** BITS);
  const isPair = new Uint8Array(2 ** BITS);
  // By slot: a word itself is too large for V8 to hold without allocating.
  const places = new Map<number, Place[]>();
  for (const text of new Set(texts)) {
    const bytes = Buffer.from(text);
    if (bytes.length < SHORTEST) throw new Error(`"${text}" is too short to be looked for in this way`);
    // A word as Int32Array reads it, in this machine's order.
    const wordAt = (at: number): number => new Int32Array(Uint8Array.from(bytes.subarray(at, at + 4)).buffer)[0]!;
    for (let at = 0; at < STRIDE * 4; at += 1) {
      const slot = slotOf(wordAt(at));
      const hasNext = at + 8 <= SHORTEST;
      isKnown[slot]! |= hasNext ? NEXT : PREVIOUS;
      isPair[hasNext ? pairSlotOf(wordAt(at), wordAt(at + 4)) : pairSlotOf(wordAt(at - 4), wordAt(at))] = 1;
      places.set(slot, [...(places.get(slot) ?? []), { text: bytes, at }]);
    }
  }

  return (bytes) => {
    const found: number[] = [];
    const from = (4 - (bytes.byteOffset % 4)) % 4;
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + from, Math.max(0, (bytes.length - from) >> 2));
    for (let index = 0; index < words.length; index += STRIDE) {
      const known = isKnown[slotOf(words[index]!)]!;
      if (known === 0) continue;
      const word = words[index]!;
      // Beyond the ends there is no word, and bytes that are fewer than four: there the text is compared in any case.
      const before = words[index - 1];
      const after = words[index + 1];
      const isLikely =
        ((known & NEXT) !== 0 && (after === undefined || isPair[pairSlotOf(word, after)] === 1)) ||
        ((known & PREVIOUS) !== 0 && (before === undefined || isPair[pairSlotOf(before, word)] === 1));
      if (isLikely && isOneAt(bytes, from + index * 4, places.get(slotOf(word)) ?? [])) found.push(from + index * 4);
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

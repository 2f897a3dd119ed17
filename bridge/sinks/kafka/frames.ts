/** Frames from this size on are kept; smaller ones cost nothing to speak of. */
const LEAST_BYTES = 65_536;
/** So many free ones are kept: as many as requests of one topic are under way as a rule. What is beyond is left to the collector. */
const MOST_FREE = 4;
/** One that is far too large for what is to go in would only be held for nothing. */
const MOST_UNUSED = 4;

/** A buffer for one request, and the way to say that nobody reads it any more. */
export type Frame = { buffer: Buffer; free: () => void };

/**
 * Buffers for requests, used again. Each new megabyte outside of its heap brings V8 nearer to its next full collection: without this, those took a tenth
 * of the time of a bridge under load. A frame that is never freed, because no answer to it came, is simply not used again.
 */
export function createFrames(): (size: number) => Frame {
  const unused: ArrayBuffer[] = [];
  return (size) => {
    if (size < LEAST_BYTES) return { buffer: Buffer.allocUnsafe(size), free: () => {} };
    const at = unused.findIndex(({ byteLength }) => byteLength >= size && byteLength <= size * MOST_UNUSED);
    // Powers of two, so that the next one fits although it differs by some bytes.
    const memory = at < 0 ? Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(size))).buffer : unused.splice(at, 1)[0]!;
    let isFree = false;
    return {
      buffer: Buffer.from(memory, 0, size),
      free() {
        if (isFree) return;
        isFree = true;
        unused.push(memory);
        if (unused.length > MOST_FREE) unused.shift();
      },
    };
  };
}

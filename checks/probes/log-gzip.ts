/** Begins like gzip. Source: RFC 1952, 2.3.1. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** What zlib says of bytes that are no gzip, or not all of it. */
export const isGzipError = ({ code }: NodeJS.ErrnoException): boolean => code?.startsWith('Z_') === true;

/** Decompresses while it is read. The pieces given must not be used again by whoever gives them. */
export async function* gunzipped(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  // Got this way because few logs are compressed and every start would pay for the import.
  const { createGunzip } = process.getBuiltinModule('node:zlib');
  const { Readable } = process.getBuiltinModule('node:stream');
  const [source, gunzip] = [Readable.from(bytes), createGunzip()];
  source.on('error', (error) => gunzip.destroy(error));
  try {
    for await (const piece of source.pipe(gunzip)) yield piece as Buffer;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

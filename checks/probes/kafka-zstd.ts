import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import type Kafkajs from 'kafkajs';

const decompress = promisify(zstdDecompress);

/** kafkajs reads gzip alone, and the bridge can write zstd. Nothing is compressed here. */
export function readZstd({ CompressionCodecs, CompressionTypes }: typeof Kafkajs): void {
  const compress = () => Promise.reject(new Error('nothing is written here'));
  CompressionCodecs[CompressionTypes.ZSTD] ??= () => ({ compress, decompress: (bytes: Buffer) => decompress(bytes) });
}

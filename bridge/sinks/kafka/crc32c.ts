import { readFileSync } from 'node:fs';
import { packageFile } from '../../../proto/package-root.ts';

/** What crc32c.as exports. Addresses are bytes of its memory. */
type Exports = {
  CHUNK: { value: number };
  DATA: { value: number };
  memory: { buffer: ArrayBuffer };
  update: (crc: number, length: number) => number;
};
/** As much of it as is used here: its types come with those of the browser. */
declare const WebAssembly: { Module: new (bytes: Uint8Array) => object; Instance: new (module: object) => { exports: unknown } };

/** CRC-32C of bytes, as batches of Kafka's records have it: an unsigned number of 32 bits. */
export type Crc32C = (bytes: Buffer) => number;

/** Makes the function once it is wanted: the module is small, and most bridges that run have no Kafka. */
export function crc32C(): Crc32C {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(packageFile('bridge/sinks/kafka/crc32c.wasm'))));
  const { CHUNK, DATA, memory, update } = exports as Exports;
  const data = new Uint8Array(memory.buffer, DATA.value, CHUNK.value);
  return (bytes) => {
    let crc = -1;
    for (let at = 0; at < bytes.length; at += CHUNK.value) {
      const part = bytes.subarray(at, at + CHUNK.value);
      data.set(part);
      crc = update(crc, part.length);
    }
    return ~crc >>> 0;
  };
}

import { open, type FileHandle } from 'node:fs/promises';

/** A file that only grows, by whole writes: a write that fails halfway is taken back. */
export type TopicFile = { append(bytes: Buffer): Promise<void>; close(): Promise<void> };

const NEWLINE = 0x0a;

async function writeWhole(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
}

/** A process that died in a write leaves half a line: it is closed, so that the next record stands on a line of its own. */
async function endsInHalfALine(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== NEWLINE;
}

/** Opens for appending, readable by its owner alone. One append at a time: later ones wait for it. */
export async function openTopicFile(path: string): Promise<TopicFile> {
  const file = await open(path, 'a+', 0o600);
  let { size } = await file.stat();
  let isTorn = await endsInHalfALine(file, size);
  let last: Promise<unknown> = Promise.resolve();

  const append = async (bytes: Buffer) => {
    const whole = isTorn ? Buffer.concat([Buffer.of(NEWLINE), bytes]) : bytes;
    try {
      await writeWhole(file, whole);
    } catch (error) {
      isTorn = await file.truncate(size).then(
        () => isTorn,
        () => true,
      );
      throw error;
    }
    size += whole.length;
    isTorn = false;
  };

  return {
    append(bytes) {
      const mine = last.then(() => append(bytes));
      last = mine.catch(() => {});
      return mine;
    },
    async close() {
      await last;
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}

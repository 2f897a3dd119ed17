import { open, stat, type FileHandle } from 'node:fs/promises';

/** A file that only grows, by whole writes: a write that fails halfway is taken back. */
export type TopicFile = { append(bytes: Buffer): Promise<void>; close(): Promise<void> };

const NEWLINE = 0x0a;
/** That often it is looked whether the file is still the one that its name stands for. */
const LOOK_EVERY_MS = 1000;

async function writeWhole(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
}

/** A process that died in a write leaves half a line: it is closed, so that the next record stands on a line of its own. */
async function endsInHalfALine(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== NEWLINE;
}

type Opened = { file: FileHandle; dev: number; ino: number; size: number; isTorn: boolean };

async function openAt(path: string): Promise<Opened> {
  const file = await open(path, 'a+', 0o600);
  const { dev, ino, size } = await file.stat();
  return { file, dev, ino, size, isTorn: await endsInHalfALine(file, size) };
}

async function closed(file: FileHandle): Promise<void> {
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Opens for appending, readable by its owner alone. One append at a time: later ones wait for it. A file that was moved away or removed, as those do who
 * rotate logs, is begun anew; one that was emptied goes on from there.
 */
export async function openTopicFile(path: string, lookEveryMs = LOOK_EVERY_MS): Promise<TopicFile> {
  let to = await openAt(path);
  let lookedAt = performance.now();
  let last: Promise<unknown> = Promise.resolve();

  const look = async () => {
    const found = await stat(path).catch(() => null);
    if (found?.ino === to.ino && found.dev === to.dev) to = { ...to, size: found.size, isTorn: to.isTorn && found.size > 0 };
    else {
      const before = to.file;
      to = await openAt(path);
      await closed(before).catch(() => {});
    }
    // Where it cannot be opened nothing is written either, until it can.
    lookedAt = performance.now();
  };

  const append = async (bytes: Buffer) => {
    if (performance.now() - lookedAt >= lookEveryMs) await look();
    const whole = to.isTorn ? Buffer.concat([Buffer.of(NEWLINE), bytes]) : bytes;
    try {
      await writeWhole(to.file, whole);
    } catch (error) {
      to.isTorn = await to.file.truncate(to.size).then(
        () => to.isTorn,
        () => true,
      );
      throw error;
    }
    to.size += whole.length;
    to.isTorn = false;
  };

  return {
    append(bytes) {
      const mine = last.then(() => append(bytes));
      last = mine.catch(() => {});
      return mine;
    },
    async close() {
      await last;
      await closed(to.file);
    },
  };
}

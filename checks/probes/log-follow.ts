import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often a file that is followed is looked at: a person does not notice, and the machine neither. */
const EVERY_MS = 200;
const CHUNK_BYTES = 64 * 1024;

/** Where following begins: a file as it was when its end was read. */
export type FollowFrom = { ino: number; position: number };

/**
 * Hands on what is written to a file from here on until it is called off, also when it is renamed and begun anew (log4j, logrotate) or cut to nothing
 * (copytruncate). `onIdle`: nothing came at one look. A file that is gone is waited for.
 */
export async function followFile(
  path: string,
  from: FollowFrom,
  signal: AbortSignal,
  onBytes: (bytes: Buffer) => void,
  onIdle: () => void,
): Promise<void> {
  let file: FileHandle | undefined;
  let { ino, position } = from;
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  /** Whether anything came. */
  const readOn = async (): Promise<boolean> => {
    let came = false;
    for (;;) {
      const { bytesRead } = await file!.read(buffer, 0, CHUNK_BYTES, position);
      if (bytesRead === 0 || signal.aborted) return came;
      position += bytesRead;
      came = true;
      onBytes(Buffer.from(buffer.subarray(0, bytesRead)));
    }
  };
  try {
    while (!signal.aborted) {
      const now = await stat(path).catch(() => undefined);
      let came = false;
      // Renamed, and its successor not there yet: the writer may still have it open.
      if (now === undefined && file !== undefined) came = await readOn();
      if (now !== undefined) {
        if (file === undefined || now.ino !== ino) {
          // What was still written to the old one before it was left.
          if (file !== undefined) came = await readOn();
          await file?.close();
          file = await open(path, 'r');
          const opened = await file.stat();
          if (opened.ino !== ino) [ino, position] = [opened.ino, 0];
        }
        if (now.size < position) position = 0;
        came = (await readOn()) || came;
      }
      if (!came) onIdle();
      await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await file?.close();
  }
}

import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** For its owner alone: what is queued or stored here may be anybody's telemetry. */
const MODE = 0o700;

/**
 * Makes a folder and those above it that are missing; one that is there is left as it is. Throws the system's error.
 * Node's own `recursive` never ends where the system says ENOENT beneath a folder that exists, as /proc does.
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, MODE);
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
    const above = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || statSync(above, { throwIfNoEntry: false })) throw error;
    makeFolder(above);
    makeFolder(path);
  }
}

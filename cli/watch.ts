import { setTimeout as sleep } from 'node:timers/promises';
import type { OverallStatus } from '../checks/report.ts';
import type { Surroundings } from './base-command.ts';
import { INTERRUPTS, onSignals } from './endings.ts';

/** One look as it is shown. */
export type Shown = { text: string; status: OverallStatus };

/** A look that takes no time is not repeated at once: nobody reads faster. */
const EVERY_MS = 1000;

/**
 * Looks again and again until somebody ends it, and gives the status of the last look that was shown; unknown where none was. `look` gets a signal that tells it to
 * give up; what it finds after that is not shown.
 */
export async function watch(
  surroundings: Pick<Surroundings, 'on' | 'off'>,
  look: (ending: AbortSignal) => Promise<Shown>,
  show: (shown: Shown) => void,
): Promise<OverallStatus> {
  const ending = new AbortController();
  const ended = new Promise<void>((end) => ending.signal.addEventListener('abort', () => end(), { once: true }));
  const release = onSignals(surroundings, INTERRUPTS, () => ending.abort());
  let status: OverallStatus = 'unknown';
  try {
    while (!ending.signal.aborted) {
      const began = performance.now();
      const shown = await Promise.race([look(ending.signal), ended]);
      if (shown === undefined || ending.signal.aborted) break;
      show(shown);
      ({ status } = shown);
      const leftMs = Math.max(0, EVERY_MS - (performance.now() - began));
      await sleep(leftMs, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  } finally {
    release();
  }
  return status;
}

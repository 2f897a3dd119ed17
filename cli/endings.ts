import type { Surroundings } from './base-command.ts';

/** Signals by which a person ends what only looks, and those that end what must put something in order first: a closed terminal too. */
export const INTERRUPTS = ['SIGINT', 'SIGTERM'] as const;
export const ENDINGS = [...INTERRUPTS, 'SIGHUP'] as const;

/** Calls `end` at each of these signals, until the function that it gives is called. */
export function onSignals(surroundings: Pick<Surroundings, 'on' | 'off'>, names: readonly string[], end: () => void): () => void {
  for (const name of names) surroundings.on(name, end);
  return () => {
    for (const name of names) surroundings.off(name, end);
  };
}

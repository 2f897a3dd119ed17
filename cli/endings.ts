import type { Surroundings } from './base-command.ts';

/** Signals by which a person ends what only looks, and those that end what must put something in order first: a closed terminal too. */
export const INTERRUPTS = ['SIGINT', 'SIGTERM'] as const;
export const ENDINGS = [...INTERRUPTS, 'SIGHUP'] as const;

/** Calls `end` with its name at each of these signals, until the function that it gives is called. */
export function onSignals<Name extends string>(
  surroundings: Pick<Surroundings, 'on' | 'off'>,
  names: readonly Name[],
  end: (name: Name) => void,
): () => void {
  const listeners = names.map((name) => [name, () => end(name)] as const);
  for (const [name, listener] of listeners) surroundings.on(name, listener);
  return () => {
    for (const [name, listener] of listeners) surroundings.off(name, listener);
  };
}

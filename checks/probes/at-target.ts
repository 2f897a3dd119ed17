import type { TargetFact } from '../facts/index.ts';
import { isSeen } from '../facts/index.ts';
import type { Look } from './probe.ts';

/**
 * Looks at something of the target without waiting for a slow Connect: first where it is assumed to be, and again when REST then names another
 * place; the first look is dropped then. `placeOf` picks what the look depends on, as plain data; `assumed` in it makes no difference.
 * `ask` must end when its signal is aborted. Wants `rounds` 2 above its own.
 */
export async function atTarget<P, A>(
  look: Pick<Look, 'early' | 'fact' | 'signal'>,
  placeOf: (target: TargetFact) => P,
  ask: (place: P, signal: AbortSignal) => Promise<A>,
): Promise<{ place: P; answer: A }> {
  const dropped = new AbortController();
  const guess = placeOf(await look.early());
  const first = ask(guess, AbortSignal.any([look.signal, dropped.signal]));
  const resolved = await look.fact('target');
  const place = isSeen(resolved) ? placeOf(resolved.value) : guess;
  if (same(guess, place)) return { place, answer: await first };
  dropped.abort();
  await first;
  return { place, answer: await ask(place, look.signal) };
}

const same = (one: unknown, other: unknown): boolean => plain(one) === plain(other);

const plain = (place: unknown): string => JSON.stringify(place, (key, value: unknown) => (key === 'assumed' ? undefined : value)) ?? '';

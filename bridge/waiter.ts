import type { OfferAnswer, Waiter } from './message.ts';

/** A promise of the answer, and how to give it. Unless it comes in time, the sender is told to try again. */
export function createWaiter(timeoutMs: number, late: () => void): { waiter: Waiter; answered: Promise<OfferAnswer> } {
  let over = false;
  const { promise, resolve } = Promise.withResolvers<OfferAnswer>();
  const answer = (what: OfferAnswer) => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    resolve(what);
  };
  const timer = setTimeout(() => {
    answer('not-stored');
    late();
  }, timeoutMs);
  return { waiter: { answer, isOver: () => over }, answered: promise };
}

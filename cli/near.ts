import { list } from '../checks/derive/words.ts';
import { nearNames } from '../checks/derive/names.ts';

/** Text to compare is cut: an argument may be very long, and no name is. */
const LONGEST = 64;

/** The few names that a person may have meant, nearest first. */
export const near = (word: string, names: readonly string[], most = 3): string[] => nearNames(word.slice(0, LONGEST), names).slice(0, most);

/** ` (did you mean "a"?)`, or nothing. */
export function didYouMean(word: string, names: readonly string[]): string {
  const found = near(word, names).map((name) => `"${name}"`);
  return found.length === 0 ? '' : ` (did you mean ${list(found).replace(' and ', ' or ')}?)`;
}

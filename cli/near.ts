import { list } from '../checks/derive/words.ts';
import { distance, nearNames } from '../checks/derive/names.ts';

/** Text to compare is cut: an argument may be very long, and no name is. */
const LONGEST = 64;

const firstLetter = (word: string) => word.replace(/^-+/, '')[0]?.toLowerCase();

/** Letters of one that stand anywhere in the other are no likeness, as `--hel` in `--prometheus-url`: it begins as the other does, or few letters differ. */
function isLike(word: string, name: string): boolean {
  const most = Math.max(2, Math.ceil(word.length / 3));
  return firstLetter(word) === firstLetter(name) || distance(word.toLowerCase(), name.toLowerCase(), most) <= most;
}

/** The few names that a person may have meant, nearest first. */
export function near(word: string, names: readonly string[], most = 3): string[] {
  const compared = word.slice(0, LONGEST);
  return nearNames(compared, names)
    .filter((name) => isLike(compared, name))
    .slice(0, most);
}

/** ` (did you mean "a"?)`, or nothing. */
export function didYouMean(word: string, names: readonly string[]): string {
  const found = near(word, names).map((name) => `"${name}"`);
  return found.length === 0 ? '' : ` (did you mean ${list(found).replace(' and ', ' or ')}?)`;
}

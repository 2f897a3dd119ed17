import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** What operators deploy the bridge with: tests run these very files, with their own addresses and folders filled in. */
export const DEPLOY = resolve(import.meta.dirname, '../../../bridge/deploy');
export const deployed = (name: string): string => readFileSync(`${DEPLOY}/${name}`, 'utf8');

/** Puts in what is left to operators. Each place must be there, so that no test goes on with a file that says something else. */
export function filledIn(text: string, places: Readonly<Record<string, string>>): string {
  return Object.entries(places).reduce((filled, [place, value]) => {
    if (!filled.includes(place)) throw new Error(`nowhere does it say ${place}`);
    return filled.replaceAll(place, value);
  }, text);
}

import { createLineMeaning, type LineMeaning } from '../checks/catalogue/line-meaning.ts';
import { pagesOf } from '../checks/catalogue/explain.ts';
import type { LogEntryText } from '../checks/probes/log-entries.ts';
import { RULES } from '../checks/rules/index.ts';
import { EVERY_STEP } from '../checks/steps/on-demand.ts';

/** An entry as it is shown: in our time, with what the catalogue knows of it. */
export type ShownEntry = LogEntryText & { means: LineMeaning | null };

export type Choice = {
  /** only entries from the task's last start on */
  sinceStart: boolean;
  /** only entries that have this text in them, in any case, or this name in the catalogue */
  match: string | undefined;
  /** at most so many, the last ones */
  most: number;
};

/** What of a log is wanted, kept bounded while it is read. */
export type Kept = {
  entries: LogEntryText[];
  /** entries that were wanted too, and are left out for being more than `most` */
  omitted: number;
  started: boolean;
};

export function createKeeper(
  { sinceStart, most }: Choice,
  wants: (entry: LogEntryText) => boolean,
): Kept & { add(entry: LogEntryText): void } {
  const kept: Kept = { entries: [], omitted: 0, started: false };
  return Object.assign(kept, {
    add(entry: LogEntryText) {
      if (entry.starts) {
        kept.started = true;
        if (sinceStart) [kept.entries, kept.omitted] = [[], 0];
      }
      if (!wants(entry)) return;
      kept.entries.push(entry);
      // Cut now and then, not at every entry.
      if (kept.entries.length >= 2 * most) kept.omitted += kept.entries.splice(0, kept.entries.length - most).length;
    },
  });
}

/** The last `most` of what was kept. */
export function lastOf(kept: Kept, most: number): Kept {
  const entries = kept.entries.slice(-most);
  return { ...kept, entries, omitted: kept.omitted + kept.entries.length - entries.length };
}

/** Names entries by the catalogue, and says which are wanted. */
export function createCatalogue({ match }: Pick<Choice, 'match'>) {
  const pages = pagesOf(EVERY_STEP, RULES);
  const meaningOf = createLineMeaning(pages);
  const sought = match?.toLowerCase();
  // The name of every line is looked for only where a name was asked for.
  const isName = sought !== undefined && pages.some(({ id }) => id.toLowerCase() === sought);
  const meaning = (entry: LogEntryText): LineMeaning | undefined => meaningOf(entry.lines.join('\n').slice(0, MOST_CHARACTERS));
  return {
    wants: (entry: LogEntryText): boolean =>
      sought === undefined ||
      entry.lines.some((line) => line.toLowerCase().includes(sought)) ||
      (isName && meaning(entry)?.id.toLowerCase() === sought),
    shown: (entry: LogEntryText, offsetMs: number): ShownEntry => ({
      ...entry,
      at: entry.at === null ? null : entry.at + offsetMs,
      means: meaning(entry) ?? null,
    }),
  };
}

const MOST_CHARACTERS = 20_000;

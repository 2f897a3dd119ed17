import { NEVER_LOGGED } from '../../proto/vocabulary/events.ts';
import { MESSAGES } from './messages.ts';
import type { Page } from './page.ts';

/** What the catalogue knows of a line: the id of its page, and its meaning in one sentence. */
export type LineMeaning = { id: string; means: string };

const EVENT = /\bevent=([a-z0-9_]+)/;
const firstSentence = (text: string): string => /^.*?[.:?!](?=\s|$)/.exec(text)?.[0] ?? text;

/** Names a line of a log with what stands below it: by its event, else by what is constant in a line of Connect. Nothing where it is not known. */
export function createLineMeaning(pages: readonly Page[]): (text: string) => LineMeaning | undefined {
  const byId = new Map(pages.map((page) => [page.id, page]));
  const meaning = (id: string): LineMeaning | undefined => {
    const page = byId.get(id);
    if (page === undefined) return undefined;
    return { id, means: page.kind === 'message' ? page.title : firstSentence(page.text[0] ?? page.title) };
  };
  return (text) => {
    const event = EVENT.exec(text)?.[1];
    const known = event === undefined ? undefined : meaning(event);
    if (known !== undefined) return known;
    const message = MESSAGES.find(({ matches }) => matches.test(text));
    if (message !== undefined) return meaning('page' in message ? message.page : message.id);
    const never = NEVER_LOGGED.find((one) => text.includes(one));
    return never === undefined ? undefined : meaning(never.replace('event=', ''));
  };
}

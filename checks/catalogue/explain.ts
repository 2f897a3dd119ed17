import type { Check } from '../check.ts';
import type { Rule } from '../rule.ts';
import { MESSAGES } from './messages.ts';
import type { Page } from './page.ts';
import { pagesOfAlerts } from './pages/alerts.ts';
import { pagesOfAttributes } from './pages/attributes.ts';
import { pagesOfDiagnoses } from './pages/diagnoses.ts';
import { pagesOfEvents } from './pages/events.ts';
import { pagesOfKeys } from './pages/keys.ts';
import { pagesOfMessages } from './pages/messages.ts';
import { pagesOfSteps } from './pages/steps.ts';
import { catalogueOf } from './runbook.ts';

/** A page for everything that has a name here: steps, causes, metrics, keys, log events and lines, alerts. */
export function pagesOf(checks: readonly Check[], rules: readonly Rule[]): Page[] {
  const steps = catalogueOf(checks);
  return [
    ...pagesOfSteps(steps, checks, rules),
    ...pagesOfDiagnoses(rules, steps),
    ...pagesOfAttributes(),
    ...pagesOfKeys(),
    ...pagesOfEvents(),
    ...pagesOfAlerts(steps),
    ...pagesOfMessages(),
  ];
}

const EVENT = /\bevent=([a-z0-9_]+)/i;
/** Words that can be an id: letters, digits and what joins them. */
const WORDS = /[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*/g;

/**
 * The page of an id, in any case, or of a log line: by its event, by what is constant in a line of Connect, or by the one name
 * in it that has a page. Nothing where none fits: a guess would mislead.
 */
export function findPage(asked: string, pages: readonly Page[]): Page | undefined {
  const byId = new Map(pages.map((page) => [page.id.toLowerCase(), page]));
  const find = (id: string) => byId.get(id.trim().toLowerCase());
  const whole = find(asked);
  if (whole) return whole;
  const event = EVENT.exec(asked)?.[1];
  const known = event === undefined ? undefined : find(event);
  if (known) return known;
  const never = pages.find(({ id, kind }) => kind === 'event' && id.includes(' ') && asked.includes(id));
  if (never) return never;
  const message = MESSAGES.find(({ matches }) => matches.test(asked));
  if (message) return find('page' in message ? message.page : message.id);
  const named = new Set((asked.match(WORDS) ?? []).filter((word) => /[._A-Z-]/.test(word.slice(1))).map(find));
  named.delete(undefined);
  return named.size === 1 ? [...named][0] : undefined;
}

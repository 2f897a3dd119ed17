import { RANGE_SECONDS } from '../../alerts/alert.ts';
import { promDuration } from '../../alerts/promql.ts';
import { EVERY_ALERT } from '../../alerts/table.ts';
import { sentence, under, type Page } from '../page.ts';
import type { CatalogueStep } from '../runbook.ts';

const ALERT = /^alert-/;
/** `NAME: expression for 5m`, as the catalogue keeps a rule. */
const RULE = /^(\w+): (.*?)(?: for (\w+))?$/;

/** The runbook's own rule of that name, where it has one. */
function ruleOf(steps: readonly CatalogueStep[], name: string): { step: string; says: string } | undefined {
  for (const { id, commands } of steps)
    for (const command of ALERT.test(id) ? commands : []) {
      const [, own, expression = '', lasting] = RULE.exec(command) ?? [];
      if (own === name) return { step: id, says: `${expression}${lasting === undefined ? '' : `, for ${lasting}`}` };
    }
  return undefined;
}

const lasts = (forSeconds: number): string =>
  forSeconds === 0
    ? `It compares counters over ${promDuration(RANGE_SECONDS)} and fires at once.`
    : `It looks at ${promDuration(RANGE_SECONDS)} and fires once it has held for ${promDuration(forSeconds)}.`;

/** A page for each alert under its own name; the catalogue's steps alert-* hold the runbook's rules. */
export const pagesOfAlerts = (steps: readonly CatalogueStep[]): Page[] =>
  EVERY_ALERT.map(({ id, title, heading, forSeconds, meaning, related }) => {
    const rule = ruleOf(steps, id);
    return {
      id,
      kind: 'alert',
      title: `Alert ${id}: ${title}`,
      text: [
        ...meaning.map(sentence),
        lasts(forSeconds),
        ...(rule === undefined ? [] : [`The runbook's rule: ${rule.says}.`]),
        under([heading]),
      ],
      commands: ['otlpctl alerts', 'otlpctl alerts rules', 'otlpctl doctor'],
      seeAlso: [...related, ...(rule === undefined ? [] : [rule.step])],
    };
  });

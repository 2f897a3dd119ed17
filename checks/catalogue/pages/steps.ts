import type { Check } from '../../check.ts';
import type { Rule } from '../../rule.ts';
import { sentence, under, type Page } from '../page.ts';
import type { CatalogueStep } from '../runbook.ts';

/** What a step's page leads to: the causes that explain it, at most this many. */
const MOST = 8;

/** A page for every step of the catalogue; a check's begins with its question and why it is asked. */
export const pagesOfSteps = (steps: readonly CatalogueStep[], checks: readonly Check[], rules: readonly Rule[]): Page[] =>
  steps.map(({ id, kind, title, headings, commands, otlpctl, state, note }) => {
    const check = checks.find((one) => one.id === id);
    const causes = rules.filter(({ explains }) => explains.includes(id)).map((rule) => rule.id);
    return {
      id,
      kind,
      title: check?.question ?? sentence(title),
      text: [
        ...(check ? [check.why] : []),
        ...(note === null ? [] : [note]),
        ...(state === 'planned' ? ['The command for it comes in a later version of otlpctl.'] : []),
        under(headings),
      ],
      commands: [...(state === 'runs' ? [otlpctl] : []), ...commands],
      seeAlso: causes.slice(0, MOST),
    };
  });

import { Chalk } from 'chalk';
import type { Status } from '../../checks/report.ts';

/** Colours add nothing that words do not say. Level 1 only: every terminal has these, and the writer lets no others pass. */
export type Theme = Record<Status | 'label' | 'headline' | 'command' | 'faint', (text: string) => string>;

export function themeOf(colour: boolean): Theme {
  const chalk = new Chalk({ level: colour ? 1 : 0 });
  return {
    ok: chalk.green,
    unknown: chalk.magenta,
    warning: chalk.yellow,
    critical: chalk.red,
    skipped: chalk.dim,
    label: chalk.bold,
    headline: chalk.bold,
    command: chalk.cyan,
    faint: chalk.dim,
  };
}

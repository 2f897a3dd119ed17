import type { Report, Status, StepResult } from '../../checks/report.ts';
import type { Renderer, RenderOptions } from './format.ts';
import { indented, wrap } from './layout.ts';
import { BLANK, paint, plain, type Line } from './line.ts';
import { span } from './numbers.ts';
import { themeOf } from './theme.ts';

/** Marks that mean the same without colour. */
const MARK: Readonly<Record<Status, string>> = { ok: 'ok', warning: 'WARN', critical: 'FAIL', unknown: '??', skipped: 'skip' };
const MARK_WIDTH = 6;

function oneStep(step: StepResult, column: number, { columns, verbosity }: RenderOptions): Line[] {
  const indent = 2 + MARK_WIDTH;
  const narrow = columns < indent + column + 30;
  const textIndent = narrow ? indent : indent + column;
  const [first = '', ...rest] = wrap(step.sentence, columns - textIndent);
  const failed = step.status === 'critical' || step.status === 'warning' || step.status === 'unknown';
  const more = [
    ...(failed && step.expected !== undefined ? wrap(`expected: ${step.expected}`, columns - textIndent) : []),
    ...(step.because === null ? [] : [`because of ${step.because}`]),
    ...(verbosity > 1 ? step.evidence.flatMap(({ source }) => wrap(`asked: ${source}`, columns - textIndent)) : []),
    ...(verbosity > 1 ? [`took: ${span(step.durationMs)}`] : []),
  ];
  const mark = { style: step.status, text: MARK[step.status].padEnd(MARK_WIDTH) } as const;
  return [
    narrow ? ['  ', mark, step.id] : ['  ', mark, step.id.padEnd(column), first],
    ...plain(indented(narrow ? [first, ...rest, ...more] : [...rest, ...more], textIndent)),
    ...(failed && step.byHand !== undefined ? [[' '.repeat(textIndent), { style: 'command', text: step.byHand } as const]] : []),
  ];
}

export function stepLines(report: Report, options: RenderOptions): Line[] {
  const column = Math.max(0, ...report.steps.map(({ id }) => id.length)) + 2;
  return [BLANK, ['  ', { style: 'label', text: 'Steps' }], ...report.steps.flatMap((step) => oneStep(step, column, options))];
}

/** `otlpctl check`: the steps and nothing else. */
export const renderSteps: Renderer = (renderings, options) =>
  renderings
    .map(({ report }) => {
      const column = Math.max(0, ...report.steps.map(({ id }) => id.length)) + 2;
      return paint(
        report.steps.flatMap((step) => oneStep(step, column, options)),
        themeOf(options.colour),
      );
    })
    .join('\n');

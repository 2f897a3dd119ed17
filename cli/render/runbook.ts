import { byHeading, type CatalogueStep } from '../../checks/catalogue/runbook.ts';
import { indented, wrap } from './layout.ts';
import { BLANK, paint, plain, styled, type Line } from './line.ts';
import { themeOf } from './theme.ts';

type Options = { columns: number; colour: boolean };

/** Of an action that cannot be run yet it matters more that it changes something. */
const markOf = ({ state, kind }: CatalogueStep): string => (state === 'runs' ? 'runs' : kind === 'action' ? 'action' : 'planned');

export const runbookListJson = (steps: readonly CatalogueStep[]): string => JSON.stringify({ schemaVersion: 1, steps });

/** Every step under every heading that names it, its command beside it or, where that is long, below it. */
export function runbookListText(steps: readonly CatalogueStep[], { columns, colour }: Options): string {
  const marks = Math.max(...steps.map((step) => markOf(step).length));
  const ids = Math.max(...steps.map(({ id }) => id.length));
  const row = (step: CatalogueStep): Line[] => {
    const head = `  ${markOf(step).padEnd(marks)}  ${step.id.padEnd(ids)}`;
    const beside = head.length + 2 + step.otlpctl.length <= columns;
    return beside ? [[`${head}  `, command(step)]] : [[head.trimEnd()], [' '.repeat(marks + 6), command(step)]];
  };
  const running = steps.filter(({ state }) => state === 'runs').length;
  const summary = `${running} of ${steps.length} steps run now. planned: the command comes in a later version. action: it changes something, and comes later too. More about one: otlpctl runbook show ID`;
  return paint(
    [
      ...byHeading(steps).flatMap((group) => [...styled('headline', [group.heading]), ...group.steps.flatMap(row), BLANK]),
      ...plain(wrap(summary, columns)),
    ],
    themeOf(colour),
  );
}

const command = ({ otlpctl, state }: CatalogueStep) => ({
  style: state === 'runs' ? ('command' as const) : ('faint' as const),
  text: otlpctl,
});

/** A step with what its commands are for this target. */
export type ShownStep = CatalogueStep & { question: string | null; here: { commands: string[]; otlpctl: string } };

export const runbookShowJson = (step: ShownStep): string => JSON.stringify({ schemaVersion: 1, step });

const block = (label: string, lines: readonly string[], style: 'command' | 'faint' | undefined): Line[] => {
  const shown = indented(
    lines.flatMap((line) => line.split('\n')),
    2,
  );
  return lines.length === 0 ? [] : [BLANK, ...styled('label', [label]), ...(style ? styled(style, shown) : plain(shown))];
};

export function runbookShowText(step: ShownStep, { columns, colour }: Options): string {
  const { here } = step;
  const differs = here.commands.join('\n') !== step.commands.join('\n');
  const text = (lines: string) => wrap(lines, columns - 2);
  return paint(
    [
      [{ style: 'headline', text: step.id }, `   ${step.kind}, ${step.state}`],
      ...plain(indented(wrap(step.question ?? `${step.title[0]!.toUpperCase()}${step.title.slice(1)}.`, columns - 2), 2)),
      ...block('In the runbook under', step.headings, undefined),
      ...block('Its commands', step.commands, 'faint'),
      ...block('The same for this target', differs ? here.commands : [], 'command'),
      ...block(step.note === null ? '' : 'Note', step.note === null ? [] : text(step.note), undefined),
      ...block(
        step.state === 'runs' ? 'With otlpctl' : 'With otlpctl, in a later version',
        [here.otlpctl],
        step.state === 'runs' ? 'command' : 'faint',
      ),
    ],
    themeOf(colour),
  );
}

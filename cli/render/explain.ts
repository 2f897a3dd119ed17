import type { Page } from '../../checks/catalogue/page.ts';
import { indented, wrap } from './layout.ts';
import { BLANK, paint, plain, styled, type Line } from './line.ts';
import { themeOf } from './theme.ts';

export const explainJson = (page: Page): string => JSON.stringify({ schemaVersion: 1, ...page });

export function explainText(
  { id, kind, title, text, commands, seeAlso }: Page,
  { columns, colour }: { columns: number; colour: boolean },
): string {
  const block = (label: string, lines: Line[]): Line[] => (lines.length === 0 ? [] : [BLANK, ...styled('label', [label]), ...lines]);
  return paint(
    [
      [{ style: 'headline', text: id }, `   ${kind}`],
      ...plain(indented(wrap(title, columns - 2), 2)),
      ...text.flatMap((paragraph) => [BLANK, ...plain(indented(wrap(paragraph, columns - 2), 2))]),
      ...block(
        'Commands',
        styled(
          'command',
          indented(
            commands.flatMap((command) => command.split('\n')),
            2,
          ),
        ),
      ),
      ...block('See also', seeAlso.length === 0 ? [] : plain(indented(wrap(seeAlso.join(', '), columns - 2), 2))),
    ],
    themeOf(colour),
  );
}

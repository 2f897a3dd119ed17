import type { ProducerPlan, ProducerSetting } from '../../checks/plans/producer.ts';
import type { RenderOptions } from './format.ts';
import { indented, labelled, wrap } from './layout.ts';
import { BLANK, paint, plain, styled, withLabel, type Line, type Style } from './line.ts';
import { themeOf } from './theme.ts';

const STYLE: Readonly<Record<ProducerSetting['status'], Style>> = { ok: 'ok', advice: 'warning', risk: 'critical', unknown: 'unknown' };
const COLUMN = 18;

export function producerText(connector: string, { settings, command, acks }: ProducerPlan, { columns, colour }: RenderOptions): string {
  const lines: Line[] = [
    ...plain([`Producer of ${connector}`]),
    ...settings.flatMap(({ name, status, sentence }) =>
      withLabel(STYLE[status], name, labelled(name, sentence, { indent: 2, column: COLUMN, width: columns })),
    ),
    BLANK,
    ...(command === null
      ? plain(['The first three are as the runbook has them.'])
      : [...styled('label', ['As the runbook has it, at no risk to records']), ...styled('command', indented([command], 2))]),
    BLANK,
    ...styled('label', ["The runbook's acks=1"]),
    ...plain(indented(wrap(acks.risk, columns - 2), 2)),
    ...styled('command', indented([acks.command], 2)),
  ];
  return paint(lines, themeOf(colour));
}

import type { BrokerRow, BrokersPlan } from '../../checks/plans/brokers.ts';
import type { Sourced } from '../../checks/plans/measured.ts';
import { bytes } from './capacity.ts';
import type { RenderOptions } from './format.ts';
import { labelled } from './layout.ts';
import { BLANK, paint, plain, withLabel, type Line, type Style } from './line.ts';
import { count } from './numbers.ts';
import { themeOf } from './theme.ts';

export type BrokersView = BrokersPlan & { connector: string | null; peak: Sourced; size: Sourced };

const LABEL: Readonly<Record<BrokerRow['what'], string>> = {
  ...{ in: 'Bytes in', out: 'Bytes out', idle: 'Idle', replication: 'Replicas', peak: 'At the peak' },
};
const STYLE: Readonly<Record<BrokerRow['status'], Style>> = { ok: 'ok', warning: 'warning', critical: 'critical', unknown: 'unknown' };
const COLUMN = 13;

export function brokersText({ connector, peak, size, rows }: BrokersView, { columns, colour }: RenderOptions): string {
  const row = (style: Style, label: string, text: string): Line[] =>
    withLabel(style, label, labelled(label, text, { indent: 2, column: COLUMN, width: columns }));
  const lines: Line[] = [
    ...plain([`Brokers behind ${connector ?? 'the connector'}`]),
    ...row('label', 'Peak', `${count(peak.value)} msg/s, ${peak.because}`),
    ...row('label', 'Record', `${bytes(size.value)}, ${size.because}`),
    BLANK,
    ...rows.flatMap(({ what, status, sentence }) => row(STYLE[status], LABEL[what], `${sentence}.`)),
  ];
  return paint(lines, themeOf(colour));
}

import { busiestOf } from '../../checks/plans/traffic.ts';
import type { Comparison, MeasuredPlan } from '../../checks/plans/measured.ts';
import { bytes, capacityJson, capacityText } from './capacity.ts';
import { labelled } from './layout.ts';
import { BLANK, paint, plain, withLabel, type Line, type Style } from './line.ts';
import { count } from './numbers.ts';
import { themeOf } from './theme.ts';

/** The plan's document with what was measured, what is live, and how they stand to each other. */
export function measuredDocument({
  plan,
  peak,
  burst,
  size,
  traffic,
  live,
  compared,
  forms,
  ceiling,
  partitions,
  missing,
}: MeasuredPlan): object {
  const origin = ({ from, because }: { from: string; because: string }) => ({ from, because });
  return {
    ...(JSON.parse(capacityJson(plan)) as object),
    measured: {
      peakPerSecond: peak.value,
      signals: traffic?.signals ?? null,
      busiest: traffic === null ? null : (busiestOf(traffic)?.signal ?? null),
      burstSeconds: burst.value,
      messageSizeBytes: size.value,
      seenSeconds: traffic?.seenSeconds ?? null,
      sources: { peak: origin(peak), burst: origin(burst), messageSize: origin(size) },
    },
    ...{ live, compared, ceiling, partitions, missing },
    formats: forms === null ? null : { ...forms, ratio: Math.round((forms.jsonBytes / forms.protobufBytes) * 100) / 100 },
  };
}

const STYLE: Readonly<Record<Comparison['status'], Style>> = { ok: 'ok', warning: 'warning', unknown: 'unknown' };
const LABEL: Readonly<Record<Comparison['what'], string>> = { queue: 'Queue', heap: 'Memory', format: 'Format' };
const COLUMN = 13;

export function measuredText(measured: MeasuredPlan, { columns, colour }: { columns: number; colour: boolean }): string {
  const { plan, peak, burst, size, live, compared, partitions, missing } = measured;
  const row = (style: Style, label: string, text: string): Line[] =>
    withLabel(style, label, labelled(label, text, { indent: 2, column: COLUMN, width: columns }));
  const name = live.connector ?? 'the target';
  const lines: Line[] = [
    ...plain([`Measured on ${name}${live.kind === 'unknown' ? '' : ` (${live.kind})`}`]),
    ...row('label', 'Peak', `${count(peak.value)} msg/s, ${peak.because}`),
    ...row('label', 'Burst', `${count(burst.value)} s, ${burst.because}`),
    ...row('label', 'Message', `${bytes(size.value)}, ${size.because}`),
    ...missing.flatMap((text) => row('unknown', 'Not seen', text)),
    BLANK,
    ...plain(['As it is']),
    ...compared.flatMap(({ what, status, sentence }) => row(STYLE[status], LABEL[what], sentence)),
    ...partitions.flatMap(({ sentence, wanted, partitions: now }) => row(now >= wanted ? 'ok' : 'warning', 'Partitions', sentence)),
    BLANK,
  ];
  return paint(lines, themeOf(colour)) + capacityText(plan, { columns, colour }, measured.split);
}

import type { CapacityPlan } from '../../checks/plans/capacity.ts';
import type { Split } from '../../checks/plans/sizing.ts';
import { indented, labelled, wrap } from './layout.ts';
import { BLANK, paint, plain, styled, withLabel, type Line } from './line.ts';
import { count } from './numbers.ts';
import { themeOf } from './theme.ts';

/** 1 KB = 1000 B, at most two digits behind the point. Source: runbook "Estimating Memory". */
export function bytes(value: number): string {
  const [unit, size] = (
    [
      ['TB', 1e12],
      ['GB', 1e9],
      ['MB', 1e6],
      ['KB', 1e3],
    ] as const
  ).find(([, from]) => value >= from) ?? ['B', 1];
  const shown = value / size;
  return `${Number.isInteger(shown) ? count(shown) : Number(shown.toFixed(2))} ${unit}`;
}

const WHY = { protobuf: 'above 1,000 msg/s', json: 'up to 1,000 msg/s' } as const;
const COLUMN = 9;
/** Columns that a reason needs to stand beside its number. */
const NARROW = 24;

/** The document of contract and scripts. */
export const capacityJson = ({ notes, ...plan }: CapacityPlan): string =>
  JSON.stringify({ schemaVersion: 1, ...plan, notes: notes.map(({ text }) => text) });

/** `split`: what was seen of a target: whose peak the queue is for, and that a bridge has no JVM. */
export function capacityText(
  plan: CapacityPlan,
  { columns, colour }: { columns: number; colour: boolean },
  { busiest, kind }: Split = { busiest: null, kind: 'unknown' },
): string {
  const { input, recommendedQueueSize, config, notes } = plan;
  const rows: [string, string, string][] = [
    [
      'Queue per signal',
      count(plan.queueSize),
      busiest === null
        ? `${exactly(input.peakPerSecond)} msg/s x ${exactly(input.burstSeconds)} s / 3 queues`
        : `${exactly(busiest.perSecond)} msg/s of ${busiest.signal} x ${exactly(input.burstSeconds)} s`,
    ],
    ['Recommended', count(recommendedQueueSize), `+ ${exactly(input.headroomPercent)} % headroom`],
    [
      'Memory',
      bytes(plan.queueMemoryBytes),
      `${count(recommendedQueueSize)} x ${bytes(input.messageSizeBytes)} x 3, about ${bytes(plan.memoryWithOverheadBytes)} with overhead`,
    ],
    ...(kind === 'bridge' ? [] : [['Heap', bytes(plan.heapBytes), '4 x, at least'] as [string, string, string]]),
    ['Format', plan.format, WHY[plan.format]],
  ];
  const wide = Math.max(...rows.map(([, value]) => value.length));
  const name = Math.max(...rows.map(([label]) => label.length)) + 2;
  const beside = columns - name - wide - 3;
  const table = rows.flatMap(([label, value, because]): Line[] => {
    const head = `${label.padEnd(name)}${value.padStart(wide)}`;
    // On a narrow terminal the reason stands below.
    if (beside < NARROW) return [...withLabel('label', label, [head]), ...plain(indented(wrap(because, columns - 2), 2))];
    const [first = '', ...rest] = wrap(because, beside);
    return withLabel('label', label, [`${head}   ${first}`, ...indented(rest, name + wide + 3)]);
  });
  const settings = [
    ...Object.entries(config).map(([key, value]) => `${key}=${value}`),
    ...(kind === 'bridge' ? [] : [`-Xmx${Math.ceil(plan.heapBytes / 1e6)}m`]),
  ];
  const remarks = notes.flatMap(({ text, beware }): Line[] => {
    const label = beware ? 'Beware' : 'Note';
    return withLabel(beware ? 'warning' : 'label', label, labelled(label, text, { indent: 0, column: COLUMN, width: columns }));
  });
  return paint(
    [...table, BLANK, ...styled('label', ['Set']), ...styled('command', indented(settings, COLUMN)), BLANK, ...remarks],
    themeOf(colour),
  );
}

/** As it was given, thousands apart. */
const exactly = (value: number): string => (Number.isInteger(value) ? count(value) : String(value));

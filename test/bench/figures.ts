/** One figure of a bench, and what it is to be. Without a goal it is there to be read. */
export type Figure = { what: string; reached: number; unit: string; atMost?: number; atLeast?: number };

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

const amount = (value: number, unit: string): string =>
  `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)}${unit === '' ? '' : ` ${unit}`}`;

/** The table of a run: figure, goal, reached, ok or missed. */
export const figureTable = (figures: readonly Figure[]): string[] => [
  '| figure | goal | reached | |',
  '|---|---|---|---|',
  ...figures.map(({ what, reached, unit, atMost, atLeast }) => {
    const limit = atMost ?? atLeast;
    if (limit === undefined) return `| ${what} |  | ${amount(reached, unit)} |  |`;
    const isMet = atMost === undefined ? reached >= limit : reached <= limit;
    const goal = `${atMost === undefined ? '≥' : '≤'} ${limit}${unit === '' ? '' : ` ${unit}`}`;
    return `| ${what} | ${goal} | ${amount(reached, unit)} | ${isMet ? 'ok' : 'missed'} |`;
  }),
];

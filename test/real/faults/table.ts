import type { Expected } from './fault.ts';
import type { Outcome } from './run-faults.ts';
import type { RunOptions } from './options.ts';

export type Row = readonly [fault: string, expected: string, given: string, exits: string, time: string, verdict: string];

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const TITLES: Row = ['fault', 'expected', 'given', 'exit (doctor, health)', 'time', 'verdict'];
const WIDTHS = [29, 32, 44, 22, 8, 0];

const exitsOf = ({ exit, healthExit = exit }: Expected): string => (healthExit === exit ? String(exit) : `${exit} and ${healthExit}`);

export function rowOf(outcome: Outcome): Row {
  const expected = `${outcome.expected.roots?.join(', ') ?? outcome.expected.first.join(' or ')}, ${exitsOf(outcome.expected)}`;
  if (!('given' in outcome)) {
    const isWaiting = outcome.verdict === 'waiting';
    return [outcome.id, expected, '', '', isWaiting ? '' : seconds(outcome.tookMs), `${outcome.verdict}: ${outcome.reason}`];
  }
  const { given } = outcome;
  const said = outcome.expected.roots === undefined ? given.first : given.roots.join(', ');
  return [outcome.id, expected, said, `${given.exit}, ${given.healthExit}`, seconds(outcome.tookMs), outcome.verdict];
}

const line = (row: Row): string =>
  row
    .map((cell, i) => cell.padEnd(WIDTHS[i]!))
    .join('  ')
    .trimEnd();
export const HEADINGS = line(TITLES);

/** One line; for a miss also what was said. */
export function asText(outcome: Outcome): string {
  const first = line(rowOf(outcome));
  if (outcome.verdict !== 'missed') return first;
  const { given } = outcome;
  return `${first}\n    ${given.sentence}\n    all: ${given.all.join(', ') || 'nothing'}\n    ${given.healthLine}`;
}

const cells = (row: readonly string[]): string =>
  `| ${row.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |\n`;

export const asMarkdown = (rows: readonly Row[], { stack, kafka }: RunOptions, versions: string): string =>
  `\n## ${stack === 'real' ? `Kafka ${kafka}` : 'Bridge'}, ${new Date().toISOString().slice(0, 16).replace('T', ' ')}\n\n${versions}\n\n` +
  `${cells(TITLES)}${cells(TITLES.map(() => '---'))}${rows.map(cells).join('')}`;

import { joinAddress } from '../../checks/address.ts';
import type { Json } from '../../checks/facts/index.ts';
import type { Diagnosis, Evidence, Remedy, Report, StepResult } from '../../checks/report.ts';
import { causeInOneLine, deepestCause } from '../../checks/derive/trace.ts';
import { capital } from '../../checks/derive/words.ts';
import { cut, indented, labelled, NARROW, wrap } from './layout.ts';
import { plain, styled, withLabel, type Line } from './line.ts';

/** How much of one blame fits on the first screen; without a limit everything is shown. */
export type Detail = { evidence: number; remedies: number; echoes: number; notes: number };
export const EVERYTHING: Detail = { evidence: Infinity, remedies: Infinity, echoes: Infinity, notes: Infinity };

const DO_NOW = 'Do now';
const OR = 'or';
const COLUMN = 9;

/** A Java trace, or its causes as a list, outermost first: all of it would fill the screen. */
function traceOf({ path, value }: Evidence): string | undefined {
  if (typeof value === 'string') return value.includes('\n') || path.endsWith('trace') ? value : undefined;
  const isList = Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
  return isList ? value.join('\nCaused by: ') : undefined;
}

/** A value as evidence shows it: text bare, a trace by its deepest cause (and what it caused, where all is wanted), a flat object in words. */
function shown(evidence: Evidence, whole: boolean): string {
  const { value } = evidence;
  const trace = traceOf(evidence);
  if (trace !== undefined) return whole ? causeInOneLine(trace) : deepestCause(trace);
  if (typeof value === 'string') return value;
  return inWords(value) ?? JSON.stringify(value);
}

/** A flat object, an address inside it at most, or a list of such: in words. */
function inWords(value: Evidence['value']): string | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  const rows = (Array.isArray(value) ? value : [value]).map((row) => {
    if (row === null || typeof row !== 'object' || Array.isArray(row)) return undefined;
    const cells = Object.entries(row).map(([key, inner]) =>
      inner !== null && typeof inner === 'object' ? addressIn(key, inner) : `${key} ${inner}`,
    );
    return cells.includes(undefined) ? undefined : cells.join(', ');
  });
  return rows.length === 0 || rows.includes(undefined) ? undefined : rows.join('; ');
}

function addressIn(key: string, value: Json): string | undefined {
  const { host, port, ...rest } = value as Record<string, Json>;
  return typeof host === 'string' && typeof port === 'number' && Object.keys(rest).length === 0
    ? `${key} ${joinAddress({ host, port })}`
    : undefined;
}

/** Paths that say less than what they are about. */
const LABEL: Readonly<Record<string, string>> = { samples: 'metrics', listeners: 'port owners', troubles: 'log' };

/** `tasks.0.state FAILED`, with where it was seen if that fits or if all is wanted. */
function evidenceLines(evidence: Evidence, width: number, whole: boolean): string[] {
  const { path, fact, source } = evidence;
  const seen = `${LABEL[path] ?? (path === '' ? fact : path)}: ${shown(evidence, whole)}`;
  if (whole) return wrap(`${seen} (${source})`, width);
  const both = `${seen}   (${source})`;
  return [both.length <= width ? both : cut(seen, width)];
}

export function evidence(diagnosis: Diagnosis, most: number, { indent, width }: { indent: number; width: number }): Line[] {
  const lines = diagnosis.evidence.slice(0, most).flatMap((one) => evidenceLines(one, width - indent, most === Infinity));
  return styled('faint', indented(lines, indent));
}

/** A command stands alone on its line and is never broken: it is there to be copied. */
function remedyLines(label: string, remedy: Remedy, { indent, width, byHand }: { indent: number; width: number; byHand: boolean }): Line[] {
  const loses = remedy.risk === 'data-loss' && !/\b(los[est]|discard|drop)/.test(remedy.sentence) ? '; loses messages' : '';
  const commands = [remedy.command, ...(byHand && remedy.byHand !== undefined && remedy.byHand !== remedy.command ? [remedy.byHand] : [])];
  const place = indent + COLUMN + 2;
  return [
    ...withLabel('label', label, labelled(label, remedy.sentence + loses, { indent, column: COLUMN, width })),
    ...commands.filter((command) => command !== '').map((command): Line => [' '.repeat(place), { style: 'command', text: command }]),
  ];
}

/** Remedies are ways to choose from, but for one that goes on from the one before. */
function inTurn(remedy: Remedy, index: number): { label: string; remedy: Remedy } {
  const sentence = remedy.sentence.trim();
  const goesOn = index > 0 && sentence.startsWith('Then ');
  return {
    label: index === 0 ? DO_NOW : goesOn ? 'then' : OR,
    remedy: { ...remedy, sentence: goesOn ? capital(sentence.slice('Then '.length)) : sentence },
  };
}

export function remedies(diagnosis: Diagnosis, most: number, place: { indent: number; width: number }): Line[] {
  return diagnosis.remedies
    .slice(0, most)
    .map(inTurn)
    .flatMap(({ label, remedy }) => remedyLines(label, remedy, { ...place, byHand: most === Infinity }));
}

type Echo = { id: string; sentence: string };

/** The root at the end of a chain of `because`. */
export function rootOf(report: Report, id: string): string {
  const seenIds = new Set<string>();
  for (let at = id; ;) {
    const because = report.diagnoses.find((diagnosis) => diagnosis.id === at)?.because;
    if (because === null || because === undefined || seenIds.has(at)) return at;
    seenIds.add(at);
    at = because;
  }
}

const isTrouble = ({ status }: StepResult) => status === 'critical' || status === 'warning' || status === 'unknown';

/** What this root explains: other diagnoses first, then the steps that saw it. */
export function echoes(report: Report, root: Diagnosis): Echo[] {
  const diagnoses = report.diagnoses.filter(({ because }) => because !== null && rootOf(report, because) === root.id);
  const steps = report.steps.filter((step) => isTrouble(step) && step.because !== null && rootOf(report, step.because) === root.id);
  const said = new Set([root.sentence, ...diagnoses.map(({ sentence }) => sentence)]);
  return [...diagnoses, ...steps.filter(({ sentence }) => !said.has(sentence))];
}

export function echoLines(label: string, all: readonly Echo[], most: number, width: number): Line[] {
  if (all.length === 0 || most === 0) return [];
  const some = all.slice(0, most);
  const column = Math.max(...some.map(({ id }) => id.length)) + 2;
  const beside = width - 4 - column;
  const rest = all.length - some.length;
  return [
    [''],
    ...withLabel('label', label, indented([label], 2)),
    ...some.flatMap(({ id, sentence }) => {
      if (most !== Infinity && beside < NARROW) return plain([`    ${id}`, `      ${cut(sentence, width - 6)}`]);
      if (most !== Infinity) return plain([`    ${id.padEnd(column)}${cut(sentence, beside)}`]);
      return plain(labelled(id, sentence, { indent: 4, column, width }));
    }),
    ...(rest > 0 ? plain([`    and ${rest} more`]) : []),
  ];
}

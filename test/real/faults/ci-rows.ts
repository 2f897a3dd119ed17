import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Fault, Section } from './fault.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const DAY_MS = 86_400_000;

/** The row of each section that every run takes: quick, and brought about by means that do not depend on the machine's load. */
const ALWAYS: Readonly<Record<Section, string>> = {
  1: 'grpc-port-squatted',
  2: 'worker-frozen',
  3: 'record-over-client-limit',
  4: 'burst-over-queue',
  5: 'ingress-html-502',
  6: 'signal-endpoint-without-path',
  9: 'rest-401-and-receivers-refused',
};

export const IN_EVERY_RUN: readonly string[] = Object.values(ALWAYS);

/** Files that the commits of the last day before HEAD touched. */
export function lastChanges(): string[] {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' });
  const head = Number(git('log', '-1', '--format=%ct')) * 1000;
  const since = new Date(head - DAY_MS).toISOString();
  return [...new Set(git('log', `--since=${since}`, '--name-only', '--format=').split('\n').filter(Boolean))];
}

/** Ids of the diagnoses that a changed file of rules defines. */
const diagnosesIn = (file: string): string[] =>
  file.startsWith('checks/rules/') && existsSync(resolve(ROOT, file))
    ? [...readFileSync(resolve(ROOT, file), 'utf8').matchAll(/^ {2}id: '([\w-]+)'/gm)].map(([, id]) => id!)
    : [];

/**
 * What a run of CI takes of the matrix, in the order in which it should be left off when time runs out: a row of each section, a tenth of all rows
 * that moves on every day, and the rows whose diagnosis stands in a file of rules that changed.
 */
export function rowsForCi(faults: readonly Fault[], now: number, changes: readonly string[]): string[] {
  const day = Math.floor(now / DAY_MS);
  const tenth = faults.filter((_, row) => row % 10 === day % 10).map(({ id }) => id);
  const touched = new Set(changes.flatMap(diagnosesIn));
  const changed = faults.filter(({ expect }) => expect.first.some((id) => touched.has(id))).map(({ id }) => id);
  return [...new Set([...IN_EVERY_RUN, ...tenth, ...changed])];
}

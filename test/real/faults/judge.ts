import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { otlpctl } from '../../doubles/otlpctl.ts';
import type { Expected } from './fault.ts';

/** Options of otlpctl and their values, as an operator gives them; none for one that he has not. */
export type Look = Partial<
  Record<
    | 'connect-url'
    | 'connector'
    | 'metrics-url'
    | 'log-file'
    | 'otlp-grpc'
    | 'otlp-http'
    | 'kafka'
    | 'connector-config'
    | 'expect'
    | 'client-env'
    | 'client-pid'
    | 'client-error',
    string
  >
>;

export type Given = {
  /** the first diagnosis above ok; `none` */
  first: string;
  all: readonly string[];
  /** the causes among them */
  roots: readonly string[];
  sentence: string;
  exit: number | null;
  healthExit: number | null;
  healthLine: string;
  doctorMs: number;
};

type Report = {
  summary: string;
  diagnoses: { id: string; status: string; sentence: string; because: string | null }[];
  error?: { message: string };
};

/** At least that long between the two looks of health: epochs are whole seconds. */
const APART_MS = 1100;

const words = (look: Look): string[] => Object.entries(look).flatMap(([option, value]) => [`--${option}`, value]);
/** health looks at the target alone. */
const ofTarget = (look: Look): Look => Object.fromEntries(Object.entries(look).filter(([option]) => !option.startsWith('client-')));
const perfdataOf = (line: string): string => line.split('|')[1]?.trim() ?? '';

/** Asks doctor, and health as a monitoring system does: with the figures of its last look. `record` is a folder for what was seen. */
export async function judge(look: Look, record: string): Promise<Given> {
  rmSync(record, { recursive: true, force: true });
  const before = await otlpctl(['health', ...words(ofTarget(look))]);
  const beforeAt = Math.floor(Date.now() / 1000);
  const startedAt = Date.now();
  const doctor = await otlpctl(['doctor', '--format', 'json', '--record', record, ...words(look)]);
  const doctorMs = Date.now() - startedAt;
  if (doctorMs < APART_MS) await pause(APART_MS - doctorMs);
  const previous = perfdataOf(before.stdout);
  const since = previous === '' ? [] : ['--previous', previous, '--previous-at', String(beforeAt)];
  const health = await otlpctl(['health', ...words(ofTarget(look)), ...since]);
  const report = JSON.parse(doctor.stdout) as Report;
  const found = (report.diagnoses ?? []).filter(({ status }) => status !== 'ok');
  mkdirSync(record, { recursive: true });
  writeFileSync(join(record, 'doctor.json'), doctor.stdout);
  return {
    first: found[0]?.id ?? 'none',
    all: found.map(({ id, status }) => `${id} ${status}`),
    roots: found.filter(({ because }) => because === null).map(({ id }) => id),
    sentence: found[0]?.sentence ?? report.summary ?? report.error?.message ?? '',
    exit: doctor.code,
    healthExit: health.code,
    healthLine: health.stdout.split('\n')[0]!,
    doctorMs,
  };
}

export const isRight = (expected: Expected, given: Given): boolean =>
  expected.first.includes(given.first) &&
  (expected.roots === undefined || expected.roots.join() === given.roots.join()) &&
  given.exit === expected.exit &&
  given.healthExit === (expected.healthExit ?? expected.exit);

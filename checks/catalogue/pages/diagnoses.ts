import type { OverallStatus, Scope } from '../../report.ts';
import type { Rule } from '../../rule.ts';
import { under, type Page } from '../page.ts';
import type { CatalogueStep } from '../runbook.ts';
import { COMING_DIAGNOSES } from './coming-diagnoses.ts';

const COUNTS: Readonly<Record<OverallStatus, string>> = {
  ok: 'A note: it changes neither status nor exit code.',
  unknown: 'Unknown, exit code 3: what it hides could not be judged.',
  warning: 'A warning, exit code 1: degraded or at risk while data flows.',
  critical: 'Critical, exit code 2.',
};

const weight = (status: OverallStatus, scope: Scope): string =>
  scope === 'client'
    ? 'A fault of a client: the exit code stays that of the target, unless its own counters or log show it failing.'
    : COUNTS[status];

/** What of the catalogue belongs to a heading: first what can be done, then what can be looked at. */
const MOST = { does: 4, looks: 3, all: 12 };

type Cause = Pick<Rule, 'id' | 'scope' | 'status' | 'explains' | 'heading' | 'meaning'> & { finds: string };

function pageOf({ id, scope, status, explains, heading, meaning, finds }: Cause, steps: readonly CatalogueStep[]): Page {
  const own = steps.filter((step) => step.heading === heading);
  const looks = own.filter(({ kind, state }) => kind === 'check' && state === 'runs').slice(0, MOST.looks);
  const does = own.filter(({ kind }) => kind !== 'check').slice(0, MOST.does);
  return {
    id,
    kind: 'diagnosis',
    title: `Diagnosis ${id}`,
    text: [meaning, weight(status, scope), finds, under([heading])],
    commands: ['otlpctl doctor', ...looks.map(({ otlpctl }) => otlpctl)],
    seeAlso: [...new Set([...[...does, ...looks].map((step) => step.id), ...explains])].filter((other) => other !== id).slice(0, MOST.all),
  };
}

/** A page for every cause that doctor names, and for those of the contract that it cannot name yet. */
export function pagesOfDiagnoses(rules: readonly Rule[], steps: readonly CatalogueStep[]): Page[] {
  const known = new Set(rules.map(({ id }) => id));
  return [
    ...rules.map((rule) => pageOf({ ...rule, finds: 'doctor names it with its evidence and what to do.' }, steps)),
    ...COMING_DIAGNOSES.filter(({ id }) => !known.has(id)).map((cause) =>
      pageOf({ explains: [], ...cause, finds: 'This version of doctor does not name it by itself; the id is kept for it.' }, steps),
    ),
  ];
}

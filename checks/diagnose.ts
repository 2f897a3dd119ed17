import type { Check } from './check.ts';
import { otlpctl } from './derive/commands.ts';
import { lookedOf } from './derive/looked.ts';
import { lossOf } from './derive/loss.ts';
import { summaryOf } from './derive/summary.ts';
import type { Fact, Facts } from './facts/index.ts';
import { isSeen, seen } from './facts/index.ts';
import { joinAddress } from './address.ts';
import { nowOf } from './derive/log.ts';
import type { Diagnosis, OverallStatus, Report, StepResult, Verdict } from './report.ts';
import { worst } from './report.ts';
import { linked } from './link.ts';
import type { Rule } from './rule.ts';
import { RULES } from './rules/index.ts';
import { STEPS } from './steps/index.ts';
import { THRESHOLDS } from './thresholds.ts';
import type { Thresholds } from './thresholds.ts';
import { pathOf } from './tree.ts';

/** Judges facts: every step, every rule, what explains what. Pure, so the same facts give the same report, byte for byte. */
export function diagnose(
  facts: Facts,
  thresholds: Thresholds = THRESHOLDS,
  rules: readonly Rule[] = RULES,
  steps: readonly Check[] = STEPS,
): Report {
  const verdicts: Record<string, Verdict> = Object.fromEntries(steps.map((step) => [step.id, step.evaluate(facts, thresholds)]));
  const diagnoses = linked(rules, { facts, verdicts, thresholds });
  const run = seen(facts, 'run');
  const root = diagnoses.find((diagnosis) => diagnosis.status !== 'ok' && diagnosis.because === null);
  return {
    schemaVersion: 1,
    otlpctl: run?.otlpctl ?? 'unknown',
    at: new Date(run?.startedAt ?? nowOf(facts)).toISOString(),
    durationMs: run?.durationMs ?? 0,
    target: targetOf(facts),
    status: statusOf(diagnoses),
    summary: summaryOf(facts, root),
    next: nextOf(facts, diagnoses),
    diagnoses,
    path: pathOf(verdicts, facts),
    steps: steps.map((step) => stepResult(facts, step, verdicts[step.id] ?? step.evaluate(facts, thresholds), diagnoses, rules)),
    loss: lossOf(facts),
    looked: { requests: run?.requests ?? 0, ...lookedOf(facts) },
  };
}

/** Client causes leave the status as it is, unless the target's own log or counters show them. Source: contract, "Exit codes". */
const isShownByTarget = (diagnosis: Diagnosis): boolean => diagnosis.evidence.some(({ fact }) => fact === 'log' || fact === 'metrics');

/** What follows from a client's cause alone, such as stillness, is no fault of the target. */
const isOfClient = (diagnosis: Diagnosis, all: readonly Diagnosis[]): boolean =>
  all.some(({ id, scope }) => id === diagnosis.because && scope === 'client');

export const statusOf = (diagnoses: readonly Diagnosis[]): OverallStatus =>
  worst(
    diagnoses
      .filter((diagnosis) => diagnosis.scope !== 'client' || isShownByTarget(diagnosis))
      .filter((diagnosis) => !isOfClient(diagnosis, diagnoses))
      .map((diagnosis) => (diagnosis.scope === 'client' && diagnosis.status === 'critical' ? 'warning' : diagnosis.status)),
  );

function targetOf(facts: Facts): Report['target'] {
  const target = seen(facts, 'target');
  const metrics = seen(facts, 'metrics');
  const http = target?.http ?? null;
  return {
    connector: target?.connector ?? null,
    connectUrl: target?.connectUrl ?? null,
    otlpGrpc: target?.grpc == null ? null : joinAddress(target.grpc),
    otlpHttp: http === null ? null : `${http.tls === true ? 'https' : 'http'}://${joinAddress(http)}${http.path ?? ''}`,
    metricsUrl: metrics?.url ?? target?.metricsUrl ?? null,
    kind: target?.kind ?? 'unknown',
    version: seen(facts, 'rest.root')?.version ?? null,
  };
}

/** The commands of the first cause, then one of each other cause; for a healthy target a look at its numbers. */
function nextOf(facts: Facts, diagnoses: readonly Diagnosis[]): string[] {
  const roots = diagnoses.filter((diagnosis) => diagnosis.status !== 'ok' && diagnosis.because === null);
  const [first, ...others] = roots;
  if (first === undefined) return isSeen(facts.metrics) ? [otlpctl(facts, 'metrics')] : [];
  const commands = [...first.remedies, ...others.flatMap((diagnosis) => diagnosis.remedies.slice(0, 1))].map((remedy) => remedy.command);
  return [...new Set([...commands, `otlpctl explain ${first.id}`])];
}

const NEEDS_ANSWER = ['warning', 'critical', 'unknown'];

function stepResult(facts: Facts, step: Check, verdict: Verdict, diagnoses: readonly Diagnosis[], rules: readonly Rule[]): StepResult {
  const explains = (diagnosis: Diagnosis): boolean => rules.find((rule) => rule.id === diagnosis.id)?.explains.includes(step.id) ?? false;
  const because = NEEDS_ANSWER.includes(verdict.status)
    ? diagnoses.find((diagnosis) => diagnosis.status !== 'ok' && explains(diagnosis))
    : undefined;
  const durationMs = Math.max(0, ...step.needs.map((id) => (facts[id] as Fact<unknown>).ms));
  return { ...verdict, id: step.id, because: because?.id ?? null, durationMs, runbook: step.heading };
}

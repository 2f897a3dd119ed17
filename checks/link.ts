import type { Diagnosis, OverallStatus, Scope } from './report.ts';
import { STATUSES } from './report.ts';
import { LAYERS } from './rule.ts';
import type { Finding, Rule, View } from './rule.ts';

/** Rules found, linked by what explains what, and put into the order in which a person should act. */

type Found = { rule: Rule; finding: Finding; status: OverallStatus; scope: Scope };

const rank = ({ status }: Found): number => STATUSES.indexOf(status);

/** Target before client and observer, worst first, then the deeper layer, then the greater loss. */
const inOrder = (a: Found, b: Found): number =>
  Number(b.scope === 'target') - Number(a.scope === 'target') ||
  rank(b) - rank(a) ||
  LAYERS.indexOf(a.rule.layer) - LAYERS.indexOf(b.rule.layer) ||
  (b.finding.loss ?? 0) - (a.finding.loss ?? 0);

const findings = (rules: readonly Rule[], view: View): Found[] =>
  rules.flatMap((rule) => {
    const finding = rule.when(view);
    return finding === undefined ? [] : [{ rule, finding, status: finding.status ?? rule.status, scope: finding.scope ?? rule.scope }];
  });

export function linked(rules: readonly Rule[], view: View): Diagnosis[] {
  const causes = findings(
    rules.filter((rule) => rule.afterOthers !== true),
    view,
  );
  // A cause that --expect makes a note accounts for its echoes all the same.
  const explained = new Set(causes.flatMap(({ rule }) => rule.explains));
  const rest = findings(
    rules.filter((rule) => rule.afterOthers === true),
    { ...view, explained },
  );
  const found = [...causes, ...rest].sort(inOrder);
  const because = new Map(found.map((one) => [one.rule.id, explainerOf(one, found)]));
  const roots = found.filter((one) => one.status !== 'ok' && because.get(one.rule.id) === null);
  const notes = found.filter((one) => one.status === 'ok');
  const ordered = [...roots.flatMap((root) => [root, ...echoesOf(root, found, because)]), ...notes];
  return ordered.map(({ rule, finding, status, scope }) => ({
    id: rule.id,
    status,
    scope,
    signal: finding.signal ?? null,
    sentence: finding.sentence,
    because: because.get(rule.id) ?? null,
    evidence: finding.evidence,
    remedies: rule.remedies(view, finding),
    runbook: rule.heading,
  }));
}

const explains = (cause: Found, other: Found): boolean =>
  cause !== other && cause.status !== 'ok' && cause.rule.explains.includes(other.rule.id);

/** The cause of a finding: one that nothing explains in its turn, where there is one. A note needs no cause. */
function explainerOf(one: Found, found: readonly Found[]): string | null {
  if (one.status === 'ok') return null;
  const causes = found.filter((cause) => explains(cause, one));
  const root = causes.find((cause) => !found.some((deeper) => explains(deeper, cause)));
  return (root ?? causes[0])?.rule.id ?? null;
}

const echoesOf = (root: Found, found: readonly Found[], because: ReadonlyMap<string, string | null>): Found[] =>
  found.filter((one) => because.get(one.rule.id) === root.rule.id).flatMap((one) => [one, ...echoesOf(one, found, because)]);

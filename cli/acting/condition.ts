import { backlogOf } from '../../checks/derive/queue.ts';
import { connectorView } from '../../checks/derive/connector.ts';
import { diagnose } from '../../checks/diagnose.ts';
import type { Facts } from '../../checks/facts/index.ts';
import type { Report } from '../../checks/report.ts';

/** How the target is, as doctor would say it: kept before and after an action. Secrets of the configuration are tokens. */
export type Condition = {
  at: string;
  status: Report['status'];
  summary: string;
  state: string | null;
  tasks: { id: number; state: string }[];
  queued: number | null;
  diagnoses: { id: string; status: string; sentence: string }[];
  steps: Record<string, string>;
  config: Readonly<Record<string, string>> | null;
};

export function conditionOf(facts: Facts, report: Report = diagnose(facts)): Condition {
  const view = connectorView(facts);
  return {
    at: report.at,
    status: report.status,
    summary: report.summary,
    state: view.state ?? null,
    tasks: view.tasks.map(({ id, state }) => ({ id, state })),
    queued: backlogOf(facts)?.messages ?? null,
    diagnoses: report.diagnoses.map(({ id, status, sentence }) => ({ id, status, sentence })),
    steps: Object.fromEntries(report.steps.map(({ id, status }) => [id, status])),
    config: view.config,
  };
}

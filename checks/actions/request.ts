import { connectorUrl } from '../derive/commands.ts';
import { connectorView } from '../derive/connector.ts';
import type { Facts, Json } from '../facts/index.ts';
import type { Assumption, ConnectRequest, Goal, WaitStep } from './plan.ts';

/** A request to this connector; `path` stands behind its URL. */
export const toConnector = (facts: Facts, method: ConnectRequest['method'], path: string, does: string, body?: Json): ConnectRequest => ({
  kind: 'request',
  method,
  url: connectorUrl(facts, path),
  body: body === undefined ? null : JSON.stringify(body),
  does,
});

const STATES = { open: 'both ports accept', closed: 'its ports are closed', any: '' } as const;

/** `until connector and task are RUNNING and both ports accept` */
export function waitFor(goal: Goal, deadlineMs: number): WaitStep {
  const who =
    goal.connector === 'absent'
      ? 'Connect has it no more'
      : goal.tasks === 'any'
        ? `the connector is ${goal.connector}`
        : goal.tasks === 'none'
          ? `the connector is ${goal.connector} and has no task`
          : goal.task !== undefined
            ? `task ${goal.task} is ${goal.tasks}`
            : `connector and task are ${goal.connector}`;
  const keys = Object.keys(goal.config ?? {});
  const parts = [who, ...(keys.length === 0 ? [] : ['the live configuration has the new values']), STATES[goal.ports]].filter(
    (part) => part !== '',
  );
  return { kind: 'wait', goal, deadlineMs, does: `until ${parts.join(' and ')}` };
}

/** What is so now. */
export function assumed(facts: Facts): Assumption {
  const view = connectorView(facts);
  return { state: view.existence === 'absent' ? null : (view.state ?? null), config: view.config };
}

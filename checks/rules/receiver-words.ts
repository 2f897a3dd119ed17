import { connectorView } from '../derive/connector.ts';
import { quote } from '../derive/evidence.ts';
import type { ReceiverView } from '../derive/receivers.ts';
import { restView } from '../derive/rest.ts';
import { isWorkerDown, isWorkerFrozen, isWorkerLost, kafkaGone } from '../derive/worker.ts';
import type { Facts } from '../facts/index.ts';
import { RECEIVER_STEPS, TRAFFIC_IDS } from './echoes.ts';

/** What the rules about receivers share. */

export const EXPLAINS = [...RECEIVER_STEPS, ...TRAFFIC_IDS] as const;
export const HEADING = 'Issue 1: OTLP Receivers Not Listening';

export const quotes = (facts: Facts, views: readonly ReceiverView[]) => views.map((view) => quote(facts, view.fact));

/** Ports are open while the task is RUNNING or PAUSED; without Connect an address that was given is taken at its word. */
export function shouldServe(facts: Facts, view: ReceiverView): boolean {
  if (view.state === 'off' || isWorkerDown(facts) || isWorkerFrozen(facts) || kafkaGone(facts) !== undefined || isWorkerLost(facts))
    return false;
  const connector = connectorView(facts);
  if (connector.status === undefined) return view.given && restView(facts).state !== 'answers';
  const open = (state: string): boolean => state === 'RUNNING' || state === 'PAUSED';
  return !view.assumed && open(connector.state ?? '') && connector.tasks.length > 0 && connector.tasks.every((task) => open(task.state));
}

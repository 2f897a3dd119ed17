import { connectorView } from '../derive/connector.ts';
import { backlogOf } from '../derive/queue.ts';
import { list, messages } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { defineAction } from './action.ts';
import { waitFor } from './request.ts';
import { nameOf, placeOf } from './words.ts';

/** Who stops with the worker, by the worker that Connect names for each; of a connector without one nobody can tell. */
function stops(facts: Facts): string[] {
  const all = Object.entries(seen(facts, 'rest.list') ?? {});
  if (all.length === 0) return ['Every connector of this worker stops; which ones could not be seen.'];
  const worker = seen(facts, 'target')?.workerId ?? null;
  const isOn = ({ status }: (typeof all)[number][1]): boolean =>
    worker === null || status.connector.worker_id === worker || status.tasks.some((task) => task.worker_id === worker);
  const named = all.filter(([, one]) => isOn(one)).map(([name]) => name);
  const others = all.length - named.length;
  return [
    named.length === 0 ? `Nothing of this Connect runs on ${worker}.` : `Every connector of this worker stops: ${list(named)}.`,
    ...(others === 0 ? [] : [`${others === 1 ? '1 connector' : `${others} connectors`} of this Connect run on other workers and go on.`]),
  ];
}

/** Runbook "Emergency Shutdown", option 3. The worker's own state is what is wrong, so nothing of it is asked for first. */
export const workerRestart = defineAction<{ command: readonly string[] }>({
  id: 'shutdown worker',
  plan({ facts, input: { command }, waitMs }) {
    const stopped = stops(facts);
    const { state } = connectorView(facts);
    const queued = backlogOf(facts)?.messages;
    return {
      action: this.id,
      title: `Restart the Connect worker at ${placeOf(facts)}`,
      costs: [
        ...stopped,
        queued === undefined
          ? 'What is queued is discarded; how much that is could not be seen.'
          : `${messages(queued)} of ${nameOf(facts)} are queued; what no stop hands on is discarded.`,
        'In a cluster the tasks may wait scheduled.rebalance.max.delay.ms (5 minutes) before they start elsewhere.',
      ],
      risk: 'outage',
      steps: [
        { kind: 'command', command, deadlineMs: waitMs, does: 'restarts the worker' },
        ...(state === 'RUNNING' ? [waitFor({ connector: 'RUNNING', tasks: 'RUNNING', ports: 'open', anew: true }, waitMs)] : []),
      ],
      instead: [],
      consent: { by: 'name', name: connectorView(facts).name ?? placeOf(facts) },
      assumes: null,
    };
  },
});

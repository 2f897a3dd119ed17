import { connectorView } from '../derive/connector.ts';
import { backlogOf } from '../derive/queue.ts';
import { list, messages } from '../derive/words.ts';
import { seen } from '../facts/index.ts';
import { defineAction } from './action.ts';
import { waitFor } from './request.ts';
import { nameOf, placeOf } from './words.ts';

/** Runbook "Emergency Shutdown", option 3. The worker's own state is what is wrong, so nothing of it is asked for first. */
export const workerRestart = defineAction<{ command: readonly string[] }>({
  id: 'shutdown worker',
  plan({ facts, input: { command }, waitMs }) {
    const names = Object.keys(seen(facts, 'rest.list') ?? {});
    const all =
      names.length === 0
        ? 'Every connector of this worker stops; which ones could not be seen.'
        : `Every connector of this worker stops: ${list(names)}.`;
    const { state } = connectorView(facts);
    const queued = backlogOf(facts)?.messages;
    return {
      action: this.id,
      title: `Restart the Connect worker at ${placeOf(facts)}`,
      costs: [
        all,
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

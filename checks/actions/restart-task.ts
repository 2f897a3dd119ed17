import { connectorView } from '../derive/connector.ts';
import { otlpctl } from '../derive/commands.ts';
import { list } from '../derive/words.ts';
import { defineAction } from './action.ts';
import { guarded } from './guard.ts';
import { missing } from './not-there.ts';
import { refuse } from './plan.ts';
import { assumed, toConnector, waitFor } from './request.ts';
import { costsOfStop, nameOf, placeOf, riskOfStop, shortOutage } from './words.ts';

/** Runbook "Restart specific task". */
export const restartTask = defineAction<{ task: number }>({
  id: 'connector restart-task',
  plan(view) {
    const { facts, input, waitMs } = view;
    const no = missing(facts);
    if (no !== undefined) return no;
    const { state, tasks } = connectorView(facts);
    const task = tasks.find(({ id }) => id === input.task);
    if (task === undefined) {
      const there = tasks.length === 0 ? 'it has none' : `it has ${list(tasks.map(({ id }) => String(id)))}`;
      const hint = state === 'STOPPED' ? otlpctl(facts, 'connector resume') : otlpctl(facts, 'connector status');
      return refuse(`${nameOf(facts)} (${state}) has no task ${input.task}: ${there}`, hint);
    }
    const looped = guarded(view);
    if (looped !== undefined) return looped;
    const target = state === 'PAUSED' ? 'PAUSED' : 'RUNNING';
    return {
      action: this.id,
      title: `Restart task ${task.id} of ${nameOf(facts)} on ${placeOf(facts)} (it is ${task.state})`,
      costs: costsOfStop(facts, shortOutage(facts)),
      risk: riskOfStop(facts, 'restart'),
      steps: [
        toConnector(facts, 'POST', `/tasks/${task.id}/restart`, `restarts task ${task.id}`),
        waitFor({ connector: target, tasks: target, task: task.id, ports: 'open', anew: true }, waitMs),
      ],
      instead: [{ sentence: 'loses nothing (senders must pause)', command: otlpctl(facts, 'drain-restart') }],
      consent: { by: 'yes' },
      assumes: assumed(facts),
    };
  },
});

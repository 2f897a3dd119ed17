import { connectorView } from '../derive/connector.ts';
import { otlpctl } from '../derive/commands.ts';
import { list } from '../derive/words.ts';
import { defineAction } from './action.ts';
import { guarded } from './guard.ts';
import { missing } from './not-there.ts';
import { refuse, type Plan } from './plan.ts';
import { assumed, toConnector, waitFor } from './request.ts';
import { costsOfStop, nameOf, others, placeOf, riskOfStop, shortOutage, withTasks } from './words.ts';

/** Runbook "Restart connector": with its tasks, which the runbook's own command leaves as they are. */
export const restart = defineAction<{ onlyFailed: boolean }>({
  id: 'connector restart',
  plan(view) {
    const { facts, input, waitMs } = view;
    const no = missing(facts);
    if (no !== undefined) return no;
    const { state, tasks } = connectorView(facts);
    if (state === 'STOPPED')
      return refuse(`${nameOf(facts)} is STOPPED and has no task: a restart starts nothing`, otlpctl(facts, 'connector resume'));
    const failed = tasks.filter((task) => task.state === 'FAILED').map(({ id }) => `task ${id}`);
    const idle = input.onlyFailed && failed.length === 0 && state !== 'FAILED';
    const looped = idle ? undefined : guarded(view);
    if (looped !== undefined) return looped;
    const target = state === 'PAUSED' ? 'PAUSED' : 'RUNNING';
    const what = input.onlyFailed ? ` (what is FAILED: ${list(failed) || 'the connector'})` : withTasks(facts);
    const keeps = input.onlyFailed && tasks.some((task) => task.state !== 'FAILED') ? ['Tasks that run go on.'] : [];
    return {
      action: this.id,
      title: `Restart ${nameOf(facts)}${what} on ${placeOf(facts)}`,
      costs: [...costsOfStop(facts, shortOutage(facts)), ...keeps, ...others(facts)],
      risk: riskOfStop(facts, 'restart'),
      steps: [
        toConnector(facts, 'POST', `/restart?includeTasks=true&onlyFailed=${input.onlyFailed}`, 'restarts the connector and its tasks'),
        waitFor({ connector: target, tasks: target, ports: 'open', anew: true }, waitMs),
      ],
      instead: [{ sentence: 'loses nothing (senders must pause)', command: otlpctl(facts, 'drain-restart') }],
      consent: { by: 'yes' },
      assumes: assumed(facts),
      ...(idle ? { already: `nothing of ${nameOf(facts)} is FAILED` } : {}),
    } satisfies Plan;
  },
});

import { connectorView, isRunning } from '../derive/connector.ts';
import { backlogOf } from '../derive/queue.ts';
import { messages } from '../derive/words.ts';
import { defineAction } from './action.ts';
import { missing } from './not-there.ts';
import { assumed, toConnector, waitFor } from './request.ts';
import { nameOf, placeOf } from './words.ts';

/** Runbook "Restart Connector". */
export const resume = defineAction<object>({
  id: 'connector resume',
  kept: true,
  plan({ facts, waitMs, diagnoses }) {
    const no = missing(facts);
    if (no !== undefined) return no;
    const view = connectorView(facts);
    const waiting = backlogOf(facts)?.messages ?? 0;
    const topic = diagnoses.find(({ id, status }) => id === 'topic-missing' && status !== 'ok');
    return {
      action: this.id,
      title: `Resume ${nameOf(facts)} on ${placeOf(facts)} (it is ${view.state})`,
      costs: [
        view.state === 'STOPPED' ? 'The task starts and opens its ports.' : 'The queues drain again.',
        ...(view.state === 'PAUSED' && waiting > 0 ? [`${messages(waiting)} that wait go to Kafka.`] : []),
        ...(topic === undefined ? [] : [`It will block: ${topic.sentence}`]),
      ],
      risk: 'none',
      steps: [
        toConnector(facts, 'PUT', '/resume', 'starts or goes on'),
        waitFor({ connector: 'RUNNING', tasks: 'RUNNING', ports: 'open' }, waitMs),
      ],
      instead: [],
      consent: { by: 'yes' },
      assumes: assumed(facts),
      ...(isRunning(view) ? { already: `${nameOf(facts)} is RUNNING` } : {}),
    };
  },
});

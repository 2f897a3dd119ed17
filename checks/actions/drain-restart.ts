import { connectorView, isRunning } from '../derive/connector.ts';
import { otlpctl } from '../derive/commands.ts';
import { span } from '../derive/words.ts';
import { seen } from '../facts/index.ts';
import { defineAction } from './action.ts';
import { guarded } from './guard.ts';
import { missing } from './not-there.ts';
import { refuse } from './plan.ts';
import { assumed, toConnector, waitFor } from './request.ts';
import { readingOf, stakeInWords } from './still.ts';
import { nameOf, others, placeOf, shortOutage } from './words.ts';

/** Causes with which nothing drains, however long one waits. */
const NO_KAFKA = ['kafka-unreachable', 'kafka-unresponsive', 'kafka-advertised-unreachable', 'topic-missing', 'topic-not-writable'];

/** What the runbook's "pause, sleep 10, resume" is meant to be: nothing that was accepted is lost. The connector stays RUNNING, for a paused one drains nothing. */
export const drainRestart = defineAction<{ acceptLoss: boolean }>({
  id: 'drain-restart',
  windowSeconds: 1,
  plan(view) {
    const { facts, input, waitMs, diagnoses } = view;
    const no = missing(facts);
    if (no !== undefined) return no;
    const connector = connectorView(facts);
    if (!isRunning(connector))
      return refuse(
        `${nameOf(facts)} is not RUNNING with its task, and only a running one drains its queues`,
        otlpctl(facts, connector.state === 'PAUSED' ? 'connector resume' : 'doctor'),
      );
    const kafka = diagnoses.find(({ id, status }) => NO_KAFKA.includes(id) && status !== 'ok');
    if (kafka !== undefined) return refuse(`nothing can drain: ${kafka.sentence.replace(/\.$/, '')}`, 'see otlpctl doctor');
    const reading = readingOf(facts);
    if (reading === undefined)
      return refuse(
        'the metrics cannot be read, so nobody can tell when the queues are empty',
        'give --metrics-url, or otlpctl connector restart, which discards what is queued',
      );
    const looped = guarded(view);
    if (looped !== undefined) return looped;
    const isBridge = seen(facts, 'target')?.kind === 'bridge';
    return {
      action: this.id,
      title: `Drain ${nameOf(facts)} on ${placeOf(facts)}, then restart it and its task`,
      costs: [
        `Stop the senders now: while they send, nothing gets still. Now: ${stakeInWords(undefined, reading)}.`,
        ...(reading.unacknowledged === null && !isBridge
          ? ["Kafka's acknowledgements cannot be seen from here: an empty queue alone is not yet stored."]
          : []),
        input.acceptLoss
          ? `Not still in ${span(waitMs)}: it is restarted all the same, and what is queued then is lost.`
          : `Not still in ${span(waitMs)}: nothing is restarted.`,
        shortOutage(facts),
        ...others(facts),
      ],
      risk: input.acceptLoss ? 'data-loss' : 'restart',
      steps: [
        {
          kind: 'still',
          deadlineMs: waitMs,
          acceptLoss: input.acceptLoss,
          does: 'until nothing comes in and nothing waits, at two looks in a row',
        },
        toConnector(facts, 'POST', '/restart?includeTasks=true&onlyFailed=false', 'restarts the connector and its tasks'),
        waitFor({ connector: 'RUNNING', tasks: 'RUNNING', ports: 'open', anew: true }, waitMs),
      ],
      instead: [],
      consent: { by: 'yes' },
      assumes: assumed(facts),
    };
  },
});

import { backlogOf } from '../derive/queue.ts';
import { connectorView } from '../derive/connector.ts';
import { otlpctl } from '../derive/commands.ts';
import { count, span } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { flowOf } from '../derive/series.ts';
import { defineAction } from './action.ts';
import { missing } from './not-there.ts';
import { refuse } from './plan.ts';
import { assumed, toConnector, waitFor } from './request.ts';
import { nameOf, placeOf } from './words.ts';

/** How long the queues last at the rate that comes in now. Source: connector-facts, "Lifecycle": pausing stops poll() only. */
function fill(facts: Facts): string {
  const backlog = backlogOf(facts);
  const flow = flowOf(seen(facts, 'metrics'));
  const perSecond = flow === undefined || flow.received === null ? null : (flow.received * 1000) / flow.spanMs;
  const capacity = backlog?.capacity ?? null;
  const after =
    seen(facts, 'target')?.kind === 'bridge' ? 'then senders are refused' : 'then messages are dropped, and over gRPC senders are told OK';
  if (backlog === undefined || capacity === null) return `The queues fill, ${after}.`;
  const now = `${count(backlog.messages)} waiting, ${count(capacity)} places a signal`;
  if (perSecond === null || perSecond <= 0) return `The queues fill (${now}), ${after}.`;
  const seconds = Math.max(0, capacity - backlog.fullest.messages) / perSecond;
  return `The queues fill (${now}): at ${count(Math.round(perSecond))} msg/s one is full in ${span(seconds * 1000)}, ${after}.`;
}

/** Runbook "Restart Connector" and "Emergency Shutdown", which take it for graceful. */
export const pause = defineAction<object>({
  id: 'connector pause',
  kept: true,
  windowSeconds: 1,
  plan({ facts, waitMs }) {
    const no = missing(facts);
    if (no !== undefined) return no;
    const { state } = connectorView(facts);
    if (state === 'STOPPED')
      return refuse(`${nameOf(facts)} is STOPPED: pausing it would start its task again, paused`, otlpctl(facts, 'connector resume'));
    return {
      action: this.id,
      title: `Pause ${nameOf(facts)} on ${placeOf(facts)}`,
      costs: ['The ports stay open and messages are still taken: nothing is flushed, nothing goes to Kafka.', fill(facts)],
      risk: 'data-loss',
      steps: [
        toConnector(facts, 'PUT', '/pause', 'stops the draining of the queues'),
        waitFor({ connector: 'PAUSED', tasks: 'PAUSED', ports: 'any' }, waitMs),
      ],
      instead: [{ sentence: 'closes the ports, so that senders notice', command: otlpctl(facts, 'connector stop') }],
      consent: { by: 'yes' },
      assumes: assumed(facts),
      ...(state === 'PAUSED' ? { already: `${nameOf(facts)} is PAUSED` } : {}),
    };
  },
});

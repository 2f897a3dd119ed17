import { connectorView } from '../derive/connector.ts';
import { otlpctl } from '../derive/commands.ts';
import { defineAction } from './action.ts';
import { missing } from './not-there.ts';
import { versionGap } from './versions.ts';
import { assumed, toConnector, waitFor } from './request.ts';
import { costsOfStop, LONG_OUTAGE, nameOf, others, placeOf, riskOfStop } from './words.ts';

/** Closes the ports and keeps the configuration. Source: Kafka Connect 3.5, KIP-875. */
export const stop = defineAction<object>({
  id: 'connector stop',
  kept: true,
  plan({ facts, waitMs }) {
    const no = missing(facts) ?? versionGap(facts, 'stop');
    if (no !== undefined) return no;
    const view = connectorView(facts);
    return {
      action: this.id,
      title: `Stop ${nameOf(facts)} on ${placeOf(facts)}; its configuration stays`,
      costs: [...costsOfStop(facts, LONG_OUTAGE), ...others(facts)],
      risk: riskOfStop(facts, 'outage'),
      steps: [
        toConnector(facts, 'PUT', '/stop', 'ends the task and closes the ports'),
        waitFor({ connector: 'STOPPED', tasks: 'none', ports: 'closed' }, waitMs),
      ],
      instead: [{ sentence: 'begins anew at once', command: otlpctl(facts, 'connector restart') }],
      consent: { by: 'yes' },
      assumes: assumed(facts),
      ...(view.state === 'STOPPED' && view.tasks.length === 0 ? { already: `${nameOf(facts)} is STOPPED` } : {}),
    };
  },
});

import { otlpctl } from '../derive/commands.ts';
import { connectorView } from '../derive/connector.ts';
import { defineAction } from './action.ts';
import { missing } from './not-there.ts';
import { assumed, toConnector, waitFor } from './request.ts';
import { costsOfStop, LONG_OUTAGE, nameOf, others, placeOf, riskOfStop } from './words.ts';

/** Runbook "Emergency Shutdown", option 2. */
export const remove = defineAction<object>({
  id: 'connector delete',
  kept: true,
  plan({ facts, waitMs }) {
    const no = missing(facts);
    if (no !== undefined) return no;
    const keys = Object.keys(connectorView(facts).config ?? {}).length;
    return {
      action: this.id,
      title: `Delete ${nameOf(facts)} from ${placeOf(facts)}`,
      costs: [
        `Its configuration (${keys} keys) is gone from Connect; otlpctl keeps a copy without secrets.`,
        ...costsOfStop(facts, LONG_OUTAGE),
        ...others(facts),
      ],
      risk: riskOfStop(facts, 'outage'),
      steps: [
        toConnector(facts, 'DELETE', '', 'deletes the connector with its task and configuration'),
        waitFor({ connector: 'absent', tasks: 'any', ports: 'closed' }, waitMs),
      ],
      instead: [{ sentence: 'closes the ports and keeps the configuration', command: otlpctl(facts, 'connector stop') }],
      consent: { by: 'name', name: nameOf(facts) },
      assumes: assumed(facts),
    };
  },
});

import { count } from '../checks/derive/words.ts';
import { isFailed, isSeen, seen, type Facts } from '../checks/facts/index.ts';
import { portsOfConnectors, type TakenPort } from '../checks/plans/ports.ts';
import { openPorts } from '../checks/probes/open-ports.ts';
import { hostOf } from '../checks/address.ts';
import { couldNotLook } from './bad-input.ts';
import type { OptionValues } from './read-options.ts';
import { endAfter } from './end-after.ts';

/** What has a port on the worker's host, and where that was seen. `missing`: what was not. */
export type Taken = { taken: TakenPort[]; checked: string[]; missing: string[] };

/** Throws one sentence where Connect was to be asked and does not answer: nobody knows then what its connectors have. */
export async function takenPorts(facts: Facts, values: OptionValues): Promise<Taken> {
  const connectors = facts['rest.list'];
  if (isFailed(connectors))
    throw couldNotLook(`Connect could not be read: ${connectors.source}: ${connectors.detail}`, 'see otlpctl doctor');
  const host =
    values['worker-host'] ?? seen(facts, 'target')?.workerHost ?? (values['connect-url'] ? hostOf(values['connect-url']) : '127.0.0.1');
  const open = await openPorts(host, endAfter((values.timeout ?? 10) * 1000));
  const listeners = 'value' in open ? open.value : [];
  const configured = isSeen(connectors) ? portsOfConnectors(connectors.value) : [];
  const number = isSeen(connectors) ? Object.keys(connectors.value).length : 0;
  return {
    // A connector's name says more than the worker's process.
    taken: [...configured, ...listeners.filter(({ port }) => !configured.some((one) => one.port === port))],
    checked: [
      ...('value' in open ? [`${count(listeners.length)} ports that something listens on here`] : []),
      ...(isSeen(connectors) ? [`${count(number)} ${number === 1 ? 'connector' : 'connectors'} of this Connect`] : []),
    ],
    missing: [
      ...('missing' in open ? [`${open.missing}.`] : []),
      ...(isSeen(connectors) ? [] : ['Connect was left out, so its connectors were not seen.']),
    ],
  };
}

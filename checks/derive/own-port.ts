import type { Facts, Listener } from '../facts/index.ts';
import { configValue, connectorView } from './connector.ts';
import { lostReceivers } from './lost-keys.ts';
import type { ReceiverView } from './receivers.ts';
import { foreignHolder } from './worker.ts';

/** The port that the connector itself opens, and an address that was named by hand: a tunnel, proxy or balancer has a process and a port of its own. */

/** As configured; where the system chose it (port 0), the one looked at unless that was named by hand. */
export function ownPort(facts: Facts, view: ReceiverView): number | undefined {
  const port = Number(configValue(facts, `otlp.${view.transport}.port`));
  if (Number.isInteger(port) && port > 0) return port;
  return view.given ? undefined : view.address?.port;
}

export const isOwnPort = (facts: Facts, view: ReceiverView): boolean =>
  !view.given || connectorView(facts).config === null || view.address?.port === ownPort(facts, view) || lostReceivers(facts).length > 0;

/** Another process than the worker, where that is wrong: on the connector's own port, or anywhere with an answer that is not OTLP. */
export function intruder(facts: Facts, view: ReceiverView): Listener | undefined {
  const holder = foreignHolder(facts, view.address?.port);
  return holder !== undefined && (view.state === 'foreign' || isOwnPort(facts, view)) ? holder : undefined;
}

import type { Facts, Place } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { isLocal, isLoopback, joinAddress, sameHost } from '../address.ts';
import { configValue } from './connector.ts';
import { TRANSPORTS, type Transport } from './receivers.ts';

/** Whether a client's address is this target's: its port says which receiver is meant, its host whether that is the same machine. */
export type Whereabouts = {
  /** the receiver whose port it is */
  receiver?: Transport;
  /** here: the target's host. away: localhost in a network namespace where nothing listens. neighbour: and something does. other: another name */
  host: 'here' | 'away' | 'neighbour' | 'other';
};

export function whereabouts(facts: Facts, place: Place): Whereabouts {
  const places = TRANSPORTS.flatMap((transport) => portsOf(facts, transport).map((one) => ({ transport, ...one })));
  const receiver = places.find(({ port }) => port === place.port)?.transport;
  const named = receiver === undefined ? {} : { receiver };
  const network = seen(facts, 'client.env')?.network;
  if (isLoopback(place.host) && network?.isOurs === false) {
    const hears = (network.listening ?? []).some(({ port }) => port === place.port);
    return { ...named, host: hears ? 'neighbour' : 'away' };
  }
  const localAddresses = seen(facts, 'run')?.localAddresses ?? [];
  // localhost of a client that runs nobody knows where is no address to compare.
  const isHere = places.some(
    ({ host }) =>
      sameHost(host, place.host) || (network?.isOurs === true && isLocal(host, localAddresses) && isLocal(place.host, localAddresses)),
  );
  return { ...named, host: isHere ? 'here' : 'other' };
}

/** The address in use, and the port of the configuration on the worker's host: an address that was given may be a proxy's. */
function portsOf(facts: Facts, transport: Transport): { host: string; port: number }[] {
  const target = seen(facts, 'target');
  const place = target?.[transport] ?? null;
  const configured = Number(configValue(facts, `otlp.${transport}.port`));
  return [
    ...(place === null ? [] : [place]),
    ...(target?.workerHost != null && configured > 0 ? [{ host: target.workerHost, port: configured }] : []),
  ];
}

/** Where a client should send, as an address; null where it is not known. */
export const rightPlace = (facts: Facts, transport: Transport): Place | null => seen(facts, 'target')?.[transport] ?? null;

/** As it stands in OTEL_EXPORTER_OTLP_ENDPOINT. */
export const endpointOf = (place: Place): string =>
  `${place.tls === true ? 'https' : 'http'}://${joinAddress(place)}${place.path === '/' ? '' : (place.path ?? '')}`;

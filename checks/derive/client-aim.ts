import type { Facts } from '../facts/index.ts';
import type { ClientView } from './client.ts';
import type { ClientExport } from './client-exports.ts';
import { endpointOf, rightPlace, whereabouts } from './client-places.ts';
import type { Transport } from './receivers.ts';

/** A client's export, held against the receiver whose port it names. */
export const otherThan = (transport: Transport): Transport => (transport === 'grpc' ? 'http' : 'grpc');

/** Exports that may reach this target; those that end in another network namespace have no receiver to be judged by. */
export const aimed = (facts: Facts, view: ClientView): ClientView => ({
  ...view,
  exports: view.exports.filter(({ place }) => place !== undefined && !['away', 'neighbour'].includes(whereabouts(facts, place).host)),
});

export const receiverOf = (facts: Facts, { place }: ClientExport): Transport | undefined => place && whereabouts(facts, place).receiver;

/** Lines for the environment of a client. */
export const protocolLine = (transport: Transport): string =>
  `OTEL_EXPORTER_OTLP_PROTOCOL=${transport === 'grpc' ? 'grpc' : 'http/protobuf'}`;
export const endpointLine = (facts: Facts, transport: Transport): string[] => {
  const place = rightPlace(facts, transport);
  return place === null ? [] : [`OTEL_EXPORTER_OTLP_ENDPOINT=${endpointOf(place)}`];
};

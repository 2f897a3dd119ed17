import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { isLoopback } from '../address.ts';
import { endpointLine, protocolLine } from './client-aim.ts';
import { rightPlace } from './client-places.ts';
import { LABEL, at, receiverView, TRANSPORTS, type Transport } from './receivers.ts';

/** What a client of this target needs in its environment. Nothing where no receiver has an address. `notes` say what is to be known of it. */
export function clientLines(facts: Facts, wanted?: Transport): { transport: Transport; lines: string[]; notes: string[] } | undefined {
  const named = TRANSPORTS.filter((one) => rightPlace(facts, one) !== null && rightPlace(facts, one)?.off !== true);
  const serving = named.filter((one) => receiverView(facts, one).state === 'serves');
  const transport = wanted ?? serving[0] ?? named[0];
  if (transport === undefined || rightPlace(facts, transport) === null) return undefined;
  const view = receiverView(facts, transport);
  const place = rightPlace(facts, transport)!;
  const packs = transport === 'http' && seen(facts, 'target')?.kind !== 'bridge';
  return {
    transport,
    lines: [
      protocolLine(transport),
      ...endpointLine(facts, transport),
      // Source: connector-facts, "Receiving"; a Collector compresses where nobody says.
      ...(packs ? ['OTEL_EXPORTER_OTLP_COMPRESSION=none'] : []),
    ],
    notes: [
      ...(view.state === 'serves' ? [] : [`${LABEL[transport]} at ${at(view)} ${view.saw}, seen from here`]),
      ...(isLoopback(place.host) ? ['localhost is for clients on this host: others, and containers, need a name of it'] : []),
      ...(packs ? ['gzip over HTTP is not decompressed by the connector'] : []),
    ],
  };
}

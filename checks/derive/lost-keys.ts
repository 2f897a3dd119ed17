import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { defaultOf } from '../../proto/vocabulary/keys.ts';
import { SIGNAL, SIGNALS } from '../../proto/vocabulary/signals.ts';
import { connectorView } from './connector.ts';
import { receiverViews } from './receivers.ts';
import type { ReceiverView } from './receivers.ts';
import { foreignHolder } from './worker.ts';

/** Body of the connector's 405. Source: seen of 1.0.0, every GET. */
const WRONG_METHOD = 'Only POST method is supported';

/** What an update that replaces the whole configuration leaves behind: no port, no address, no topic of its own. */
const USUALLY_SET = ['otlp.grpc.port', 'otlp.http.port', 'otlp.bind.address', ...SIGNALS.map((s) => SIGNAL[s].topicKey)];

/**
 * Receivers asked for at a port that the live configuration no longer has, and that the connector does not serve there.
 * Such an update moves them all: one address that alone is another is a proxy's or a filter's.
 */
export function lostReceivers(facts: Facts): ReceiverView[] {
  const { config } = connectorView(facts);
  if (config === null || USUALLY_SET.some((key) => config[key] !== undefined)) return [];
  const views = receiverViews(facts).filter((view) => view.state !== 'off');
  return views.every(isMoved) && !answersItself(facts) ? views.filter((view) => isDeaf(facts, view)) : [];
}

const isMoved = ({ given, address, transport }: ReceiverView): boolean =>
  given && address !== null && address.port !== Number(defaultOf(`otlp.${transport}.port`));

const isDeaf = (facts: Facts, { state, address }: ReceiverView): boolean =>
  state === 'refused' || state === 'silent' || foreignHolder(facts, address?.port) !== undefined;

/** The connector's own words come back, so it stands behind that address after all. The bridge's might be another bridge's. */
const answersItself = (facts: Facts): boolean =>
  seen(facts, 'target')?.kind === 'connector' && seen(facts, 'receiver.http')?.excerpt === WRONG_METHOD;

import type { Facts } from '../facts/index.ts';
import { defaultOf } from '../../proto/vocabulary/keys.ts';
import { SIGNAL, SIGNALS } from '../../proto/vocabulary/signals.ts';
import { connectorView, wasGiven } from './connector.ts';
import { receiverViews } from './receivers.ts';
import type { ReceiverView } from './receivers.ts';
import { foreignHolder } from './worker.ts';

/** What an update that replaces the whole configuration leaves behind: no port, no address, no topic of its own. */
const USUALLY_SET = ['otlp.grpc.port', 'otlp.http.port', 'otlp.bind.address', ...SIGNALS.map((s) => SIGNAL[s].topicKey)];

/** Receivers asked for at a port that the live configuration no longer has, and that the connector does not serve there. */
export function lostReceivers(facts: Facts): ReceiverView[] {
  const { config } = connectorView(facts);
  if (config === null || USUALLY_SET.some((key) => config[key] !== undefined)) return [];
  return receiverViews(facts).filter((view) => {
    const port = view.address?.port;
    const moved =
      wasGiven(facts, `otlp-${view.transport}`) && port !== undefined && port !== Number(defaultOf(`otlp.${view.transport}.port`));
    return moved && (view.state === 'refused' || view.state === 'silent' || foreignHolder(facts, port) !== undefined);
  });
}

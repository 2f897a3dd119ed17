import { inflate } from '../intake/http-body.ts';
import { startReceivers } from '../intake/receivers.ts';
import type { Inflate } from '../intake/http-body.ts';
import { word, type Drill } from './drill.ts';
import { CLOSED, type Hold } from './receiver-gate.ts';
import { openSilent } from './silent.ts';

/** The connector hands compressed bytes to its parser. Source: connector-facts, "HTTP receiver". */
const noGzip: Inflate = (body, encoding, ...rest) =>
  /gzip/i.test(encoding ?? '')
    ? { is: 'bad-encoding', reason: 'Protocol message contained an invalid tag (zero).' }
    : inflate(body, encoding, ...rest);

const held = (form: string, meaning: string, hold: Hold): Drill => word(form, meaning, ({ receivers }) => receivers.hold({ ...hold }));

export const RECV: readonly Drill[] = [
  held('recv:closed', 'both receivers are closed while the task goes on', CLOSED),
  held('recv:hang', 'the receivers accept connections and answer nothing', { open: openSilent, serves: false }),
  held('recv:plaintext', 'otlp.tls.enabled=true is taken and plaintext is served, as the connector does', {
    open: (options) => startReceivers({ ...options, tls: null }),
    serves: true,
  }),
  held('recv:nogzip', 'HTTP requests in gzip are answered 400, as by the connector', {
    open: (options) => startReceivers({ ...options, inflate: noGzip }),
    serves: true,
  }),
];

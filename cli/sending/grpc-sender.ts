import { Client, credentials, status as CODES, type ServiceError } from '@grpc/grpc-js';
import { joinAddress } from '../../checks/address.ts';
import { SIGNAL } from '../../proto/vocabulary/signals.ts';
import { partialOf, type Answer } from '../../checks/probes/marked/answer.ts';
import type { Sender, SenderOptions } from './http-sender.ts';

const same = (bytes: Buffer): Buffer => bytes;
/** Source: gRPC core, grpc_compression_algorithm. */
const GZIP = 2;

/** Loaded where something is sent over gRPC, and nowhere else. Plaintext unless the address says TLS; no proxy of the environment. */
export function openGrpcSender({ place, signal, gzip, deadlineMs }: SenderOptions): Sender {
  const address = joinAddress(place);
  const how =
    place.tls === true
      ? credentials.createSsl(null, null, null, { checkServerIdentity: () => undefined, rejectUnauthorized: false })
      : credentials.createInsecure();
  const client = new Client(address, how, {
    'grpc.enable_http_proxy': 0,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.primary_user_agent': 'otlpctl-send',
    ...(gzip && { 'grpc.default_compression_algorithm': GZIP }),
  });
  const path = `/${SIGNAL[signal].service}/Export`;
  return {
    where: `${address}${path}`,
    send: (body) =>
      new Promise((done) => {
        client.makeUnaryRequest(
          path,
          same,
          same,
          body,
          { deadline: Date.now() + deadlineMs },
          (error: ServiceError | null, reply?: Buffer) => {
            done(error === null ? taken(partialOf(signal, reply ?? Buffer.alloc(0), false), SIGNAL[signal].items) : refused(error));
          },
        );
      }),
    close: () => Promise.resolve(client.close()),
  };
}

const taken = (partial: { rejected: number; message: string } | undefined, items: string): Answer => ({
  ok: partial === undefined,
  code: 'OK',
  said: partial === undefined ? '' : `${partial.rejected} ${items} rejected: ${partial.message}`,
  sent: true,
  peculiar: [],
});

function refused({ code, details }: ServiceError): Answer {
  const isUnmade = code === CODES.UNAVAILABLE && /No connection established|Name resolution failed/.test(details);
  const word = isUnmade ? 'no connection' : (CODES[code] ?? `code ${code}`);
  return { ok: false, code: word, said: plain(details).slice(0, 200), sent: !isUnmade, peculiar: [] };
}

/** What the library says on one line, without its own frame around the error of the socket. */
const plain = (details: string): string =>
  details
    .replace(/\s+/g, ' ')
    .replace(/^No connection established\. Last error: (?:Error: )?/, '')
    .replace(/\.? Resolution note: ?$/, '')
    .trim();

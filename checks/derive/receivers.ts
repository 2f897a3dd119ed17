import type { Address, Fact, Facts, GrpcLook, HttpLook, Place } from '../facts/index.ts';
import { isFailed, isSeen, seen } from '../facts/index.ts';
import { wasGiven } from './connector.ts';
import { joinAddress } from '../address.ts';

/**
 * What a look at one receiver's port says. serves: an OTLP server answers as it should. filtered: no answer to the connect itself.
 * silent: connects and then nothing. foreign: something else answers, or closes without a word. tls: it speaks TLS, not plaintext.
 */
export type ReceiverState =
  'serves' | 'off' | 'refused' | 'filtered' | 'reset' | 'unnamed' | 'silent' | 'foreign' | 'tls' | 'unknown' | 'skipped';

export const TRANSPORTS = ['grpc', 'http'] as const;
export type Transport = (typeof TRANSPORTS)[number];
export const LABEL = { grpc: 'gRPC', http: 'HTTP' } as const satisfies Readonly<Record<Transport, string>>;

export type ReceiverView = {
  transport: Transport;
  label: 'gRPC' | 'HTTP';
  fact: 'receiver.grpc' | 'receiver.http';
  state: ReceiverState;
  address: Address | null;
  /** `gRPC 4317` or `gRPC at 10.0.0.5:4317` */
  name: string;
  /** nobody named the address: alone it proves nothing by refusing */
  assumed: boolean;
  given: boolean;
  /** what was seen, to stand after the name: `accepts`, `refuses connections` */
  saw: string;
};

export function receiverView(facts: Facts, transport: Transport): ReceiverView {
  const id = `receiver.${transport}` as const;
  const fact = facts[id] as Fact<GrpcLook | HttpLook>;
  const place: Place | null = seen(facts, 'target')?.[transport] ?? null;
  const address = isSeen(fact) ? fact.value.address : place;
  const state = place?.off === true ? 'off' : stateOf(fact, transport);
  return {
    transport,
    label: LABEL[transport],
    fact: id,
    state,
    address,
    name: address === null ? LABEL[transport] : `${LABEL[transport]} ${address.port}`,
    assumed: fact.assumed === true || place?.assumed === true,
    given: wasGiven(facts, `otlp-${transport}`),
    saw: sawOf(state, fact),
  };
}

export const receiverViews = (facts: Facts): ReceiverView[] => TRANSPORTS.map((transport) => receiverView(facts, transport));

/** `127.0.0.1:4317` */
export const at = (view: ReceiverView): string => (view.address === null ? 'an unknown address' : joinAddress(view.address));

const FAILED_AS: Partial<Record<string, ReceiverState>> = {
  refused: 'refused',
  timeout: 'filtered',
  reset: 'reset',
  name: 'unnamed',
  tls: 'tls',
  denied: 'unknown',
};

function stateOf(fact: Fact<GrpcLook | HttpLook>, transport: Transport): ReceiverState {
  if (isFailed(fact)) return FAILED_AS[fact.failure] ?? 'foreign';
  if (!isSeen(fact)) return fact.unasked;
  const look = fact.value;
  if (look.inTls !== undefined) return 'tls';
  if (look.spoke === (transport === 'grpc' ? 'http2' : 'http1')) return transport === 'grpc' || isOtlpAnswer(look) ? 'serves' : 'foreign';
  if (look.spoke === 'tls' || look.tls === true) return 'tls';
  return look.spoke === 'silence' ? 'silent' : 'foreign';
}

/** GET of an OTLP path: 405 from the connector, the bridge and the Collector. Source: OTLP/HTTP, "a server MUST accept POST". */
const isOtlpAnswer = (look: GrpcLook | HttpLook): boolean => 'status' in look && look.status === 405;

const SAW: Record<Exclude<ReceiverState, 'foreign' | 'unknown' | 'skipped' | 'unnamed'>, string> = {
  serves: 'accepts',
  off: 'is switched off by configuration',
  refused: 'refuses connections',
  filtered: 'lets no connection through',
  reset: 'resets the connection',
  silent: 'connects and answers nothing',
  tls: 'speaks TLS, not plaintext',
};

const SPOKE = {
  http2: 'HTTP/2',
  http1: 'HTTP/1',
  tls: 'TLS',
  closed: 'nothing and closes the connection',
  silence: 'nothing',
  other: 'something that is not OTLP',
} as const;

function sawOf(state: ReceiverState, fact: Fact<GrpcLook | HttpLook>): string {
  if (state === 'unnamed') return 'has a host name that does not resolve from here';
  if (state === 'unknown' || state === 'skipped')
    return isSeen(fact) || isFailed(fact) ? 'could not be looked at' : `was not looked at: ${fact.reason}`;
  if (state !== 'foreign') return SAW[state];
  if (!isSeen(fact)) return 'answers something that is not OTLP';
  const look = fact.value;
  if ('status' in look && look.status !== undefined)
    return `answers HTTP ${look.status}${look.server === undefined ? '' : ` (${look.server})`}, not OTLP`;
  return `answers ${SPOKE[look.spoke]}`;
}

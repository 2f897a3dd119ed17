import type { Facts } from '../facts/index.ts';
import { joinAddress } from '../address.ts';
import { endpointLine, otherThan, protocolLine, receiverOf } from './client-aim.ts';
import { quoteError, quoteSaid, signalsOf, type ClientView } from './client.ts';
import type { ClientExport } from './client-exports.ts';
import { rightPlace } from './client-places.ts';
import type { ClientProblem } from './client-cause.ts';
import { LABEL, receiverView, type Transport } from './receivers.ts';

const id = 'client-protocol-mismatch';

/** gRPC to the HTTP port, or HTTP to the gRPC port: by the variables, or by what the client said. */
export function protocolProblems(facts: Facts, { exports, said }: ClientView): ClientProblem[] {
  const wrong = exports.filter((one) => {
    const receiver = receiverOf(facts, one);
    return receiver !== undefined && one.transport !== undefined && receiver !== one.transport;
  });
  const spoken = said?.trouble === 'http-to-grpc' || said?.trouble === 'grpc-to-http' ? said : undefined;
  const [first] = wrong;
  if (first === undefined && spoken === undefined) return [];
  const speaks: Transport = first?.transport ?? (spoken?.trouble === 'http-to-grpc' ? 'http' : 'grpc');
  const port = first?.place?.port ?? rightPlace(facts, otherThan(speaks))?.port;
  const by = first === undefined ? '' : ` for its ${signalsOf(wrong)} (${first.protocol.variable}=${first.protocol.value})`;
  const isUnsaid = first === undefined && exports.some(({ protocol }) => protocol.variable === null);
  const hint = isUnsaid ? `: no protocol is set, and this SDK takes ${LABEL[speaks]} then` : '';
  return [
    {
      id,
      sentence: `The client speaks ${LABEL[speaks]}${by} to the ${LABEL[otherThan(speaks)]} port${port === undefined ? '' : ` ${port}`}${hint}.`,
      evidence: [
        ...(first === undefined ? [] : [...quoteSaid(facts, first.protocol), ...quoteSaid(facts, first.endpoint)]),
        ...(spoken === undefined ? [] : [quoteError(facts, spoken)]),
      ],
      ...cureOf(facts, speaks),
    },
  ];
}

/** To the port of its protocol where that receiver serves; else the protocol of the port. */
function cureOf(facts: Facts, speaks: Transport): Pick<ClientProblem, 'cure' | 'set'> {
  const instead = protocolLine(otherThan(speaks));
  if (receiverView(facts, speaks).state !== 'serves') return { cure: `Let it speak ${LABEL[otherThan(speaks)]}.`, set: [instead] };
  return { cure: `Send ${LABEL[speaks]} to its own port, or set ${instead}.`, set: endpointLine(facts, speaks) };
}

/** The client and its receiver differ in TLS; what the receiver speaks is known once it was looked at. */
function differInTls(facts: Facts, one: ClientExport): boolean {
  const receiver = receiverOf(facts, one);
  if (receiver === undefined || receiverView(facts, receiver).state !== 'serves') return false;
  return (one.place?.tls === true) !== (rightPlace(facts, receiver)?.tls === true);
}

export function tlsProblems(facts: Facts, { exports, said }: ClientView): ClientProblem[] {
  const spoken = said?.trouble === 'plain' ? said : undefined;
  const first = exports.find((one) => differInTls(facts, one));
  if (first === undefined && spoken === undefined) return [];
  const isTls = first === undefined || first.place?.tls === true;
  const at = first?.place === undefined ? '' : ` at ${joinAddress(first.place)}`;
  const unnamed = first !== undefined && !first.endpoint.value.includes('://') ? ', for its endpoint names no scheme' : '';
  return [
    {
      id,
      sentence: `The client speaks ${isTls ? 'TLS' : 'plaintext'}${unnamed}, and the receiver${at} speaks ${isTls ? 'plaintext' : 'TLS'}.`,
      evidence: [
        ...(first === undefined ? [] : quoteSaid(facts, first.endpoint)),
        ...(spoken === undefined ? [] : [quoteError(facts, spoken)]),
      ],
      cure: `Give an endpoint that begins with ${isTls ? 'http' : 'https'}://.`,
      set: endpointLine(facts, first?.transport ?? 'http'),
    },
  ];
}

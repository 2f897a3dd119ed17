import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { endpointLine, otherThan, protocolLine, receiverOf } from './client-aim.ts';
import { LABEL } from './receivers.ts';
import { quoteError, quoteSaid, signalsOf, type ClientView } from './client.ts';
import { rightPlace } from './client-places.ts';
import type { ClientProblem } from './client-cause.ts';
import { quote } from './evidence.ts';

/** Contract, "Exit codes": where a client uses the receiver that is switched off, it is a finding in the client. */
export function switchedOff(facts: Facts, { exports }: ClientView): ClientProblem[] {
  const off = exports.filter(
    (one) => one.transport !== undefined && receiverOf(facts, one) === one.transport && rightPlace(facts, one.transport)?.off,
  );
  const [first] = off;
  if (first?.transport === undefined) return [];
  const instead = otherThan(first.transport);
  const key = `otlp.${first.transport}.enabled=false`;
  return [
    {
      id: 'receiver-disabled',
      sentence: `${LABEL[first.transport]} is switched off in the configuration (${key}), and this client sends its ${signalsOf(off)} by it.`,
      evidence: [quote(facts, 'target', 'config', key), ...quoteSaid(facts, first.protocol), ...quoteSaid(facts, first.endpoint)],
      cure: `Let the client send over ${LABEL[instead]}, or switch ${LABEL[first.transport]} on.`,
      set: [protocolLine(instead), ...endpointLine(facts, instead)],
    },
  ];
}

/** Compression that the receiver does not take, and requests that a client was told are too large or cannot be read. */
export function rejected(facts: Facts, view: ClientView): ClientProblem[] {
  return [...tooLarge(facts, view), ...cutOff(facts, view), ...compressed(facts, view), ...unreadable(facts, view)];
}

const SMALLER: Pick<ClientProblem, 'cure' | 'set'> = {
  cure: 'Let the client send smaller batches.',
  set: ['OTEL_BSP_MAX_EXPORT_BATCH_SIZE=128', 'OTEL_BLRP_MAX_EXPORT_BATCH_SIZE=128'],
};

/** Source: connector-facts, "Receiving"; the bridge's limit is a key of its own. */
function tooLarge(facts: Facts, { said }: ClientView): ClientProblem[] {
  if (said?.trouble !== 'too-large') return [];
  const limit =
    seen(facts, 'target')?.kind === 'bridge'
      ? 'the bridge takes what bridge.max.request.bytes allows'
      : 'this connector takes 4 MiB over gRPC and 10 MiB over HTTP, and neither can be set';
  return [
    {
      id: 'client-rejected',
      sentence: `Requests of the client are refused for their size: ${limit}.`,
      evidence: [quoteError(facts, said)],
      ...SMALLER,
    },
  ];
}

/** grpc-java ends a call whose message is too large by RST_STREAM (CANCEL), and the client never hears of the size. Source: seen of grpc-java 1.60.2. */
function cutOff(facts: Facts, { exports, said }: ClientView): ClientProblem[] {
  if (said?.trouble !== 'cut' || seen(facts, 'target')?.kind !== 'connector') return [];
  if (!exports.some((one) => one.transport === 'grpc' && receiverOf(facts, one) === 'grpc')) return [];
  return [
    {
      id: 'client-rejected',
      sentence: 'gRPC calls of the client are cut off without an answer, as this connector does with messages above 4 MiB.',
      evidence: [quoteError(facts, said)],
      ...SMALLER,
    },
  ];
}

/** The connector does not decompress over HTTP; gzip is all that OTLP has. Source: OTLP specification, "Compression". */
function compressed(facts: Facts, { exports, said }: ClientView): ClientProblem[] {
  const isConnector = seen(facts, 'target')?.kind === 'connector';
  const packed = exports.filter(({ transport, compression }) => {
    if (transport === undefined || compression.value === 'none') return false;
    return compression.value !== 'gzip' || (transport === 'http' && isConnector);
  });
  const [first] = packed.filter((one) => receiverOf(facts, one) === one.transport);
  if (first?.transport === undefined) return [];
  const refusal = isConnector && first.transport === 'http' ? 'this connector does not decompress: it answers 400' : 'is not read there';
  return [
    {
      id: 'client-rejected',
      sentence: `The client compresses its ${signalsOf(packed)} with ${first.compression.value} over ${LABEL[first.transport]}, which ${refusal}.`,
      evidence: [...quoteSaid(facts, first.compression), ...(said?.trouble === 'unreadable' ? [quoteError(facts, said)] : [])],
      cure: 'Send uncompressed, or over gRPC.',
      set: [`${first.compression.variable}=none`],
    },
  ];
}

function unreadable(facts: Facts, { said }: ClientView): ClientProblem[] {
  if (said?.trouble !== 'unreadable') return [];
  const gzip =
    seen(facts, 'target')?.kind === 'bridge' ? '' : '; gzip over HTTP, which this connector does not decompress, looks like this';
  return [
    {
      id: 'client-rejected',
      sentence: `Requests of the client are answered as unreadable${gzip}.`,
      evidence: [quoteError(facts, said)],
      cure: 'Send uncompressed, and see with which protocol and content type the client sends.',
      set: ['OTEL_EXPORTER_OTLP_COMPRESSION=none'],
    },
  ];
}

import type { Address, ReflectionLook } from '../facts/index.ts';
import { isSeen } from '../facts/index.ts';
import { openGrpc, type GrpcAnswer, type GrpcConnection, type GrpcLimits } from './grpc-call.ts';
import { joinAddress } from '../address.ts';
import type { Answer, FailedOutcome, Outcome, Probe } from './probe.ts';
import { bytesOf, fieldsOf, lengthDelimited, numberOf, textsOf } from './wire.ts';

/** gRPC server reflection: v1, then v1alpha, which is all that older servers have; their messages are the same bytes. */
export const REFLECTION_VERSIONS = ['v1', 'v1alpha'] as const;
export type ReflectionVersion = (typeof REFLECTION_VERSIONS)[number];

/** Field numbers of ServerReflectionRequest and ServerReflectionResponse. Source: grpc/reflection/v1/reflection.proto */
const REQUEST = { fileContainingSymbol: 4, listServices: 7 } as const;
const RESPONSE = { files: 4, services: 6, error: 7 } as const;
const ERROR = { code: 1, message: 2 } as const;

/** gRPC status codes. Source: grpc/doc/statuscodes.md */
const OK = 0;
const UNIMPLEMENTED = 12;

type Unsupported = { unsupported: Pick<GrpcAnswer, 'status' | 'message'> };
/** The server's own no: it reflects, and the thing is not there. */
type Refused = { error: { code: number; message: string } };
type Reflected = { version: ReflectionVersion; response: ReturnType<typeof fieldsOf> } | Unsupported | Refused | FailedOutcome;

const isRefusal = (code: number | null): boolean => code === UNIMPLEMENTED;

async function reflect(connection: GrpcConnection, request: Buffer, count: () => void): Promise<Reflected> {
  let unsupported: Unsupported = { unsupported: { status: UNIMPLEMENTED, message: '' } };
  for (const version of REFLECTION_VERSIONS) {
    count();
    const answer = await connection.call(`/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`, request);
    if ('failure' in answer) return answer;
    if (isRefusal(answer.status)) {
      unsupported = { unsupported: { status: answer.status, message: answer.message } };
      continue;
    }
    return read(answer, version);
  }
  return unsupported;
}

function read(answer: GrpcAnswer, version: ReflectionVersion): Reflected {
  if (answer.status === null)
    return { failure: 'malformed', detail: `HTTP ${answer.httpStatus} without a gRPC status`, stage: 'answer', status: answer.httpStatus };
  if (answer.status !== OK) return { unsupported: { status: answer.status, message: answer.message } };
  try {
    const response = answer.messages.flatMap((message) => fieldsOf(message));
    const [error] = bytesOf(response, RESPONSE.error);
    if (error === undefined) return { version, response };
    const fields = fieldsOf(error);
    return { error: { code: numberOf(fields, ERROR.code), message: textsOf(fields, ERROR.message)[0] ?? '' } };
  } catch (error) {
    return { failure: 'malformed', detail: (error as Error).message, stage: 'answer' };
  }
}

/**
 * The services that a gRPC server at an address reflects, sorted. `supported: false` with the gRPC status when it has no reflection.
 * Never throws for what the server does.
 */
export async function listServices(address: Address, limits: GrpcLimits & { count?: () => void }): Promise<Outcome<ReflectionLook>> {
  const connection = openGrpc(address, limits);
  try {
    const found = await reflect(connection, lengthDelimited(REQUEST.listServices, '*'), limits.count ?? (() => undefined));
    if ('failure' in found) return found;
    if ('unsupported' in found) return { value: unsupportedLook(found) };
    if ('error' in found)
      return { value: { supported: true, services: [], grpcStatus: found.error.code, grpcMessage: found.error.message } };
    const services = bytesOf(found.response, RESPONSE.services).flatMap((list) =>
      bytesOf(fieldsOf(list), 1).flatMap((service) => textsOf(fieldsOf(service), 1)),
    );
    return { value: { supported: true, version: found.version, services: services.sort() } };
  } finally {
    connection.close();
  }
}

const unsupportedLook = ({ unsupported: { status, message } }: Unsupported): ReflectionLook => ({
  supported: false,
  services: [],
  ...(status === null ? {} : { grpcStatus: status }),
  ...(message === '' ? {} : { grpcMessage: message }),
});

/** FileDescriptorProtos as the server sends them, the one that holds the symbol first. */
export type SymbolFiles = { files: Uint8Array[] } | { notFound: string } | { unsupported: string };

/** The files that define a symbol (service, message, enum, method, field), by full name. */
export async function filesOfSymbol(address: Address, symbol: string, limits: GrpcLimits): Promise<SymbolFiles | FailedOutcome> {
  const connection = openGrpc(address, limits);
  try {
    const found = await reflect(connection, lengthDelimited(REQUEST.fileContainingSymbol, symbol), () => undefined);
    if ('failure' in found) return found;
    if ('unsupported' in found)
      return { unsupported: found.unsupported.message === '' ? `gRPC status ${found.unsupported.status}` : found.unsupported.message };
    if ('error' in found) return { notFound: found.error.message };
    return { files: bytesOf(found.response, RESPONSE.files).flatMap((list) => bytesOf(fieldsOf(list), 1)) };
  } finally {
    connection.close();
  }
}

/** Asked only where HTTP/2 was spoken: anything else is told better by the receiver's own look. */
export const reflectionProbe: Probe = {
  gives: ['receiver.reflection'],
  needs: ['receiver.grpc'],
  async look({ fact, deadlineMs, signal, count }) {
    const receiver = await fact('receiver.grpc');
    const source = 'gRPC reflection';
    const looked = isSeen(receiver) ? receiver.value : undefined;
    const inTls = looked?.inTls === 'http2' || (looked?.tls === true && looked.spoke === 'http2');
    if (looked === undefined || (looked.spoke !== 'http2' && !inTls)) {
      return { 'receiver.reflection': { source, unasked: 'skipped', reason: 'no gRPC server answered at the receiver' } };
    }
    const outcome = await listServices(looked.address, { deadlineMs, signal, count, ...(inTls ? { tls: true } : {}) });
    const answer: Answer<ReflectionLook> = { source: `${source} at ${joinAddress(looked.address)}`, ...outcome };
    return { 'receiver.reflection': receiver.assumed === true ? { ...answer, assumed: true } : answer };
  },
};

import type { Address } from '../facts/index.ts';
import { define, type Definition, type FileDescriptor } from './descriptor-text.ts';
import type { GrpcLimits } from './grpc-call.ts';
import type { FailedOutcome } from './probe.ts';
import { filesOfSymbol } from './reflection.ts';

/** A definition as the server has it; `notFound`: the server reflects and does not know the symbol; `unsupported`: it has no reflection. */
export type Described = Definition | { notFound: string } | { unsupported: string } | FailedOutcome;

/** Asks a gRPC server by reflection what a full name (service, method, message, field, enum) is. A leading dot is taken too. Never throws for what the server does. */
export async function describeSymbol(address: Address, symbol: string, limits: GrpcLimits): Promise<Described> {
  const name = symbol.replace(/^\./, '').replace('/', '.');
  const found = await filesOfSymbol(address, name, limits);
  if (!('files' in found)) return found;
  // Loaded here: only `grpc describe` needs the descriptor types.
  const { default: descriptors } = await import('protobufjs/ext/descriptor.js');
  try {
    for (const bytes of found.files) {
      const file = descriptors.FileDescriptorProto.toObject(descriptors.FileDescriptorProto.decode(bytes), {
        enums: String,
      }) as FileDescriptor;
      const definition = define(file, name);
      if (definition !== undefined) return definition;
    }
  } catch {
    return { failure: 'malformed', detail: 'the server answers with a file descriptor that cannot be read', stage: 'answer' };
  }
  return { notFound: `the files that the server sent do not define ${name}` };
}

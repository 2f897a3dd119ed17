import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type protobuf from 'protobufjs';
import { packageFile } from './package-root.ts';

/** The one loader of the OTLP schema: the checked-in FileDescriptorSet, as raw file descriptors (for reflection) and as protobufjs types. */
const require = createRequire(import.meta.url);

let bytes: Buffer | undefined;
let types: protobuf.Root | undefined;

/** The FileDescriptorSet as compiled from the .proto files of this folder. */
export function descriptorSet(): Buffer {
  bytes ??= readFileSync(packageFile('proto/descriptors.binpb'));
  return bytes;
}

/**
 * Each file's FileDescriptorProto, bytes untouched: field 1 of the set, length-delimited.
 * Re-encoded descriptors lose what grpcurl needs to resolve types across files.
 */
export function fileDescriptors(set: Buffer = descriptorSet()): Buffer[] {
  const files: Buffer[] = [];
  for (let at = 0; at < set.length;) {
    at++; // the tag of field 1, wire type 2: one byte
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = set[at++]!;
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    files.push(set.subarray(at, at + length));
    at += length;
  }
  return files;
}

/** The schema as protobufjs types, field names in lowerCamelCase as OTLP/JSON has them. */
export function schema(): protobuf.Root {
  if (!types) {
    const { Root } = require('protobufjs/light.js') as { Root: { fromDescriptor(set: unknown): protobuf.Root } };
    const descriptor = require('protobufjs/ext/descriptor.js') as { FileDescriptorSet: protobuf.Type };
    const root = Root.fromDescriptor(descriptor.FileDescriptorSet.decode(descriptorSet()));
    root.resolveAll();
    types = root;
  }
  return types;
}

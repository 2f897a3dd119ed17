import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import protobuf from 'protobufjs';
import { descriptorSet, fileDescriptors, schema } from '../../proto/schema.ts';
import { SIGNAL, SIGNALS } from '../../proto/vocabulary/signals.ts';

const PROTO = resolve(import.meta.dirname, '../../proto');

/** The .proto files as protobufjs' own parser reads them. */
function parsed(): protobuf.Root {
  const root = new protobuf.Root();
  for (const file of globSync('**/*.proto', { cwd: PROTO }).sort()) protobuf.parse(readFileSync(resolve(PROTO, file), 'utf8'), root);
  root.resolveAll();
  return root;
}

const typeName = ({ resolvedType, type }: protobuf.Field): string => resolvedType?.fullName ?? type;

/** A oneof that protoc made up for an `optional` field is none that somebody wrote. */
const oneofName = ({ partOf, name }: protobuf.Field): string =>
  partOf && !(partOf.fieldsArray.length === 1 && partOf.name === `_${name}`) ? partOf.name : '';
const isOptional = (field: protobuf.Field): boolean => field.getOption('proto3_optional') === true;

function describe(space: protobuf.NamespaceBase): string[] {
  return space.nestedArray.flatMap((one): string[] => {
    if (one instanceof protobuf.Type)
      return [
        `message ${one.fullName}`,
        ...one.fieldsArray.map(
          (field) =>
            `field ${field.fullName} ${field.id} ${typeName(field)} ${field.repeated ? 'repeated' : isOptional(field) ? 'optional' : 'single'} ${oneofName(field)}`,
        ),
        ...describe(one),
      ];
    if (one instanceof protobuf.Enum)
      return [`enum ${one.fullName}`, ...Object.entries(one.values).map(([name, value]) => `value ${one.fullName}.${name} ${value}`)];
    if (one instanceof protobuf.Service)
      return [
        `service ${one.fullName}`,
        ...one.methodsArray.map(
          ({ name, resolvedRequestType, resolvedResponseType }) =>
            `rpc ${one.fullName}.${name} ${resolvedRequestType?.fullName} ${resolvedResponseType?.fullName}`,
        ),
      ];
    return one instanceof protobuf.Namespace ? describe(one) : [];
  });
}

test('descriptors.binpb is what the .proto files say: messages, fields, numbers, types, labels', () => {
  const compiled = describe(schema()).sort();
  assert.deepEqual(
    compiled,
    describe(parsed()).sort(),
    'edited a .proto? Compile the set again: the command is in test/real/schema.test.ts',
  );
  assert.ok(compiled.length > 250, `${compiled.length} lines: too few to compare anything`);
});

test('the set falls apart into its files and nothing else', () => {
  const files = fileDescriptors();
  assert.equal(files.length, globSync('**/*.proto', { cwd: PROTO }).length);
  // one tag and a length of one to three bytes each
  const lengths = files.map(({ length }) => length + (length < 128 ? 2 : length < 16_384 ? 3 : 4));
  assert.equal(
    lengths.reduce((sum, length) => sum + length, 0),
    descriptorSet().length,
  );
});

test('every name of the vocabulary is in the schema', () => {
  for (const signal of SIGNALS) {
    const { service, request, response, rejected } = SIGNAL[signal];
    const rpc = schema().lookupService(service).methods.Export!;
    assert.deepEqual([rpc.resolvedRequestType?.fullName, rpc.resolvedResponseType?.fullName], [`.${request}`, `.${response}`]);
    const partial = schema().lookupType(response).fields.partialSuccess!.resolve().resolvedType as protobuf.Type;
    assert.ok(partial.fieldsArray.some((field) => field.protoName === rejected));
  }
});

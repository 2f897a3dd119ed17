import type protobuf from 'protobufjs';
import { schema } from '../../proto/schema.ts';
import { SIGNAL, type Signal } from '../../proto/vocabulary/signals.ts';

export type Scalar = 'bool' | 'string' | 'bytes' | 'id' | 'int' | 'long' | 'float' | 'enum';

/** One field of a message of the schema, as a writer of JSON needs it. */
export type Field = {
  /** lowerCamelCase, as decoded messages and OTLP/JSON have it */
  name: string;
  /** as the .proto file has it */
  protoName: string;
  repeated: boolean;
  /** it is written only where it is set: a message, or one of several that exclude each other */
  onlyIfSet: boolean;
  kind: Scalar | 'message';
  /** of a message field */
  fields: readonly Field[];
  /** of an enum field: names by number */
  names: Readonly<Record<number, string>>;
};

const KIND: Readonly<Record<string, Scalar>> = {
  bool: 'bool',
  string: 'string',
  bytes: 'bytes',
  double: 'float',
  float: 'float',
  ...Object.fromEntries(['int32', 'uint32', 'sint32', 'fixed32', 'sfixed32'].map((type) => [type, 'int' as const])),
  ...Object.fromEntries(['int64', 'uint64', 'sint64', 'fixed64', 'sfixed64'].map((type) => [type, 'long' as const])),
};

/** OTLP/JSON writes these in hex. Source: OTLP specification, "JSON Protobuf Encoding". */
const IDS: ReadonlySet<string> = new Set(['trace_id', 'span_id', 'parent_span_id']);

const isMessage = (type: protobuf.Type | protobuf.Enum | null): type is protobuf.Type => type !== null && 'fieldsArray' in type;

function kindOf(field: protobuf.Field, protoName: string): Field['kind'] {
  const { resolvedType } = field;
  if (resolvedType) return isMessage(resolvedType) ? 'message' : 'enum';
  if (field.type === 'bytes' && IDS.has(protoName)) return 'id';
  const kind = KIND[field.type];
  if (kind === undefined) throw new Error(`the schema has a type that no JSON is known for: ${field.type} of ${field.fullName}`);
  return kind;
}

/** Fields of a message by number, with those of the messages in it. AnyValue holds itself, so each message is made once. */
function fieldsOf(type: protobuf.Type, known: Map<protobuf.Type, Field[]>): readonly Field[] {
  const done = known.get(type);
  if (done) return done;
  const fields: Field[] = [];
  known.set(type, fields);
  for (const field of [...type.fieldsArray].sort((a, b) => a.id - b.id)) {
    const { resolvedType } = field;
    const protoName = field.protoName ?? field.name;
    fields.push({
      name: field.name,
      protoName,
      repeated: field.repeated,
      onlyIfSet: isMessage(resolvedType) || field.partOf !== null,
      kind: kindOf(field, protoName),
      fields: isMessage(resolvedType) ? fieldsOf(resolvedType, known) : [],
      names: resolvedType && !isMessage(resolvedType) ? resolvedType.valuesById : {},
    });
  }
  return fields;
}

export type RequestType = { type: protobuf.Type; fields: readonly Field[] };
const requests = new Map<Signal, RequestType>();

/** The Export request of a signal. */
export function requestOf(signal: Signal): RequestType {
  let found = requests.get(signal);
  if (!found) {
    const type = schema().lookupType(SIGNAL[signal].request);
    requests.set(signal, (found = { type, fields: fieldsOf(type, new Map()) }));
  }
  return found;
}

/** A message as protobufjs decodes it: what was on the wire is there, nothing else. */
export type Decoded = { readonly [name: string]: unknown };

/** Whether a field was on the wire: decoded messages inherit the defaults of all others. */
export const isSet = (message: Decoded, { name, repeated }: Field): boolean =>
  Object.hasOwn(message, name) && message[name] != null && !(repeated && (message[name] as unknown[]).length === 0);

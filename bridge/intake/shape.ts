import { schema } from '../../proto/schema.ts';

/** What the walk does with a field once it has read its tag. Those from `text` on have a length before them. */
export const ACTION = {
  /** not of this message, or not with this wire type */
  other: 0,
  varint: 1,
  fixed64: 2,
  fixed32: 3,
  text: 4,
  bytes: 5,
  message: 6,
  id: 7,
  varints: 8,
  fixed64s: 9,
  fixed32s: 10,
} as const;

export type FieldShape = {
  /** as the .proto file has it, and as OTLP/JSON has it */
  name: string;
  jsonName: string;
  type: string;
  repeated: boolean;
  /** the message of a message field */
  shape: Shape | null;
  /** names and numbers of an enum field */
  values: Readonly<Record<string, number>> | null;
  /** length of a trace or span id, 0 for any other field */
  idBytes: number;
  /** else the id must be there and hold something else than zeroes */
  idMayBeEmpty: boolean;
};

/**
 * One message of the schema, compact enough to be walked at wire speed: arrays made once from the descriptor set.
 * OTLP's highest field number is 16, so the arrays stay small and every required field fits a bit mask.
 */
export type Shape = {
  name: string;
  /** by tag (field number and wire type): one look says that both are right, and what to do */
  actions: Uint8Array;
  /** by field number */
  fields: (FieldShape | null)[];
  /** by field number: the shapes of message fields once more, as near as the walk wants them */
  shapes: (Shape | null)[];
  byJsonName: Map<string, FieldShape>;
  /** fields that must be there, and the same as bits by field number */
  mustHave: FieldShape[];
  required: number;
  /** 1 for what a request holds many of: spans, data points, log records */
  item: 0 | 1;
};

const ITEMS = /\.(Span|LogRecord|(Number|Histogram|ExponentialHistogram|Summary)DataPoint)$/;

type Wire = { wire: number; one: number; packed?: number };
const VARINT: Wire = { wire: 0, one: ACTION.varint, packed: ACTION.varints };
const FIXED64: Wire = { wire: 1, one: ACTION.fixed64, packed: ACTION.fixed64s };
const FIXED32: Wire = { wire: 5, one: ACTION.fixed32, packed: ACTION.fixed32s };

const WIRE: Readonly<Record<string, Wire>> = {
  ...Object.fromEntries(['enum', 'bool', 'int32', 'int64', 'uint32', 'uint64', 'sint32', 'sint64'].map((type) => [type, VARINT])),
  ...Object.fromEntries(['fixed64', 'sfixed64', 'double'].map((type) => [type, FIXED64])),
  ...Object.fromEntries(['fixed32', 'sfixed32', 'float'].map((type) => [type, FIXED32])),
  string: { wire: 2, one: ACTION.text },
  bytes: { wire: 2, one: ACTION.bytes },
  message: { wire: 2, one: ACTION.message },
};

/** Lengths of ids, and where one may be left out. Source: OTLP specification, "JSON Protobuf Encoding"; comments of trace.proto. */
const ID_BYTES: Readonly<Record<string, number>> = { trace_id: 16, span_id: 8, parent_span_id: 8 };

/** Enters the tags that a field may have: a list of numbers may come packed or one by one, whatever the schema prefers. */
function enter(actions: Uint8Array, number: number, { type, repeated, idBytes, name }: FieldShape): void {
  const wire = WIRE[type];
  if (!wire) throw new Error(`the schema has a type that the wire walk does not know: ${type} of ${name}`);
  actions[number * 8 + wire.wire] = idBytes > 0 ? ACTION.id : wire.one;
  if (repeated && wire.packed !== undefined) actions[number * 8 + 2] = wire.packed;
}

/** Shape of a message by its full name, with everything it can hold. */
export function shapeOf(fullName: string, known = new Map<string, Shape>()): Shape {
  const type = schema().lookupType(fullName);
  const done = known.get(type.fullName);
  if (done) return done;
  const size = Math.max(0, ...type.fieldsArray.map((field) => field.id)) + 1;
  if (size > 31) throw new Error(`${type.fullName} has field numbers beyond 30, which the wire walk's bit mask does not hold`);
  const isSpan = type.name === 'Span';
  const shape: Shape = {
    name: type.name,
    actions: new Uint8Array(size * 8),
    fields: new Array<FieldShape | null>(size).fill(null),
    shapes: new Array<Shape | null>(size).fill(null),
    byJsonName: new Map(),
    mustHave: [],
    required: 0,
    item: ITEMS.test(type.fullName) ? 1 : 0,
  };
  known.set(type.fullName, shape);
  for (const field of type.fieldsArray) {
    const name = field.protoName ?? field.name;
    const { resolvedType } = field;
    const idBytes = field.type === 'bytes' ? (ID_BYTES[name] ?? 0) : 0;
    const idMayBeEmpty = !(isSpan && name !== 'parent_span_id');
    const one: FieldShape = {
      name,
      jsonName: field.name,
      type: resolvedType ? ('fieldsArray' in resolvedType ? 'message' : 'enum') : field.type,
      repeated: field.repeated,
      shape: resolvedType && 'fieldsArray' in resolvedType ? shapeOf(resolvedType.fullName, known) : null,
      values: resolvedType && 'values' in resolvedType ? resolvedType.values : null,
      idBytes,
      idMayBeEmpty,
    };
    shape.fields[field.id] = one;
    shape.shapes[field.id] = one.shape;
    enter(shape.actions, field.id, one);
    if (idBytes > 0 && !idMayBeEmpty) {
      shape.mustHave.push(one);
      shape.required |= 1 << field.id;
    }
    // The Collector reads the names of the .proto files too; so do we.
    for (const key of [one.jsonName, name]) shape.byJsonName.set(key, one);
  }
  return shape;
}

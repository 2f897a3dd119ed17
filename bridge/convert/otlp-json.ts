import { isSet, type Decoded, type Field } from './fields.ts';

const float = (value: number) => (Number.isFinite(value) ? value : String(value));

function one(field: Field, value: unknown): unknown {
  switch (field.kind) {
    case 'message':
      return messageOf(value as Decoded, field.fields);
    case 'id':
      return (value as Buffer).toString('hex');
    case 'bytes':
      return (value as Buffer).toString('base64');
    case 'long':
      return String(value);
    case 'float':
      return float(value as number);
    default:
      return value;
  }
}

function messageOf(message: Decoded, fields: readonly Field[]): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  for (const field of fields) {
    if (!isSet(message, field)) continue;
    const value = message[field.name];
    json[field.name] = field.repeated ? (value as unknown[]).map((item) => one(field, item)) : one(field, value);
  }
  return json;
}

/**
 * OTLP/JSON, compact: names in lowerCamelCase, ids in hex, enums as numbers, 64-bit numbers as text, NaN and Infinity as text.
 * Source: OTLP specification, "JSON Protobuf Encoding".
 */
export const otlpJson = (message: Decoded, fields: readonly Field[]): string => JSON.stringify(messageOf(message, fields));

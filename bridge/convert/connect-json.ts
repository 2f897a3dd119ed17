import { isSet, type Decoded, type Field } from './fields.ts';

/**
 * The JSON that the connector writes: protobuf's own mapping as Java prints it, with the names of the .proto files, default values included, ids in
 * base64, enums by name, two blanks a level.
 */
export const connectJson = (message: Decoded, fields: readonly Field[]): string => messageOf(message, fields, '');

/** Java writes 1 as 1.0, and takes exponents outside 10^-3 .. 10^7. Source: Java, Double.toString. */
function float(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
}

const HTML = /[<>&='\u2028\u2029]/g;
/** Java's printer escapes what HTML would read. */
const text = (value: string): string =>
  JSON.stringify(value).replace(HTML, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

function one(field: Field, value: unknown, indent: string): string {
  switch (field.kind) {
    case 'message':
      return messageOf(value as Decoded, field.fields, indent);
    case 'id':
    case 'bytes':
      return `"${(value as Buffer).toString('base64')}"`;
    case 'string':
      return text(value as string);
    case 'long':
      return `"${String(value)}"`;
    case 'float':
      return float(value as number);
    case 'enum':
      return field.names[value as number] === undefined ? String(value) : `"${field.names[value as number]}"`;
    default:
      return String(value);
  }
}

const DEFAULT: Readonly<Record<Exclude<Field['kind'], 'message'>, unknown>> = {
  bool: false,
  string: '',
  bytes: Buffer.alloc(0),
  id: Buffer.alloc(0),
  int: 0,
  long: 0,
  float: 0,
  enum: 0,
};

function messageOf(message: Decoded, fields: readonly Field[], indent: string): string {
  const inner = `${indent}  `;
  const lines: string[] = [];
  for (const field of fields) {
    const there = isSet(message, field);
    if (!there && field.onlyIfSet && !field.repeated) continue;
    const value = there ? message[field.name] : field.kind === 'message' ? [] : field.repeated ? [] : DEFAULT[field.kind];
    const shown = field.repeated ? `[${(value as unknown[]).map((item) => one(field, item, inner)).join(', ')}]` : one(field, value, inner);
    lines.push(`${inner}"${field.protoName}": ${shown}`);
  }
  return lines.length === 0 ? '{\n' + indent + '}' : `{\n${lines.join(',\n')}\n${indent}}`;
}

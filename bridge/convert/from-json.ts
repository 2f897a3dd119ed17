import type { Field } from './fields.ts';
import { isObject } from '../is-object.ts';

/** A whole number of 16 digits or more may not survive as a number of JavaScript. */
const LARGE = /[:[,]\s*-?\d{16}/;
export const hasLargeNumbers = (text: string): boolean => LARGE.test(text);

type Source = { source?: string };

/** JSON with large whole numbers kept as they were written. */
export function parseExactly(text: string): unknown {
  if (!hasLargeNumbers(text)) return JSON.parse(text);
  const exact = (_key: string, value: unknown, context?: Source) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '') ? context!.source : value;
  return JSON.parse(text, exact as (key: string, value: unknown) => unknown);
}

function one(field: Field, value: unknown): unknown {
  if (field.kind === 'message') return isObject(value) ? messageOf(value, field.fields) : {};
  if (field.kind === 'id' && typeof value === 'string') return Buffer.from(value, 'hex');
  if (field.kind === 'bytes' && typeof value === 'string') return Buffer.from(value, 'base64');
  return value;
}

/** Keys of the schema alone: in lowerCamelCase, or as the .proto files have them. Null is the same as absent. */
function messageOf(json: Record<string, unknown>, fields: readonly Field[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const field of fields) {
    const value = json[field.name] ?? json[field.protoName];
    if (value === undefined || value === null) continue;
    object[field.name] = field.repeated && Array.isArray(value) ? value.map((item) => one(field, item)) : one(field, value);
  }
  return object;
}

/** What protobufjs makes a message from, of OTLP/JSON that the intake has judged. */
export function objectOf(body: Buffer, fields: readonly Field[]): Record<string, unknown> {
  const json = parseExactly(body.toString('utf8'));
  return messageOf(isObject(json) ? json : {}, fields);
}

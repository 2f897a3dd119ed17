import { isUtf8 } from 'node:buffer';
import { hasLargeNumbers, parseExactly } from '../convert/from-json.ts';
import { faultOfEnum, faultOfId, JSON_VALUE, kindOfJson, OUT_OF_RANGE } from './json-values.ts';
import type { FieldShape, Shape } from './shape.ts';
import { MAX_DEPTH, type Judgement } from './wire.ts';

/** `at` is a path such as resourceSpans[0].scopeSpans[2].spans[17].traceId. */
type Fault = { at: string; why: string };
type Walk = { items: number };

/**
 * Judges an OTLP/JSON document by the same shape that judges the wire: lowerCamelCase and .proto names, hex ids, integers as numbers or strings,
 * unknown fields ignored. It is parsed for that and then forgotten: what is queued is what came.
 */
export function walkJson(body: Buffer, shape: Shape): Judgement {
  if (!isUtf8(body)) return { fault: 'the JSON is not UTF-8' };
  const text = body.toString('utf8');
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return { fault: 'the body is not JSON, or cut' };
  }
  const judged = judge(document, shape);
  if (!('fault' in judged) || !judged.fault.endsWith(OUT_OF_RANGE) || !hasLargeNumbers(text)) return judged;
  // Rounded, the largest numbers of 64 bits are out of range: it is judged once more as it was written, which takes several times as long.
  try {
    return judge(parseExactly(text), shape);
  } catch {
    // too deep for a reader that is told of every value
    return judged;
  }
}

function judge(document: unknown, shape: Shape): Judgement {
  const walk: Walk = { items: 0 };
  const fault = message(walk, document, shape, 0);
  return fault ? { fault: `${fault.at || shape.name}: ${fault.why}` } : { items: walk.items };
}

const under = (place: string, fault: Fault): Fault => ({
  at: fault.at === '' ? place : `${place}.${fault.at}`,
  why: fault.why,
});

function message(walk: Walk, value: unknown, shape: Shape, depth: number): Fault | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { at: '', why: `${kindOfJson(value)} where an object belongs` };
  if (depth > MAX_DEPTH) return { at: '', why: `nested deeper than ${MAX_DEPTH} messages` };
  walk.items += shape.item;
  const object = value as Readonly<Record<string, unknown>>;
  for (const [key, content] of Object.entries(object)) {
    const field = shape.byJsonName.get(key);
    // null is a field left out; a field that the schema does not know is ignored.
    if (!field || content === null) continue;
    const fault = field.repeated ? list(walk, content, field, key, depth) : one(walk, content, field, depth);
    if (fault) return field.repeated ? fault : under(key, fault);
  }
  const missing = shape.mustHave.find((field) => (object[field.jsonName] ?? object[field.name] ?? null) === null);
  return missing ? { at: '', why: `${missing.jsonName} missing` } : null;
}

function list(walk: Walk, value: unknown, field: FieldShape, key: string, depth: number): Fault | null {
  if (!Array.isArray(value)) return { at: key, why: `${kindOfJson(value)} where an array belongs` };
  for (let index = 0; index < value.length; index++) {
    const fault = one(walk, value[index], field, depth);
    if (fault) return under(`${key}[${index}]`, fault);
  }
  return null;
}

function one(walk: Walk, value: unknown, field: FieldShape, depth: number): Fault | null {
  if (field.shape) return message(walk, value, field.shape, depth + 1);
  const why = field.values
    ? faultOfEnum(value, field.values)
    : field.idBytes > 0
      ? faultOfId(value, field.idBytes, field.idMayBeEmpty)
      : JSON_VALUE[field.type]!(value);
  return why === null ? null : { at: '', why };
}

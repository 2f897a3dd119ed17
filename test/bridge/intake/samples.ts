import type protobuf from 'protobufjs';
import { schema } from '../../../proto/schema.ts';
import { SIGNAL, type Signal } from '../../../proto/vocabulary/signals.ts';

/** Requests made from the schema itself: every field of every message set once, so that no field can be forgotten. */
export const requestType = (signal: Signal): protobuf.Type => schema().lookupType(SIGNAL[signal].request);

const ID: Readonly<Record<string, number>> = { traceId: 16, spanId: 8, parentSpanId: 8 };

function value(field: protobuf.Field, depth: number, pick: (below: number) => number): unknown {
  const { resolvedType, type, name } = field;
  if (resolvedType && 'fieldsArray' in resolvedType) return filled(resolvedType, depth + 1, pick);
  if (resolvedType) return Object.values(resolvedType.values).at(-1);
  if (type === 'bytes') return Buffer.alloc(ID[name] ?? 5, 1 + pick(255));
  if (type === 'string') return ['', 'a', 'Grüße, 世界', 'x'.repeat(70)][pick(4)];
  if (type === 'bool') return pick(2) === 1;
  if (type === 'double') return [0.5, -1, Number.NaN, Number.POSITIVE_INFINITY][pick(4)];
  if (type.endsWith('64')) return /^u|^fixed/.test(type) ? '18446744073709551615' : '-9223372036854775808';
  return /^u|^fixed/.test(type) ? 4294967295 : -2147483648;
}

/** A message with all its fields, of each oneof one; `pick` chooses. Below ten levels nothing that nests is set any more. */
export function filled(type: protobuf.Type, depth: number, pick: (below: number) => number): Record<string, unknown> {
  const chosen = new Set(
    type.oneofsArray.filter((one) => one.fieldsArray.length > 1).map((one) => one.fieldsArray[pick(one.fieldsArray.length)]!),
  );
  const object: Record<string, unknown> = {};
  for (const field of type.fieldsArray) {
    if (field.partOf && field.partOf.fieldsArray.length > 1 && !chosen.has(field)) continue;
    if (depth >= 10 && field.resolvedType && 'fieldsArray' in field.resolvedType) continue;
    const one = value(field, depth, pick);
    object[field.name] = field.repeated ? [one, value(field, depth, pick)] : one;
  }
  return object;
}

/** The same choices for the same seed. */
export function picker(seed: number): (below: number) => number {
  let state = (seed >>> 0) + 1;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export function encoded(signal: Signal, object: Record<string, unknown>): Buffer {
  const type = requestType(signal);
  return Buffer.from(type.encode(type.fromObject(object)).finish());
}

/** A request of this signal with everything in it. */
export const fullRequest = (signal: Signal, seed = 1): Buffer => encoded(signal, filled(requestType(signal), 0, picker(seed)));

/** OTLP/JSON of a protobuf request: protobuf's JSON mapping with hex ids. */
export function asJson(signal: Signal, body: Buffer): string {
  const type = requestType(signal);
  const object = type.toObject(type.decode(body), { longs: String, enums: Number, json: true, bytes: Array });
  const worded = (key: string, content: unknown): unknown => {
    if (typeof content === 'number' && !Number.isFinite(content)) return String(content);
    if (!Array.isArray(content)) return content;
    if (key in ID) return Buffer.from(content as number[]).toString('hex');
    return key === 'bytesValue' ? Buffer.from(content as number[]).toString('base64') : content;
  };
  return JSON.stringify(object, worded);
}

const TRACE_ID = Buffer.from('5b8efff798038103d269b633813fc60c', 'hex');
const SPAN_ID = Buffer.from('eee19b7ec3c1b174', 'hex');

/** The smallest request with one item in it. */
export const ONE: Readonly<Record<Signal, Record<string, unknown>>> = {
  traces: { resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: TRACE_ID, spanId: SPAN_ID, name: 'one' }] }] }] },
  metrics: { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'one', gauge: { dataPoints: [{ asInt: 1 }] } }] }] }] },
  logs: { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'one' } }] }] }] },
};

export const one = (signal: Signal): Buffer => encoded(signal, ONE[signal]);

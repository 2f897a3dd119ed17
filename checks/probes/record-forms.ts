import type protobuf from 'protobufjs';
import { schema } from '../../proto/schema.ts';
import { SIGNAL, type Signal } from '../../proto/vocabulary/signals.ts';

/**
 * Forms of a record: the connector writes JSON with the names of the .proto files and ids in base64, or the request's bytes as base64 text; the bridge
 * OTLP/JSON or the bytes as they are. Source: connector facts, "Receiving"; OTLP specification, "JSON Protobuf Encoding".
 */
export type RecordForm = 'connect-json' | 'base64-protobuf' | 'otlp-json' | 'protobuf';
/** Bytes of one request as a JSON record and as a protobuf record of whoever wrote it. */
export type FormSizes = { form: RecordForm; recordBytes: number; jsonBytes: number; protobufBytes: number };

type Tree = { [name: string]: unknown };
const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
const camel = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const ID = /^(traceId|spanId|parentSpanId)$/;

/** JSON of either kind as protobufjs takes it. `hex`: ids of OTLP/JSON. */
function readable(value: unknown, hex: boolean, name = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => readable(one, hex));
  if (isTree(value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [camel(key), readable(one, hex, camel(key))]));
  if (hex && ID.test(name) && typeof value === 'string') return Buffer.from(value, 'hex');
  // protobufjs takes these names for numbers of a double.
  return value === 'NaN' ? NaN : value === 'Infinity' ? Infinity : value === '-Infinity' ? -Infinity : value;
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The record without what a JsonConverter puts around a string. */
function unwrapped(value: Buffer): Buffer {
  if (value[0] !== 0x22 && value[0] !== 0x7b) return value;
  try {
    const json = JSON.parse(value.toString('utf8')) as unknown;
    const text = isTree(json) && 'schema' in json && 'payload' in json ? json['payload'] : json;
    return typeof text === 'string' ? Buffer.from(text, 'utf8') : value;
  } catch {
    return value;
  }
}

type Read = { form: RecordForm; message: protobuf.Message };

/** Undefined for what is no Export request of that signal in any of the forms. */
function read(value: Buffer, type: protobuf.Type): Read | undefined {
  const bare = unwrapped(value);
  try {
    if (bare[0] === 0x7b) {
      const json = JSON.parse(bare.toString('utf8')) as Tree;
      const isConnect = Object.keys(json).some((key) => key.startsWith('resource_'));
      return { form: isConnect ? 'connect-json' : 'otlp-json', message: type.fromObject(readable(json, !isConnect) as Tree) };
    }
    // A protobuf record begins with the tag of its first field, 0x0a, which is no sign of base64.
    const isText = bare.length > 0 && BASE64.test(bare.toString('latin1'));
    const bytes = isText ? Buffer.from(bare.toString('latin1'), 'base64') : bare;
    return { form: isText ? 'base64-protobuf' : 'protobuf', message: type.decode(bytes) };
  } catch {
    return undefined;
  }
}

/** An Export request of that signal, whatever form its record has. */
export const readRequest = (value: Buffer, signal: Signal): protobuf.Message | undefined =>
  read(value, schema().lookupType(SIGNAL[signal].request))?.message;

/** The connector's JSON: names of the .proto files, defaults of everything that is neither a message nor one of several that exclude each other. */
function connectJson(message: protobuf.Message, type: protobuf.Type): string {
  const tree = type.toObject(message, { longs: String, enums: String, bytes: String, json: true, defaults: true });
  return printed(renamed(tree, snake));
}

/** OTLP/JSON, compact. */
function otlpJson(message: protobuf.Message, type: protobuf.Type): string {
  return JSON.stringify(renamed(type.toObject(message, { longs: String, json: true, bytes: Buffer }), (name) => name));
}

function renamed(value: unknown, rename: (name: string) => string, name = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => renamed(one, rename));
  if (Buffer.isBuffer(value)) return value.toString(ID.test(name) ? 'hex' : 'base64');
  if (!isTree(value)) return value;
  const set = Object.entries(value).filter(([, one]) => one !== null);
  return Object.fromEntries(set.map(([key, one]) => [rename(key), renamed(one, rename, key)]));
}

/** As Java's printer lays it out: two blanks a level, the messages of a list on the line of their brackets. */
function printed(value: unknown, indent = ''): string {
  if (Array.isArray(value)) return `[${value.map((one) => printed(one, indent)).join(', ')}]`;
  if (!isTree(value)) return JSON.stringify(value);
  const inner = `${indent}  `;
  const lines = Object.entries(value).map(([name, one]) => `${inner}"${name}": ${printed(one, inner)}`);
  return lines.length === 0 ? `{\n${indent}}` : `{\n${lines.join(',\n')}\n${indent}}`;
}

const base64Length = (bytes: number): number => 4 * Math.ceil(bytes / 3);

/** What a record is, and what it would be in the other form. Undefined for what is no Export request of that signal. */
export function formSizes(value: Buffer, signal: Signal): FormSizes | undefined {
  const type = schema().lookupType(SIGNAL[signal].request);
  const found = read(value, type);
  // One that holds nothing tells nothing.
  const [content] = type.fieldsArray;
  if (found === undefined || ((found.message as unknown as Tree)[content!.name] as unknown[]).length === 0) return undefined;
  const { form, message } = found;
  const isConnectors = form === 'connect-json' || form === 'base64-protobuf';
  const isJson = form === 'connect-json' || form === 'otlp-json';
  const encoded = isJson ? type.encode(message).finish().length : 0;
  return {
    form,
    recordBytes: value.length,
    jsonBytes: isJson ? value.length : Buffer.byteLength((isConnectors ? connectJson : otlpJson)(message, type)),
    protobufBytes: !isJson ? value.length : isConnectors ? base64Length(encoded) : encoded,
  };
}

import type { Message } from '../message.ts';
import { connectJson } from './connect-json.ts';
import { requestOf, type Decoded } from './fields.ts';
import { objectOf } from './from-json.ts';
import { otlpJson } from './otlp-json.ts';

/**
 * Forms that a record can have: the bytes of the Export request (the Collector's `otlp_proto`), OTLP/JSON (its `otlp_json`), or the connector's own JSON.
 */
export const FORMATS = ['protobuf', 'json', 'json-connect'] as const;
export type Format = (typeof FORMATS)[number];

/** Content types of records: what a consumer reads them as. */
export const FORMAT_TYPE: Readonly<Record<Format, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
  'json-connect': 'application/json',
};

/** A message taken apart, whatever it came as. */
export function decoded({ signal, encoding, body }: Message): Decoded {
  const { type, fields } = requestOf(signal);
  return (encoding === 'protobuf' ? type.decode(body) : type.fromObject(objectOf(body, fields))) as unknown as Decoded;
}

/** A message in the form that records are to have. Protobuf that arrived as such is passed on as it is. Throws for what cannot be decoded. */
export function converted(message: Message, format: Format): Buffer {
  if (format === 'protobuf' && message.encoding === 'protobuf') return message.body;
  const { type, fields } = requestOf(message.signal);
  const whole = decoded(message);
  if (format === 'protobuf') return Buffer.from(type.encode(whole as never).finish());
  return Buffer.from((format === 'json' ? otlpJson : connectJson)(whole, fields), 'utf8');
}

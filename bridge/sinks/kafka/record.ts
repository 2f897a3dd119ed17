import { converted, decoded, FORMAT_TYPE, type Format } from '../../convert/convert.ts';
import type { Decoded } from '../../convert/fields.ts';
import type { Message } from '../../message.ts';
import type { RecordKey } from '../../settings/kafka.ts';

/** One record as kafkajs takes it, and where it is to go. `pick` is ours: the partition is chosen once for each attempt and kept. */
export type KafkaRecord = {
  value: Buffer;
  key: string | null;
  timestamp: string;
  headers: Readonly<Record<string, string>>;
};

/** What a record takes beside its value: the frame of a batch of one, headers, timestamps. */
export const FRAME_BYTES = 200;

export const sizeOf = ({ value, key }: Pick<KafkaRecord, 'value' | 'key'>): number =>
  value.length + (key === null ? 0 : Buffer.byteLength(key)) + FRAME_BYTES;

/** `resourceSpans`, `scopeSpans`, `spans` and their like: the lists that hold one another in a request. */
const LISTS: Readonly<Record<Message['signal'], readonly [string, string, string]>> = {
  traces: ['resourceSpans', 'scopeSpans', 'spans'],
  metrics: ['resourceMetrics', 'scopeMetrics', 'metrics'],
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
};

const all = (message: Decoded, name: string): Decoded[] => (message[name] as Decoded[] | undefined) ?? [];

function traceIdOf(whole: Decoded, signal: Message['signal']): string | null {
  const [resources, scopes, items] = LISTS[signal];
  for (const resource of all(whole, resources))
    for (const scope of all(resource, scopes))
      for (const item of all(scope, items)) {
        const id = item['traceId'] as Buffer | undefined;
        if (id && id.length > 0) return Buffer.from(id).toString('hex');
      }
  return null;
}

function attributeOf(whole: Decoded, signal: Message['signal'], attribute: string): string | null {
  for (const one of all(whole, LISTS[signal][0])) {
    const resource = one['resource'] as Decoded | undefined;
    for (const { key, value } of (resource ? all(resource, 'attributes') : []) as unknown as { key: string; value?: Decoded }[]) {
      if (key !== attribute || !value) continue;
      const [name] = requestValue(value);
      if (name !== undefined) return String(value[name]);
    }
  }
  return null;
}

/** Simple values alone make a key: an array or a list has no one text. */
const requestValue = (value: Decoded): string[] =>
  ['stringValue', 'intValue', 'boolValue', 'doubleValue'].filter((name) => Object.hasOwn(value, name));

/** The key of a message's record: of the first span, log record or resource that has one; null where none has. */
export function keyOf(message: Message, by: RecordKey): string | null {
  if (by.by === 'none') return null;
  const whole = decoded(message);
  return by.by === 'trace-id' ? traceIdOf(whole, message.signal) : attributeOf(whole, message.signal, by.attribute);
}

type Headers = KafkaRecord['headers'];
const headersOf = (signal: Message['signal']): Record<Format, Headers> => {
  const of = (format: Format): Headers => ({ signal, 'content-type': FORMAT_TYPE[format] });
  return { protobuf: of('protobuf'), json: of('json'), 'json-connect': of('json-connect') };
};
/** The same object for all records of a kind: it is encoded once. */
const HEADERS: Readonly<Record<Message['signal'], Record<Format, Headers>>> = {
  traces: headersOf('traces'),
  metrics: headersOf('metrics'),
  logs: headersOf('logs'),
};

/** Takes a message as far as its record. Throws for one that cannot be converted. */
export const recordOf = (message: Message, format: Format, by: RecordKey): KafkaRecord => ({
  value: converted(message, format),
  key: keyOf(message, by),
  timestamp: String(message.receivedAt),
  headers: HEADERS[message.signal][format],
});

/** A record whose size is known without making it: bytes that are passed on. */
export const passesOn = ({ encoding }: Message, format: Format): boolean => format === 'protobuf' && encoding === 'protobuf';

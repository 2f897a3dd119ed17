import type protobuf from 'protobufjs';
import type { KafkaSender } from '../facts/index.ts';
import type { Signal } from '../../proto/vocabulary/signals.ts';
import { readRequest } from './record-forms.ts';
import type { TopicRecords } from './kafka-records.ts';

type Resource = { attributes?: { key?: string; value?: { stringValue?: string | null } | null }[] };

/** An identity is short; anything longer is not one. */
const LONGEST = 120;

/** Resources of a request, whichever signal: resource_spans, resource_metrics, resource_logs. Source: OTLP, opentelemetry-proto 1.x. */
function resourcesOf(message: protobuf.Message): (Resource | null | undefined)[] {
  const [field] = message.$type.fieldsArray;
  return (message as unknown as Record<string, { resource?: Resource | null }[]>)[field!.name]!.map(({ resource }) => resource);
}

/** Text of an attribute; null where the resource does not have it. */
function textOf(resource: Resource | null | undefined, name: string): string | null {
  const text = resource?.attributes?.find(({ key }) => key === name)?.value?.stringValue;
  return text === undefined || text === null || text === '' ? null : text.slice(0, LONGEST);
}

/** `opentelemetry java 1.49.0`. Source: semantic conventions, "Telemetry SDK". */
const sdkOf = (resource: Resource | null | undefined): string | null =>
  ['telemetry.sdk.name', 'telemetry.sdk.language', 'telemetry.sdk.version']
    .map((name) => textOf(resource, name))
    .filter((text) => text !== null)
    .join(' ') || null;

/** Who sent these records, most records first. A request of several services counts for each; `foreign`: records that are no OTLP request. */
export function sendersIn(topics: readonly TopicRecords[]): { senders: KafkaSender[]; records: number; foreign: number } {
  const senders = new Map<string, { service: string | null; sdk: string | null; records: number; signals: Set<Signal> }>();
  let [records, foreign] = [0, 0];
  for (const { signal, values } of topics)
    for (const value of values) {
      const message = readRequest(value, signal);
      records += 1;
      foreign += message === undefined ? 1 : 0;
      const here = new Map((message === undefined ? [] : resourcesOf(message)).map((one) => [identityOf(one), one]));
      for (const [identity, resource] of here) {
        const sender = senders.get(identity) ?? {
          service: textOf(resource, 'service.name'),
          sdk: sdkOf(resource),
          records: 0,
          signals: new Set(),
        };
        sender.records += 1;
        sender.signals.add(signal);
        senders.set(identity, sender);
      }
    }
  const sorted = [...senders.values()].sort((a, b) => b.records - a.records || (a.service ?? '').localeCompare(b.service ?? ''));
  return { senders: sorted.map((sender) => ({ ...sender, signals: [...sender.signals] })), records, foreign };
}

const identityOf = (resource: Resource | null | undefined): string => `${textOf(resource, 'service.name')}\n${sdkOf(resource)}`;

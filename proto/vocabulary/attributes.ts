import { SIGNAL, SIGNALS } from './signals.ts';

/** Attributes of the connector's MBean. Source: runbook "Key JMX Metrics"; refused counters exist on the bridge only. */
export type AttributeKind = 'counter' | 'gauge' | 'derived';
export type Attribute = { name: string; kind: AttributeKind; unit: 'messages' | 'percent' | 'bytes'; meaning: string };

const perSignal = (
  kind: AttributeKind,
  key: 'received' | 'dropped' | 'refused' | 'queueSize',
  meaning: (signal: string) => string,
): Attribute[] => SIGNALS.map((signal) => ({ name: SIGNAL[signal][key], kind, unit: 'messages', meaning: meaning(signal) }));

export const ATTRIBUTES: readonly Attribute[] = [
  ...perSignal('counter', 'received', (s) => `Export requests of ${s} accepted since the task started; a dropped one is not in it`),
  ...perSignal('counter', 'dropped', (s) => `Export requests of ${s} thrown away because the queue was full`),
  {
    name: 'RecordsProduced',
    kind: 'counter',
    unit: 'messages',
    meaning: 'records handed on from the queues: to Connect by the connector, acknowledged by the sink on the bridge',
  },
  ...perSignal('gauge', 'queueSize', (s) => `Export requests of ${s} waiting in their queue; always 0 on the connector`),
  {
    name: 'QueueCapacity',
    kind: 'gauge',
    unit: 'messages',
    meaning: 'size of each queue; always 0 on the connector, which marks its gauges as dead',
  },
  { name: 'MaxQueueUtilizationPercent', kind: 'gauge', unit: 'percent', meaning: 'fill of the fullest queue; always 0 on the connector' },
  { name: 'TotalMessagesReceived', kind: 'derived', unit: 'messages', meaning: 'sum of the received counters' },
  { name: 'TotalMessagesDropped', kind: 'derived', unit: 'messages', meaning: 'sum of the dropped counters' },
  { name: 'TotalLagCount', kind: 'derived', unit: 'messages', meaning: 'TotalMessagesReceived - RecordsProduced' },
  {
    name: 'DropRate',
    kind: 'derived',
    unit: 'percent',
    meaning: 'dropped / accepted x 100 on the connector (passes 100), dropped / (accepted + dropped) x 100 on the bridge',
  },
];

/**
 * Which limit of the bridge made it refuse: the reason in its log lines and in the label `reason` of its Prometheus page, and the attribute that counts it.
 * The first is the size of one queue, the second the bytes of everything held (`bridge.queue.max.bytes`), the third the sink, where requests are
 * answered once it has stored them (`bridge.ack=kafka`).
 */
export const REFUSED_FOR = {
  queue_full: 'RefusedQueueFull',
  queue_bytes_full: 'RefusedQueueBytesFull',
  not_stored: 'RefusedNotStored',
} as const;
export type RefusedFor = keyof typeof REFUSED_FOR;
export const REFUSED_REASONS = Object.keys(REFUSED_FOR) as readonly RefusedFor[];

/** Bytes of all requests that the bridge holds now, and of how many it refuses more. One number for all its connectors. */
export const HELD_BYTES = { held: 'HeldBytes', limit: 'HeldBytesLimit' } as const;

/** Counted by the bridge alone: with RecordsProduced it says how large an Export request is. */
export const PRODUCED_BYTES = 'BytesProduced';

/** What the bridge has beside them. A refused request was not taken, and its sender told so. */
export const BRIDGE_ATTRIBUTES: readonly Attribute[] = [
  ...perSignal('counter', 'refused', (s) => `Export requests of ${s} whose sender was told that they are not taken`),
  {
    name: REFUSED_FOR.queue_full,
    kind: 'counter',
    unit: 'messages',
    meaning: 'Export requests refused because the queue of their signal held otlp.message.queue.size',
  },
  {
    name: REFUSED_FOR.queue_bytes_full,
    kind: 'counter',
    unit: 'messages',
    meaning: 'Export requests refused because everything held had reached bridge.queue.max.bytes',
  },
  {
    name: REFUSED_FOR.not_stored,
    kind: 'counter',
    unit: 'messages',
    meaning: 'Export requests refused because the sink did not store them in time (bridge.ack=kafka)',
  },
  { name: 'TotalMessagesRefused', kind: 'derived', unit: 'messages', meaning: 'sum of the refused counters' },
  { name: 'RecordsInFlight', kind: 'gauge', unit: 'messages', meaning: 'Export requests handed to the sink and not yet acknowledged' },
  {
    name: 'RequestsWaiting',
    kind: 'gauge',
    unit: 'messages',
    meaning: 'Export requests whose sender gets its answer when they are stored (bridge.ack=kafka); they are in no other count before',
  },
  {
    name: 'RecordsStoredLate',
    kind: 'counter',
    unit: 'messages',
    meaning: 'records that were stored after their sender had been told to try again: they will be there twice, and are in no other count',
  },
  {
    name: 'RecordsTooLarge',
    kind: 'counter',
    unit: 'messages',
    meaning: 'Export requests whose record is larger than may be stored: refused, or dropped and set aside where it was found out too late',
  },
  {
    name: PRODUCED_BYTES,
    kind: 'counter',
    unit: 'bytes',
    meaning: 'bytes of the Export requests whose records the sink has, as they came, inflated; over RecordsProduced their average size',
  },
  {
    name: HELD_BYTES.held,
    kind: 'gauge',
    unit: 'bytes',
    meaning: 'bytes of all requests held by the whole bridge: on their way in, inflated, queued, in flight',
  },
  { name: HELD_BYTES.limit, kind: 'gauge', unit: 'bytes', meaning: 'bytes that the whole bridge may hold: bridge.queue.max.bytes' },
];

export const ATTRIBUTE_NAMES: readonly string[] = ATTRIBUTES.map((attribute) => attribute.name);
/** The one attribute that is text. */
export const CONNECTOR_NAME_ATTRIBUTE = 'ConnectorName';

/** JMX domain and type of the connector's MBean; its name property is quoted (ObjectName.quote). */
export const MBEAN_DOMAIN = 'io.conduktor.connect.otel';
export const MBEAN_PATTERN = `${MBEAN_DOMAIN}:type=OpenTelemetryConnector,*`;

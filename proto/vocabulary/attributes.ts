import { SIGNAL, SIGNALS } from './signals.ts';

/** Attributes of the connector's MBean. Source: runbook "Key JMX Metrics"; refused counters exist on the bridge only. */
export type AttributeKind = 'counter' | 'gauge' | 'derived';
export type Attribute = { name: string; kind: AttributeKind; unit: 'messages' | 'percent'; meaning: string };

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

/** What the bridge counts beside them: requests whose sender was told that they were not taken. */
export const REFUSED_ATTRIBUTES: readonly Attribute[] = perSignal(
  'counter',
  'refused',
  (s) => `Export requests of ${s} whose sender was told that they are not taken`,
);

export const BRIDGE_ATTRIBUTES: readonly Attribute[] = [
  ...REFUSED_ATTRIBUTES,
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
];

export const ATTRIBUTE_NAMES: readonly string[] = ATTRIBUTES.map((attribute) => attribute.name);
/** The one attribute that is text. */
export const CONNECTOR_NAME_ATTRIBUTE = 'ConnectorName';

/** JMX domain and type of the connector's MBean; its name property is quoted (ObjectName.quote). */
export const MBEAN_DOMAIN = 'io.conduktor.connect.otel';
export const MBEAN_PATTERN = `${MBEAN_DOMAIN}:type=OpenTelemetryConnector,*`;

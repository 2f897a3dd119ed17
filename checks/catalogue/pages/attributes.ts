import {
  ATTRIBUTES,
  BRIDGE_ATTRIBUTES,
  CONNECTOR_NAME_ATTRIBUTE,
  MBEAN_PATTERN,
  type Attribute,
} from '../../../proto/vocabulary/attributes.ts';
import { sentence, type Page } from '../page.ts';

const KIND: Readonly<Record<Attribute['kind'], string>> = {
  counter: 'A counter: it only rises and begins at 0 again with each start of the task, so read it twice and take the difference.',
  gauge: 'A gauge: the connector never sets it and it reads 0 whatever happens (QueueCapacity 0 is the sign); on the bridge it is live.',
  derived: 'Computed from the counters, since the task started.',
};

/** Steps and alerts that go by an attribute; the first pattern that fits. */
const RELATED: readonly [RegExp, readonly string[]][] = [
  [/^TotalMessagesReceived$/, ['message-intake', 'OTLPNoMessagesReceived', 'produce-lag']],
  ...['Traces', 'Metrics', 'Logs'].flatMap((signal): [RegExp, readonly string[]][] => [
    [new RegExp(`^${signal}Received$`), ['signal-intake', 'message-intake', `${signal}NotReceived`, 'OTLPNoMessagesReceived']],
    [new RegExp(`^${signal}Dropped$`), ['drop-rate', `${signal}QueueDropping`, `${signal}LossHigh`, 'queue-overflow']],
    [new RegExp(`^${signal}Refused$`), ['drop-rate', `${signal}QueueRefusing`, 'HighMessageDropRate', 'queue-overflow']],
  ]),
  [/Dropped$|Refused|^DropRate$/, ['drop-rate', 'HighMessageDropRate', 'queue-overflow']],
  [/^RecordsProduced$|^TotalLagCount$/, ['produce-lag', 'sink-progress', 'HighProcessingLag']],
  [/^HeldBytes/, ['queue-utilization', 'queue-near-capacity', 'queue-overflow', 'RefusedQueueBytesFull']],
  [/Queue/, ['queue-utilization', 'gauges-dead', 'HighQueueUtilization', 'task_metrics']],
];

const pageOf = ({ name, unit, meaning }: Attribute, about: readonly string[]): Page => ({
  id: name,
  kind: 'attribute',
  title: `Metric ${name}, in ${unit}`,
  text: [sentence(meaning), ...about],
  commands: ['otlpctl metrics'],
  seeAlso: [...(RELATED.find(([pattern]) => pattern.test(name))?.[1] ?? [])],
});

const JMX = `An attribute of the MBean ${MBEAN_PATTERN} on the worker that runs the task; the name in it is quoted.`;

const OURS = 'Only the bridge has it.';

export const pagesOfAttributes = (): Page[] => [
  ...ATTRIBUTES.map((attribute) => pageOf(attribute, [KIND[attribute.kind], JMX])),
  ...BRIDGE_ATTRIBUTES.map((attribute) =>
    pageOf(
      attribute,
      attribute.kind === 'gauge'
        ? [OURS]
        : [KIND[attribute.kind], `${OURS} Where the connector drops, the bridge tells the sender to try again.`],
    ),
  ),
  {
    id: CONNECTOR_NAME_ATTRIBUTE,
    kind: 'attribute',
    title: 'Metric ConnectorName, text',
    text: ['The name of the connector that these metrics belong to.', JMX],
    commands: ['otlpctl metrics'],
    seeAlso: ['metrics-source', 'metrics-of-other-worker'],
  },
];

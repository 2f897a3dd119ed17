import type { RunbookStep } from '../step.ts';

/** More comes than is taken away. */
export const DROPPED_MESSAGES_STEPS: readonly RunbookStep[] = [
  {
    id: 'format-change',
    kind: 'action',
    title: 'write protobuf records',
    places: [
      {
        heading: 'Issue 3: High Message Drop Rate',
        commands: ['"otlp.message.format": "protobuf"'],
        says: ['d7feea60bff37a23', 'e45bd5b97ca3f485'],
      },
      { heading: 'Issue 4: Processing Lag Building Up', commands: ['"otlp.message.format": "protobuf"'], says: ['63807377ded2610a'] },
    ],
    otlpctl: 'otlpctl connector config set otlp.message.format=protobuf',
    note: 'Consumers must follow: a protobuf record is base64 text of the request. The task restarts, which discards what is queued. It does not lift the limit of the poll loop.',
  },
  {
    id: 'kafka-brokers',
    kind: 'check',
    title: 'the Kafka brokers answer',
    places: [
      {
        heading: 'Issue 3: High Message Drop Rate',
        commands: ['kafka-broker-api-versions --bootstrap-server localhost:9092'],
        says: ['efeeb18e4aa5e987', '14e04870c6e312fc'],
      },
      { heading: 'Counter Metrics', commands: [], says: ['c3d082374619fd9c'] },
      { heading: 'Issue 4: Processing Lag Building Up', commands: [], says: ['19f57fb9681b519f', '359ef9d01ccf009c'] },
      { heading: 'Contact and Escalation', commands: [], says: ['24efa2a3d80ca4d5'] },
    ],
    otlpctl: 'otlpctl check kafka-brokers --kafka localhost:9092',
    note: 'A frozen broker still accepts connections: only an answer counts, and from the advertised addresses too, not from the bootstrap address alone.',
  },
  {
    id: 'consumer-lag',
    kind: 'check',
    title: 'consumers keep up',
    places: [
      { heading: 'Counter Metrics', commands: [], says: ['c3d082374619fd9c'] },
      {
        heading: 'Issue 3: High Message Drop Rate',
        commands: ['kafka-consumer-groups --bootstrap-server localhost:9092 --group <group> --describe'],
        says: ['2db7d4145f891891', '2359d9e1837a6905'],
      },
    ],
    otlpctl: 'otlpctl check consumer-lag --kafka localhost:9092',
    note: 'A slow consumer of the topics does not slow the connector: it explains no drop.',
  },
  {
    id: 'producer-tuning',
    kind: 'plan',
    title: "settings for Connect's producer",
    places: [
      {
        heading: 'Issue 3: High Message Drop Rate',
        commands: ['producer.linger.ms=10', 'producer.batch.size=32768', 'producer.compression.type=lz4', 'producer.acks=1'],
        says: ['8b430b3958c127d8'],
      },
    ],
    otlpctl: 'otlpctl producer',
    note: 'In the worker file they hold for every connector and need a restart of the worker; producer.override.* in the connector reaches this one alone. acks=1 gives up records when a leader fails, and Connect asks for acks=all for that reason.',
  },
  {
    id: 'kafka-scaling',
    kind: 'plan',
    title: 'more or larger Kafka brokers',
    places: [
      { heading: 'Issue 3: High Message Drop Rate', commands: [], says: ['3c5694acfae82934'] },
      { heading: 'Scaling Considerations', commands: [], says: ['b755042c03eeaa5d'] },
    ],
    otlpctl: 'otlpctl scale brokers --kafka localhost:9092',
    note: 'Helps only where Kafka is the limit: throttled, slow or full. Look at producer-state first.',
  },
];

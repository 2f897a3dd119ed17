import type { RunbookStep } from '../step.ts';

/** What the connector's MBean tells. */
export const METRICS_STEPS: readonly RunbookStep[] = [
  {
    id: 'metrics-source',
    kind: 'check',
    title: "the connector's metrics can be read",
    places: [{ heading: 'Key JMX Metrics', commands: [], says: ['dca697017f1c2077'] }],
    note: 'The name in the ObjectName is quoted (name="otlp-source"): the name without quotes finds nothing. The MBean lives with the task and is gone with it.',
  },
  {
    id: 'metric-values',
    kind: 'check',
    title: 'every metric with its value and rate',
    places: [
      {
        heading: 'Counter Metrics',
        commands: [],
        says: [
          '4f757807f73b0801',
          'cf8e2abaeb78bd16',
          '8202997cda6ad473',
          'f4f5cf61d409a8bd',
          '79217e135fb4347f',
          '7c1dbd1ccf6a1794',
          '2f448c14fd55ad4f',
        ],
      },
      {
        heading: 'Queue Metrics',
        commands: [],
        says: ['05baab28eaae43dc', 'b02914f07a328d9e', '80952129be5c5efa', '3fcb430b47c2cec6', '4b9205604140668b'],
      },
      { heading: 'Derived Metrics', commands: [], says: ['9c5f639cff131ffa', 'f1f1bb74e53a06f3', '461eb9da3a0671cd', '32fc7989fb10ca49'] },
      { heading: 'Contact and Escalation', commands: [], says: ['5cb215c4e78cd8ed'] },
    ],
    otlpctl: 'otlpctl metrics',
    note: 'On the connector QueueCapacity, the queue sizes and MaxQueueUtilizationPercent always read 0. One message is one Export request, whatever it holds.',
  },
  {
    id: 'signal-intake',
    kind: 'check',
    title: 'each signal arrives',
    places: [
      {
        heading: 'Counter Metrics',
        commands: [],
        says: ['4f757807f73b0801', 'c161706083b429ec', '59dc6dd24255fab4', 'cf8e2abaeb78bd16', '8202997cda6ad473'],
      },
    ],
    note: 'A signal that nobody sends stands still too: stillness is a finding only where traffic is expected.',
  },
  {
    id: 'drop-rate',
    kind: 'check',
    title: 'how much of what is offered is lost',
    places: [
      { heading: 'Derived Metrics', commands: [], says: ['32fc7989fb10ca49', '99815b0431e60d35'] },
      { heading: 'Counter Metrics', commands: [], says: ['f4f5cf61d409a8bd', 'b7ee634b8b05515f', '79217e135fb4347f', '7c1dbd1ccf6a1794'] },
      { heading: 'Issue 3: High Message Drop Rate', commands: [], says: ['6dd7d7cdb13da187', '9b6594282d0674b6'] },
    ],
    note: 'DropRate is dropped / accepted since the task started: it passes 100 % under overload, reads 0 when all is dropped from the start, and hides a fresh loss behind a long history. The true loss is dropped / (accepted + dropped) between two readings.',
  },
  {
    id: 'sink-progress',
    kind: 'check',
    title: 'records reach Kafka',
    places: [
      { heading: 'Issue 4: Processing Lag Building Up', commands: [], says: ['7654d5c163677a2e'] },
      { heading: 'Counter Metrics', commands: [], says: ['c3d082374619fd9c'] },
    ],
    note: "Kafka's acknowledgements show only in Connect's own source-task-metrics (source-record-write-total, source-record-active-count) and in the topic's end offsets.",
  },
  {
    id: 'producer-state',
    kind: 'check',
    title: "Connect's producer is neither throttled nor blocked",
    places: [
      {
        heading: 'Issue 4: Processing Lag Building Up',
        commands: ['curl http://localhost:8083/connectors/otlp-source/status'],
        says: ['574513da3f88a4c3', 'b8ee19c6f3414e71'],
      },
      { heading: 'Derived Metrics', commands: [], says: ['978163ab8a69df46'] },
    ],
    note: 'GET .../status says nothing about the producer. Throttling, latency and free buffer are in the producer-metrics of client connector-producer-<name>-0.',
  },
  {
    id: 'queue-size-change',
    kind: 'action',
    title: 'make the queues larger',
    places: [
      { heading: 'Counter Metrics', commands: [], says: ['488d55ccc9d92591'] },
      { heading: 'Derived Metrics', commands: [], says: ['adfe470af41f29c0'] },
      {
        heading: 'Issue 3: High Message Drop Rate',
        commands: ['"otlp.message.queue.size": "50000"'],
        says: ['6e1f61ec373e9ea2', '614d3c8069166a45'],
      },
    ],
    otlpctl: 'otlpctl connector config set otlp.message.queue.size=50000',
    note: 'A larger queue only delays the loss when one signal passes about 480 msg/s, where the poll loop is the limit. Changing the configuration restarts the task, which discards what is queued; each queue takes memory (otlpctl capacity).',
  },
];

import type { RunbookStep } from '../step.ts';

/** Beyond one connector, and beyond this runbook. */
export const SCALING_STEPS: readonly RunbookStep[] = [
  {
    id: 'connector-scaling',
    kind: 'plan',
    title: 'more instances behind a load balancer',
    places: [
      {
        heading: 'Scaling Considerations',
        commands: [],
        says: ['dbf389e6ddc1c464', 'b406f52183fb7fe6', 'eed0f83f2094a434', '7a323cc3856a81b3'],
      },
    ],
    otlpctl: 'otlpctl scale connectors --instances 2',
    note: 'Also the way past the limit of one busy signal (about 480 msg/s an instance). gRPC keeps one connection open: the balancer must spread calls, not connections.',
  },
  {
    id: 'worker-health',
    kind: 'check',
    title: 'the worker is well',
    places: [{ heading: 'Contact and Escalation', commands: [], says: ['d6cabf7af4df2638', '95ba3018ee586efa'] }],
    note: 'GET /health (Kafka 3.9 and later) says whether the worker takes part in its group; without Kafka it answers only after 10 s, while .../status goes on saying RUNNING.',
  },
  {
    id: 'log-source',
    kind: 'check',
    title: "the worker's log can be read, and from when",
    places: [{ heading: 'Contact and Escalation', commands: [], says: ['d6cabf7af4df2638', 'e72c4a0cf7f105b1'] }],
  },
  {
    id: 'documentation',
    kind: 'check',
    title: 'more about a check, a cause, a key or a log line',
    places: [{ heading: 'Contact and Escalation', commands: [], says: ['101c92aacdaf0998'] }],
    otlpctl: 'otlpctl explain connector-state',
  },
  {
    id: 'escalation',
    kind: 'action',
    title: 'hand everything over to somebody else',
    places: [
      {
        heading: 'Contact and Escalation',
        commands: [],
        says: [
          'f4c47ed0d16851aa',
          'ffbe7d2746ab6eda',
          'c092ab66387c5c15',
          '5cb215c4e78cd8ed',
          'e72c4a0cf7f105b1',
          '95ba3018ee586efa',
          'a676cba73cdc3fb3',
          'fa078dc14bc17713',
        ],
      },
    ],
    otlpctl: 'otlpctl bundle',
    note: 'Configurations and logs hold secrets: take them out before they leave the house.',
  },
];

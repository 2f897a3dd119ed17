import type { RunbookStep } from '../step.ts';

/** Sizes, formats and ports. */
export const TUNING_STEPS: readonly RunbookStep[] = [
  {
    id: 'queue-size',
    kind: 'plan',
    title: 'how large the queues must be',
    places: [
      {
        heading: 'Estimating Queue Size',
        commands: [],
        says: ['93a23410fd59dc4f', '51dc88d13d3e378e', 'b19bcca231501509', '0a0eb4ec4fde3abe', 'ed67804fb0584651'],
      },
      { heading: 'Issue 3: High Message Drop Rate', commands: [], says: ['42c66cfa285bb5ff'] },
      {
        heading: 'Queue Sizing',
        commands: [],
        says: [
          'ead5ea2ca42af370',
          'e5d8d8e35b411d37',
          '23d86aece8644fa3',
          '43730f291b4f5a33',
          '5b32663aef078e06',
          '7e1c88aba77a26da',
          '6ffe8a18b31df9d9',
        ],
      },
    ],
    otlpctl: 'otlpctl capacity --peak 5000 --burst 10',
    note: 'The formula spreads the peak over three signals; one busy signal drains at most about 480 msg/s, whatever the queue.',
  },
  {
    id: 'memory-size',
    kind: 'plan',
    title: 'how much memory and heap they take',
    places: [
      {
        heading: 'Estimating Memory',
        commands: [],
        says: ['6ba321b462544df5', '1abb8db860af241a', '58496581a02e24ea', 'f213b9432322f4aa'],
      },
      { heading: 'Queue Sizing', commands: [], says: ['c6dfe32339a4c9b9'] },
    ],
    otlpctl: 'otlpctl capacity --peak 5000 --burst 10 --message-size 2KB',
  },
  {
    id: 'message-format',
    kind: 'check',
    title: 'the record format fits the traffic',
    places: [
      { heading: 'Message Format Selection', commands: [], says: ['bc01540949a9f55e', '1e312bc8fa67744c', 'c5b23f3db4ca0441'] },
      { heading: 'Issue 3: High Message Drop Rate', commands: [], says: ['d7feea60bff37a23'] },
      { heading: 'Issue 4: Processing Lag Building Up', commands: [], says: ['b8ee19c6f3414e71'] },
    ],
    note: 'The format does not lift the limit of the poll loop, and neither form loses a message by itself.',
  },
  {
    id: 'worker-memory',
    kind: 'check',
    title: 'the worker has memory to spare',
    places: [{ heading: 'Estimating Memory', commands: [], says: ['f213b9432322f4aa'] }],
  },
  {
    id: 'format-choice',
    kind: 'plan',
    title: 'JSON or protobuf records',
    places: [
      {
        heading: 'Message Format Selection',
        commands: [],
        says: [
          '4703e72948e8633d',
          '1e312bc8fa67744c',
          'c5b23f3db4ca0441',
          'bc01540949a9f55e',
          'a3bcc782a0cb2632',
          'c863758deba97e68',
          '8c6fbd96d565a953',
          'c9494e413131783a',
          'e15be765e3886b34',
          '17801209bf4f616c',
        ],
      },
    ],
    otlpctl: 'otlpctl capacity --peak 5000 --burst 10',
    note: "JSON records are not OTLP/JSON: their field names have underscores and their ids are base64. Protobuf records are the request's bytes as base64 text.",
  },
  {
    id: 'port-plan',
    kind: 'plan',
    title: 'which ports are used, and which are free',
    places: [
      {
        heading: 'Port Configuration',
        commands: ['otlp.grpc.port=5317', 'otlp.http.port=5318', 'otlp.grpc.port=6317', 'otlp.http.port=6318'],
        says: ['34af4e9f3df3c039'],
      },
    ],
    otlpctl: 'otlpctl ports',
    note: 'Connect takes the configuration as JSON: these are keys of the connector, not lines of a properties file.',
  },
];

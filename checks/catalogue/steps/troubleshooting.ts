import type { RunbookStep } from '../step.ts';

/** Logs, health and endpoint tests. */
export const TROUBLESHOOTING_STEPS: readonly RunbookStep[] = [
  {
    id: 'debug-logging',
    kind: 'action',
    title: 'raise the log level for a while',
    places: [
      {
        heading: 'Debug Logging',
        commands: ['log4j.logger.io.conduktor.connect.otel=DEBUG', 'log4j.logger.io.grpc=DEBUG'],
        says: ['a97214e6e0c7b074', 'c11d77edb900ad8d', '54042f28581c2397'],
      },
      { heading: 'Contact and Escalation', commands: [], says: ['8b680266adbca0b5'] },
    ],
    otlpctl: 'otlpctl debug-window',
    note: 'These are lines of log4j 1: Kafka 4 is configured by log4j2.yaml. PUT /admin/loggers/<logger> changes a level without a restart, where the worker offers it. Received requests are not logged at DEBUG either.',
  },
  {
    id: 'log-messages',
    kind: 'check',
    title: 'what a log line means',
    places: [
      {
        heading: 'Common Log Messages',
        commands: [],
        says: [
          'c95ff56a04808f9b',
          '10a5bdc87e4570b0',
          '6ec21b56c2bf26a0',
          '64a7e2c0f9988a9f',
          'f683882b06d253f6',
          'ca19a3001ba4438a',
          '6cb07a521654e38c',
          '91215222d0bf3501',
          '31dcba7fa1ca649b',
        ],
      },
    ],
    otlpctl: 'otlpctl explain "event=trace_dropped reason=queue_full"',
    note: 'trace_received and "Failed to start gRPC server" or "HTTP server" are never logged: a port that cannot be opened is logged as event=otlp_receiver_start_failed.',
  },
  {
    id: 'health-script',
    kind: 'check',
    title: 'one look for a monitoring system',
    places: [
      {
        heading: 'Health Check',
        commands: [
          "STATUS=$(curl -s $CONNECT_URL/connectors/$CONNECTOR_NAME/status | jq -r '.connector.state')",
          "TASK_STATUS=$(curl -s $CONNECT_URL/connectors/$CONNECTOR_NAME/status | jq -r '.tasks[0].state')",
          'if ! netstat -an | grep -q 4317; then',
          'if ! netstat -an | grep -q 4318; then',
        ],
        says: ['227e306f85e1b301', '92da023acee834cd', '14319f4ed3dfdad9'],
      },
    ],
    otlpctl: 'otlpctl health',
    note: 'The script reads the first task only, takes an unreachable Connect for a connector that does not run, never says UNKNOWN and waits for ever on a Connect that hangs.',
  },
  {
    id: 'task-states',
    kind: 'check',
    title: 'every task is RUNNING',
    places: [
      {
        heading: 'Health Check',
        commands: ["TASK_STATUS=$(curl -s $CONNECT_URL/connectors/$CONNECTOR_NAME/status | jq -r '.tasks[0].state')"],
        says: ['44bcf6cc77595c75'],
      },
      { heading: 'Issue: Connector Not Running', commands: [], says: ['eb35c338305768a1'] },
    ],
    note: 'An empty list of tasks passes no one: tasks[0] is then null.',
  },
  {
    id: 'grpc-description',
    kind: 'check',
    title: 'methods and messages of a gRPC service',
    places: [
      {
        heading: 'OTLP Endpoint Testing',
        commands: ['grpcurl -plaintext localhost:4317 describe opentelemetry.proto.collector.trace.v1.TraceService'],
        says: ['a8db1e0149fddcea'],
      },
    ],
    otlpctl: 'otlpctl grpc describe opentelemetry.proto.collector.trace.v1.TraceService',
    note: 'Needs server reflection, which the connector does not have and the bridge has.',
  },
  {
    id: 'traces-endpoint',
    kind: 'check',
    title: 'the HTTP path of traces',
    places: [
      {
        heading: 'OTLP Endpoint Testing',
        commands: ['curl -v http://localhost:4318/v1/traces -H "Content-Type: application/x-protobuf"'],
        says: ['e2d21c98847599bb', 'cd77211a865af48a'],
      },
    ],
    otlpctl: 'otlpctl http probe',
    note: 'This command is a GET: 405 is the right answer and proves the receiver. Sent as a POST without a body it would be accepted (200) and put an empty record on the topic.',
  },
  {
    id: 'metrics-endpoint',
    kind: 'check',
    title: 'the HTTP path of metrics',
    places: [
      {
        heading: 'OTLP Endpoint Testing',
        commands: ['curl -v http://localhost:4318/v1/metrics -H "Content-Type: application/x-protobuf"'],
        says: ['168f83f2e5f4c885', 'cd77211a865af48a'],
      },
    ],
    otlpctl: 'otlpctl http probe',
    note: 'This command is a GET: 405 is the right answer and proves the receiver. Sent as a POST without a body it would be accepted (200) and put an empty record on the topic.',
  },
  {
    id: 'logs-endpoint',
    kind: 'check',
    title: 'the HTTP path of logs',
    places: [
      {
        heading: 'OTLP Endpoint Testing',
        commands: ['curl -v http://localhost:4318/v1/logs -H "Content-Type: application/x-protobuf"'],
        says: ['51ccebd2a5bf6e14', 'cd77211a865af48a'],
      },
    ],
    otlpctl: 'otlpctl http probe',
    note: 'This command is a GET: 405 is the right answer and proves the receiver. Sent as a POST without a body it would be accepted (200) and put an empty record on the topic.',
  },
];

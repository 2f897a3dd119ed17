import type { RunbookStep } from '../step.ts';

/** The ports are open and nothing comes. */
export const NO_MESSAGES_STEPS: readonly RunbookStep[] = [
  {
    id: 'client-configuration',
    kind: 'check',
    title: 'the applications send to this connector',
    places: [
      {
        heading: 'Issue 2: No Messages Received',
        commands: [],
        says: ['84574303cfab232f', 'ea21b01748373870', '4e17b9fb672e1d74', '14d8638ea8f93206'],
      },
    ],
    otlpctl: 'otlpctl exporter-env',
    note: 'A per-signal endpoint (OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) is used as it stands and needs its /v1/traces; grpc belongs to the gRPC port, http/protobuf to the HTTP port; a proxy variable diverts both.',
  },
  {
    id: 'exporter-environment',
    kind: 'plan',
    title: 'what an application must have in its environment',
    places: [
      {
        heading: 'Issue 2: No Messages Received',
        commands: ['export OTEL_EXPORTER_OTLP_ENDPOINT=http://<connector-host>:4318', 'export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf'],
        says: ['93d1a03488ff8e79'],
      },
    ],
    otlpctl: 'otlpctl exporter-env --print',
    note: 'The Collector compresses over HTTP by default, and the connector does not read gzip there: switch compression off, or use gRPC.',
  },
  {
    id: 'client-network',
    kind: 'check',
    title: "the ports are reached from the application's host",
    places: [
      { heading: 'Issue 2: No Messages Received', commands: [], says: ['51da112e42597c85', 'b83697381a61ecbc', '03b51c1a6958957c'] },
    ],
    otlpctl: 'otlpctl doctor --connect-url none --otlp-grpc HOST:4317 --otlp-http http://HOST:4318',
    note: "Run it where the application runs, with the connector's host for HOST.",
  },
  {
    id: 'test-send',
    kind: 'action',
    title: 'send a marked test message',
    places: [
      {
        heading: 'Issue 2: No Messages Received',
        commands: ['otel-cli exec --endpoint http://localhost:4318 --service my-test-service -- echo "test"'],
        says: ['2f1475405ca180e3', 'bb59bae23a8f0237', '5de5cc4ab7da1927'],
      },
    ],
    otlpctl: 'otlpctl send traces',
    note: 'It puts a record on the topic. otel-cli works over http/protobuf and calls the connector out of specification, since it answers in JSON.',
  },
  {
    id: 'received-log-lines',
    kind: 'check',
    title: 'incoming requests in the log',
    places: [
      {
        heading: 'Issue 2: No Messages Received',
        commands: ['tail -f $KAFKA_HOME/logs/connect.log | grep "event=trace_received\\|event=metric_received\\|event=log_received"'],
        says: ['9709000fa8156557'],
      },
    ],
    otlpctl: 'otlpctl check message-intake',
    note: 'The connector never logs these events: the tail stays empty whatever arrives. The received counters tell.',
  },
];

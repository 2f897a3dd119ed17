import type { RunbookStep } from '../step.ts';

/** What is typed first. */
export const QUICK_COMMANDS_STEPS: readonly RunbookStep[] = [
  {
    id: 'log-reading',
    kind: 'check',
    title: "the worker's log, each known line with its meaning",
    places: [
      {
        heading: 'Quick Commands Reference',
        commands: ['tail -100 $KAFKA_HOME/logs/connect.log | grep -E "OpenTelemetry|ERROR|WARN"'],
        says: [],
      },
      { heading: 'Contact and Escalation', commands: [], says: ['e72c4a0cf7f105b1'] },
    ],
    otlpctl: 'otlpctl logs',
    note: "grep loses the trace below an error, which holds the cause, and cuts at 100 lines whatever was logged. --since-start begins at the task's last start, --follow goes on also when the file is rotated.",
  },
  {
    id: 'connector-restart',
    kind: 'action',
    title: 'restart the connector',
    places: [
      {
        heading: 'Quick Commands Reference',
        commands: ['curl -X POST http://localhost:8083/connectors/<name>/restart'],
        says: ['f057ef63895579f6'],
      },
      {
        heading: 'Issue: Connector Not Running',
        commands: ['curl -X POST http://localhost:8083/connectors/<name>/restart'],
        says: ['f057ef63895579f6'],
      },
      {
        heading: 'Issue 1: OTLP Receivers Not Listening',
        commands: ['curl -X POST http://localhost:8083/connectors/otlp-source/restart'],
        says: ['f057ef63895579f6'],
      },
    ],
    otlpctl: 'otlpctl connector restart',
    note: 'A plain POST .../restart restarts the connector object and never its task: a FAILED task stays FAILED. Add ?includeTasks=true&onlyFailed=false. Restarting the task discards what is queued.',
  },
  {
    id: 'task-restart',
    kind: 'action',
    title: 'restart the task',
    places: [
      {
        heading: 'Quick Commands Reference',
        commands: ['curl -X POST http://localhost:8083/connectors/<name>/tasks/0/restart'],
        says: ['c05b80fc0bd9ab91'],
      },
    ],
    otlpctl: 'otlpctl connector restart-task 0',
    note: 'Stopping the task closes its ports and discards what is queued; its counters begin at 0 again.',
  },
  {
    id: 'connect-rest',
    kind: 'check',
    title: "Connect's REST interface answers",
    places: [
      {
        heading: 'Quick Commands Reference',
        commands: ['curl -s http://localhost:8083/connectors/<name>/status | jq .'],
        says: ['0113f4c9637032dd'],
      },
    ],
    note: 'curl -s shows nothing when it cannot connect, and jq shows null for an error page: neither is a state of the connector.',
  },
  {
    id: 'grpc-endpoint',
    kind: 'check',
    title: 'gRPC answers',
    places: [
      { heading: 'OTLP Endpoint Testing', commands: ['grpcurl -plaintext localhost:4317 list'], says: [] },
      { heading: 'Quick Commands Reference', commands: ['grpcurl -plaintext localhost:4317 list'], says: ['63258efdaea4fcca'] },
      { heading: 'Issue 2: No Messages Received', commands: ['grpcurl -plaintext localhost:4317 list'], says: ['85931c36bf4f323b'] },
      { heading: 'Contact and Escalation', commands: [], says: ['b1ad2bf294f9a70e'] },
    ],
    note: 'An HTTP/2 preface that is answered by SETTINGS proves the gRPC receiver without a tool and without a request.',
  },
  {
    id: 'grpc-reflection',
    kind: 'check',
    title: 'the gRPC services that are served',
    places: [
      {
        heading: 'OTLP Endpoint Testing',
        commands: ['grpcurl -plaintext localhost:4317 list'],
        says: ['358f0e120b3919b9', '07d10aafc2447062', '35f706288b0805cf', '999efd5f4e59a1cc', '03415d40a17ad419'],
      },
      { heading: 'Quick Commands Reference', commands: ['grpcurl -plaintext localhost:4317 list'], says: [] },
      { heading: 'Issue 2: No Messages Received', commands: ['grpcurl -plaintext localhost:4317 list'], says: [] },
    ],
    otlpctl: 'otlpctl grpc list',
    note: 'The connector has no server reflection: grpcurl answers that the server does not support the reflection API. That proves a gRPC server and is no fault; the bridge lists the three services.',
  },
  {
    id: 'http-endpoint',
    kind: 'check',
    title: 'HTTP answers',
    places: [
      { heading: 'OTLP Endpoint Testing', commands: [], says: ['cd77211a865af48a'] },
      { heading: 'Quick Commands Reference', commands: ['curl -v http://localhost:4318/v1/traces'], says: ['d47538af108166f5'] },
      { heading: 'Issue 2: No Messages Received', commands: ['curl -v http://localhost:4318/v1/traces'], says: ['85931c36bf4f323b'] },
      { heading: 'Contact and Escalation', commands: [], says: ['b1ad2bf294f9a70e'] },
    ],
    note: 'Without data curl sends a GET, and the answer of a healthy receiver is 405, not 200 or 400. A POST without a body would be accepted and put an empty record on the topic.',
  },
];

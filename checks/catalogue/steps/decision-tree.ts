import type { RunbookStep } from '../step.ts';

/** The six questions of the tree, in its order. */
export const DECISION_TREE_STEPS: readonly RunbookStep[] = [
  {
    id: 'decision-tree',
    kind: 'check',
    title: 'where to begin when an alert fires or something is reported',
    places: [{ heading: 'Incident Response Decision Tree', commands: [], says: ['3d1a4487880099b3', '63a0b920570a06cf'] }],
    otlpctl: 'otlpctl doctor',
    note: 'The tree ends at one leaf, so it cannot name two faults, and the RUNNING of its first question can be stale (a dead worker, a lost Kafka). doctor looks at everything at once and shows the path of the tree beside what it found.',
  },
  {
    id: 'connector-state',
    kind: 'check',
    title: 'the connector and its task are RUNNING',
    places: [
      {
        heading: 'Incident Response Decision Tree',
        commands: ["curl http://localhost:8083/connectors/<name>/status | jq '.connector.state'"],
        says: ['41dbd0f4b3fa48aa', '9a58dd4fc0782a3a'],
      },
      {
        heading: 'Quick Commands Reference',
        commands: ['curl -s http://localhost:8083/connectors/<name>/status | jq .'],
        says: ['0113f4c9637032dd'],
      },
      { heading: 'Issue: Connector Not Running', commands: [], says: ['eb35c338305768a1'] },
      { heading: 'Issue 1: OTLP Receivers Not Listening', commands: [], says: ['a332f6b46035aa0f'] },
      {
        heading: 'Health Check',
        commands: ["STATUS=$(curl -s $CONNECT_URL/connectors/$CONNECTOR_NAME/status | jq -r '.connector.state')"],
        says: ['0113f4c9637032dd'],
      },
      {
        heading: 'Restart Connector',
        commands: ['curl -s http://localhost:8083/connectors/otlp-source/status | jq .'],
        says: ['9d1ea11435ea5cd0'],
      },
    ],
    note: "The runbook's commands ask for the connector's own state only, and a connector stays RUNNING while its task has FAILED. RUNNING can also be stale: a worker that died or lost Kafka leaves it standing.",
  },
  {
    id: 'receiver-ports',
    kind: 'check',
    title: 'both OTLP ports are served by the connector',
    places: [
      {
        heading: 'Incident Response Decision Tree',
        commands: ['netstat -an | grep 4317', 'netstat -an | grep 4318'],
        says: ['a571bb522cd9a656', 'bb851576e22f8d01'],
      },
      { heading: 'Quick Commands Reference', commands: ['netstat -an | grep -E "4317|4318"'], says: ['35885be98ea6c6ba'] },
      {
        heading: 'Issue 1: OTLP Receivers Not Listening',
        commands: [],
        says: ['1d5c0e190db3eb68', 'bdad7359bbdefc0f', '5e76ed45c431f6ed'],
      },
      { heading: 'Issue 2: No Messages Received', commands: [], says: ['74cdb580d3d7fc92'] },
      {
        heading: 'Health Check',
        commands: ['if ! netstat -an | grep -q 4317; then', 'if ! netstat -an | grep -q 4318; then'],
        says: ['35885be98ea6c6ba'],
      },
    ],
    note: 'grep 4317 also matches port 43170, a client connection and a TIME_WAIT line, and does not say who listens. The ports are those of the configuration, on the worker that worker_id names.',
  },
  {
    id: 'message-intake',
    kind: 'check',
    title: 'messages arrive',
    places: [
      { heading: 'Incident Response Decision Tree', commands: [], says: ['840aafe00caebddf', '313a412ec9f1da4a', 'd587ae199ae056ad'] },
      { heading: 'Issue 2: No Messages Received', commands: [], says: ['71299c37c3268701'] },
    ],
    note: 'The received counters hold accepted messages only: they also stand still when a full queue drops everything. They begin at 0 with each start of the task. The name in the ObjectName is quoted, so ask with the pattern type=OpenTelemetryConnector,*.',
  },
  {
    id: 'queue-utilization',
    kind: 'check',
    title: 'the queues have room',
    places: [
      {
        heading: 'Queue Metrics',
        commands: [],
        says: [
          '05baab28eaae43dc',
          'b02914f07a328d9e',
          '80952129be5c5efa',
          '3fcb430b47c2cec6',
          '4b9205604140668b',
          'e5208a7d47ad5c0f',
          '445ffd85c833d910',
        ],
      },
      { heading: 'Incident Response Decision Tree', commands: [], says: ['f91413e49c2755e6', '3c8310a799891a7b', '4e4998fe6c7b5df4'] },
      {
        heading: 'Issue 3: High Message Drop Rate',
        commands: ['jconsole'],
        says: ['2cd8bbc071e4ed0a', '8a809855748abf4e', '417c24d77dc5a816'],
      },
      { heading: 'Issue 4: Processing Lag Building Up', commands: [], says: ['b87227c8f44297a0'] },
    ],
    note: 'These gauges read 0 always on the connector: its code never sets them (QueueCapacity 0 is the sign). What waits is received - produced, against otlp.message.queue.size; the true sizes stand only in the task_metrics lines of the log.',
  },
  {
    id: 'produce-lag',
    kind: 'check',
    title: 'what is received is also produced',
    places: [
      { heading: 'Derived Metrics', commands: [], says: ['461eb9da3a0671cd', '9992cfd5d0b2c9e9'] },
      { heading: 'Incident Response Decision Tree', commands: [], says: ['c5720d57af3ee3b8', '81bed3be5fef062d', 'c3a654eb2de1df32'] },
      { heading: 'Counter Metrics', commands: [], says: ['2f448c14fd55ad4f', '5274c74fe63568a0'] },
      { heading: 'Issue 4: Processing Lag Building Up', commands: [], says: ['9b2ef30e4c60638c', '7654d5c163677a2e'] },
    ],
    note: 'RecordsProduced counts what was handed to Connect, not what Kafka acknowledged, so this lag is the number of queued messages and never above three full queues. With the default size and one busy signal it cannot pass 10000.',
  },
  {
    id: 'log-lines',
    kind: 'check',
    title: 'no error in the log since the last start',
    places: [
      {
        heading: 'Incident Response Decision Tree',
        commands: ['grep "ERROR\\|WARN" $KAFKA_HOME/logs/connect.log | tail -50'],
        says: ['0694b42dae980081', '37e47b8fea9ae355'],
      },
      {
        heading: 'Quick Commands Reference',
        commands: ['tail -100 $KAFKA_HOME/logs/connect.log | grep -E "OpenTelemetry|ERROR|WARN"'],
        says: ['c67e033d8a7e0287'],
      },
      { heading: 'Issue 1: OTLP Receivers Not Listening', commands: [], says: ['7fb3c4ed00ea4c95'] },
      { heading: 'Issue 2: No Messages Received', commands: [], says: ['30a8059ee320eb0b'] },
      { heading: 'Issue 3: High Message Drop Rate', commands: [], says: ['742200ba2a7aa164'] },
      {
        heading: 'Issue 4: Processing Lag Building Up',
        commands: ['grep "ERROR" $KAFKA_HOME/logs/connect.log'],
        says: ['9d35094945467864'],
      },
    ],
    note: 'Connect writes WARN lines on every healthy start, and old lines stay in the last 50 for days: count since the last start, and leave out what is known to be harmless.',
  },
];

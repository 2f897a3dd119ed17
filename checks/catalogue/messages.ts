/**
 * Lines that Kafka Connect, its clients and the connector write without an `event=`, told by what is constant in them.
 * `page` names an existing page; a line with a `title` has one of its own under its id. The first that fits wins, so the more telling come first.
 * Sources: Kafka 3.9 and 4.1 (connect/runtime, clients), recordings of the real connector; gRPC and OTLP clients' own messages.
 */
export type Message = { matches: RegExp } & (
  { page: string } | { id: string; title: string; text: string[]; commands?: string[]; seeAlso: string[] }
);

const RESTART_COST = 'Restarting the task discards what is queued.';

export const MESSAGES: readonly Message[] = [
  { matches: /Address already in use/i, page: 'port-in-use' },
  { matches: /At least one OTLP receiver must be enabled/, page: 'configuration-invalid' },
  {
    matches:
      /Failed to find any class that implements Connector|not a recognizable type \(source or sink\)|ClassNotFoundException|NoClassDefFoundError/,
    page: 'plugin-missing',
  },
  { matches: /RecordTooLargeException|when serialized which is larger than|larger than the max message size/, page: 'record-too-large' },
  { matches: /AuthorizationException|Not authorized to access/, page: 'kafka-authorization-denied' },
  {
    matches: /Error while attempting to create\/find topic|Unable to create topic\(s\)|InvalidReplicationFactorException/,
    page: 'topic-create-failed',
  },
  {
    matches:
      /Invalid schema type for ByteArrayConverter|Converting .* failed due to serialization error|Tolerance exceeded in error handler/,
    page: 'converter-mismatch',
  },
  { matches: /NOT_ENOUGH_REPLICAS|NotEnoughReplicas/, page: 'topic-not-writable' },
  { matches: /Cannot complete request momentarily|rebalance is in progress/i, page: 'connect-rebalancing' },
  {
    matches: /Unexpected HTTP\/1\.x request|Expected HTTP\/|http2: frame too large/i,
    page: 'client-protocol-mismatch',
  },
  { matches: /Unknown endpoint: /, page: 'client-wrong-path' },
  { matches: /does not support the reflection API/, page: 'grpc-reflection' },
  { matches: /"error" ?: ?"Queue full"|Queue full, dropping message/, page: 'queue-overflow' },
  { matches: /Invalid value .* for configuration |Connector configuration is invalid/, page: 'configuration-invalid' },
  { matches: /User cannot access the resource/, page: 'connect-unauthorized' },
  {
    matches: /UNKNOWN_TOPIC_OR_PARTITION|UnknownTopicOrPartitionException|LEADER_NOT_AVAILABLE|LeaderNotAvailableException/,
    id: 'unknown-topic',
    title: 'A topic is not there, or has no leader, when the producer asks',
    text: [
      'Once or twice after a start it is harmless: the topic is being created, and the next answer has it.',
      'When it goes on, the topic does not exist and cannot be created: the task waits for it, and all three signals stop.',
    ],
    seeAlso: ['topic-missing', 'topic-create-failed', 'sink-progress'],
  },
  {
    matches: /Broker coordinator was unreachable for|is unavailable or invalid due to cause/,
    id: 'coordinator-unreachable',
    title: 'The worker has lost the coordinator of its group in Kafka',
    text: [
      'Seconds later the worker stops its own tasks. GET .../status goes on saying RUNNING, since that state too is kept in Kafka.',
      'What is queued then, acknowledged or not, is discarded when the task ends.',
    ],
    seeAlso: ['kafka-unreachable', 'kafka-unresponsive', 'worker-health'],
  },
  {
    matches: /Graceful stop of task /,
    id: 'graceful-stop-failed',
    title: 'A task did not end within task.shutdown.graceful.timeout.ms',
    text: [
      'Its producer is closed by force and nothing is taken from its queues any more, although its ports may stay open. Kafka that does not answer is the usual reason.',
    ],
    seeAlso: ['kafka-unreachable', 'kafka-unresponsive', 'sink-progress'],
  },
  {
    matches: /the orphan task threw an uncaught exception/,
    id: 'orphan-task',
    title: 'A task that was given up ended with an error',
    text: ['It follows a graceful stop that failed. It says nothing about the task that runs now.'],
    seeAlso: ['graceful-stop-failed', 'task-states'],
  },
  {
    matches: /Permission denied/i,
    id: 'permission-denied',
    title: 'The system refused something to the worker',
    text: ['In the trace of the task it is a port below 1024 without the privilege for it, or a file that the worker may not read.'],
    seeAlso: ['port-permission-denied', 'tls-files-unreadable', 'task-trace'],
  },
  {
    matches: /Failed to start OTLP receiver/,
    id: 'receiver-start',
    title: 'A receiver could not open its port, and the task failed',
    text: ['The cause stands in the last "Caused by" of the trace. Both ports are closed, also the one that could be opened.'],
    commands: ['otlpctl check task-trace port-holders'],
    seeAlso: ['port-in-use', 'port-permission-denied', 'otlp_receiver_start_failed'],
  },
  {
    matches: /Task is being killed and will not recover until manually restarted|Unrecoverable exception from producer send callback/,
    id: 'task-killed',
    title: 'The task has failed and stays so',
    text: [
      'The trace of the task holds the cause. A plain restart of the connector does not restart it: restart the task once the cause is gone.',
      RESTART_COST,
    ],
    commands: ['otlpctl check task-trace'],
    seeAlso: ['task-failed', 'task-trace', 'task-restart'],
  },
  {
    matches: /failed to send record to |Failed to send record to topic/i,
    id: 'send-failed',
    title: 'Kafka refused a record for good',
    text: ['The exception below the line is the reason. The task fails at its next poll, and both ports close with it.'],
    commands: ['otlpctl check task-trace'],
    seeAlso: ['record-too-large', 'kafka-authorization-denied', 'topic-create-failed'],
  },
  {
    matches: /could not be established\. Node may not be available|Bootstrap broker .* disconnected/,
    id: 'broker-refuses',
    title: 'A broker does not take connections',
    text: [
      'One line during a restart of a broker is harmless. Line after line means that the broker is down, or advertises an address that the worker does not reach.',
    ],
    seeAlso: ['kafka-unreachable', 'kafka-advertised-unreachable'],
  },
  {
    matches: /due to request timeout|due to socket connection setup timeout/,
    id: 'broker-silent',
    title: 'A broker takes connections or requests and does not answer',
    text: ['An open port proves nothing here: only an answer does.'],
    seeAlso: ['kafka-unresponsive', 'sink-progress'],
  },
  {
    matches: /Failed to connect to and describe Kafka cluster/,
    id: 'worker-cannot-reach-kafka',
    title: 'The worker gave up at its start, because Kafka was not reached',
    text: ['The worker has ended. Start Kafka, then the worker.'],
    seeAlso: ['worker-down', 'kafka-unreachable'],
  },
  {
    matches: /with rebalance delay: /,
    id: 'rebalance-delay',
    title: 'The group waits before it gives out the tasks of a worker that left',
    text: [
      'At most scheduled.rebalance.max.delay.ms, 5 minutes where nobody says otherwise. The ports stay closed meanwhile. A delay of 0 is normal.',
    ],
    seeAlso: ['task-unassigned', 'worker-lost'],
  },
  {
    matches: /Failed to commit offsets|Failed to flush|Commit of offsets|Unable to commit offsets/,
    id: 'commit-failed',
    title: 'Connect could not store the offsets of the task',
    text: ['The connector needs no offsets, so nothing is lost by it; but it shows that Kafka does not answer in time.'],
    seeAlso: ['kafka-slow', 'kafka-unresponsive', 'sink-progress'],
  },
  {
    matches: /OutOfMemoryError/,
    id: 'out-of-memory',
    title: 'The heap of the worker is used up',
    text: [
      'Queues that are larger than the heap are the usual reason with this connector. Restart the worker: after this line nothing of it can be relied on.',
    ],
    commands: ['otlpctl capacity --peak 5000 --burst 10'],
    seeAlso: ['worker-exhausted', 'memory-pressure', 'memory-size'],
  },
  {
    matches: /Too many open files/,
    id: 'too-many-files',
    title: 'The worker has used all its file descriptors',
    text: ['No new connection is accepted; those that are open go on. Raise the limit, and find out who holds the connections.'],
    seeAlso: ['worker-exhausted', 'worker-memory'],
  },
  {
    matches: /SaslAuthenticationException|SslAuthenticationException|failed authentication due to/,
    id: 'authentication-failed',
    title: 'Kafka does not accept the credentials of the worker',
    text: ['Look at sasl.* and ssl.* of the worker, and at producer.* beside them: the producer has settings of its own.'],
    seeAlso: ['kafka-unreachable', 'kafka-authorization-denied'],
  },
  {
    matches: /Session ID changed for (?:TRACES|METRICS|LOGS)/,
    id: 'session-changed',
    title: 'The task has started anew (harmless)',
    text: ['It comes once a signal after each start. Counters begin at 0 again.'],
    seeAlso: ['session_initialized', 'counters-restarted'],
  },
  {
    matches: /Sequence gap detected for/,
    id: 'sequence-gap',
    title: 'Records of a signal are missing between two that were read',
    text: ['The connector compares the numbers that it gave its own records: a gap without a restart is a loss inside it.'],
    seeAlso: ['drop-rate', 'log-lines'],
  },
  {
    matches: /MBean already registered, unregistering old instance/,
    id: 'mbean-registered',
    title: 'Metrics of the task before were still there (harmless)',
    text: ['The earlier task had not ended when this one began. The counters now belong to the new one.'],
    seeAlso: ['metrics-source', 'graceful-stop-failed'],
  },
  {
    matches: /plugins are missing ServiceLoader manifests/,
    id: 'service-loader',
    title: 'A plug-in has no manifest for the ServiceLoader (harmless)',
    text: ['It matters only with plugin.discovery=service_load.'],
    seeAlso: ['plugin-presence'],
  },
  {
    matches: /No status found for connector|Unknown connector:? |Connector \S+ not found/,
    id: 'unknown-connector',
    title: 'Connect does not know a connector of this name',
    text: ['A worker that is still starting says the same about connectors that exist.'],
    commands: ['otlpctl connector status'],
    seeAlso: ['connector-not-found', 'worker-starting'],
  },
  {
    matches: /Error while starting connector|Failed to start connector|restart failed/,
    id: 'connector-start',
    title: 'The connector could not start, and has no task',
    text: ['The cause stands in the trace of the connector itself, not of a task.'],
    commands: ['otlpctl check task-trace'],
    seeAlso: ['connector-failed', 'configuration-invalid'],
  },
];

/** Ids that are echoes of one cause or another: what a rule's `explains` is put together from. */

export const STATE_STEPS = ['connector-state', 'task-states', 'task-trace'] as const;
export const RECEIVER_STEPS = [
  'receiver-ports',
  'grpc-endpoint',
  'http-endpoint',
  'grpc-reflection',
  'port-holders',
  'marked-requests',
] as const;
export const INTAKE_STEPS = ['message-intake', 'signal-intake'] as const;
export const QUEUE_STEPS = ['queue-utilization', 'produce-lag', 'drop-rate', 'sink-progress', 'delivery', 'marked-requests'] as const;
export const METRIC_STEPS = [...INTAKE_STEPS, ...QUEUE_STEPS, 'metrics-source', 'producer-state', 'worker-memory'] as const;
export const REST_STEPS = ['connect-rest', 'worker-health', 'plugin-presence', 'connector-configuration', 'message-format'] as const;

export const KAFKA_STEPS = ['kafka-brokers', 'topic-configuration', 'delivery'] as const;

export const RECEIVER_IDS = [
  'receiver-not-listening',
  'receiver-unreachable',
  'receiver-bound-to-loopback',
  'receiver-unresponsive',
  'port-held-by-other',
  'proxy-in-the-way',
  'tls-mismatch',
  'receiver-address-unknown',
] as const;
export const QUEUE_IDS = ['queue-overflow', 'queue-near-capacity'] as const;
export const TRAFFIC_IDS = ['no-traffic', 'traffic-stopped'] as const;
export const METRIC_IDS = ['metrics-absent', 'metrics-of-other-worker'] as const;

/** What goes down with the task: its ports, its series, the intake. */
export const TASK_ECHOES = [
  ...STATE_STEPS,
  ...RECEIVER_STEPS,
  ...METRIC_STEPS,
  'log-lines',
  ...RECEIVER_IDS,
  ...METRIC_IDS,
  ...TRAFFIC_IDS,
  'log-errors',
  'idle',
] as const;
/** What follows when records no longer leave the queues. */
export const STALL_ECHOES = [
  ...QUEUE_STEPS,
  ...INTAKE_STEPS,
  'producer-state',
  'log-lines',
  ...QUEUE_IDS,
  ...TRAFFIC_IDS,
  'log-errors',
] as const;
/** What goes down with the worker. */
export const WORKER_ECHOES = [
  ...REST_STEPS,
  ...STATE_STEPS,
  ...RECEIVER_STEPS,
  ...METRIC_STEPS,
  ...RECEIVER_IDS,
  ...METRIC_IDS,
  ...TRAFFIC_IDS,
  'metrics-unavailable',
  'log-lines',
  'log-errors',
] as const;

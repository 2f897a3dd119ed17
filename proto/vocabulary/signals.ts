/**
 * The three OTLP signals and every name that hangs on one: the table that both sides read instead of having three copies of everything.
 * Sources: OTLP specification, "OTLP/gRPC" and "OTLP/HTTP"; runbook "Key JMX Metrics".
 */
export const SIGNALS = ['traces', 'metrics', 'logs'] as const;
export type Signal = (typeof SIGNALS)[number];

export type SignalNames = {
  /** full name of the gRPC service, whose one method is Export */
  service: string;
  /** full names of the Export messages */
  request: string;
  response: string;
  /** path of an OTLP/HTTP POST */
  path: string;
  /** what one request holds many of, and the partial-success field that counts them */
  items: string;
  rejected: string;
  /** configuration key of the topic, and its default */
  topicKey: string;
  topic: string;
  /** attributes of the connector's MBean; refused exists on the bridge only */
  received: string;
  dropped: string;
  refused: string;
  queueSize: string;
  /** fields of the task_metrics log line, and the events of a drop and (bridge only) of a refusal */
  queueField: string;
  sequenceField: string;
  droppedEvent: string;
  refusedEvent: string;
};

const collector = 'opentelemetry.proto.collector';

export const SIGNAL: Readonly<Record<Signal, SignalNames>> = {
  traces: {
    service: `${collector}.trace.v1.TraceService`,
    request: `${collector}.trace.v1.ExportTraceServiceRequest`,
    response: `${collector}.trace.v1.ExportTraceServiceResponse`,
    path: '/v1/traces',
    items: 'spans',
    rejected: 'rejected_spans',
    topicKey: 'kafka.topic.traces',
    topic: 'otlp-traces',
    received: 'TracesReceived',
    dropped: 'TracesDropped',
    refused: 'TracesRefused',
    queueSize: 'TracesQueueSize',
    queueField: 'traces_queue_size',
    sequenceField: 'traces_seq',
    droppedEvent: 'trace_dropped',
    refusedEvent: 'trace_refused',
  },
  metrics: {
    service: `${collector}.metrics.v1.MetricsService`,
    request: `${collector}.metrics.v1.ExportMetricsServiceRequest`,
    response: `${collector}.metrics.v1.ExportMetricsServiceResponse`,
    path: '/v1/metrics',
    items: 'data points',
    rejected: 'rejected_data_points',
    topicKey: 'kafka.topic.metrics',
    topic: 'otlp-metrics',
    received: 'MetricsReceived',
    dropped: 'MetricsDropped',
    refused: 'MetricsRefused',
    queueSize: 'MetricsQueueSize',
    queueField: 'metrics_queue_size',
    sequenceField: 'metrics_seq',
    droppedEvent: 'metric_dropped',
    refusedEvent: 'metric_refused',
  },
  logs: {
    service: `${collector}.logs.v1.LogsService`,
    request: `${collector}.logs.v1.ExportLogsServiceRequest`,
    response: `${collector}.logs.v1.ExportLogsServiceResponse`,
    path: '/v1/logs',
    items: 'log records',
    rejected: 'rejected_log_records',
    topicKey: 'kafka.topic.logs',
    topic: 'otlp-logs',
    received: 'LogsReceived',
    dropped: 'LogsDropped',
    refused: 'LogsRefused',
    queueSize: 'LogsQueueSize',
    queueField: 'logs_queue_size',
    sequenceField: 'logs_seq',
    droppedEvent: 'log_dropped',
    refusedEvent: 'log_refused',
  },
};

import { SIGNAL, SIGNALS } from './signals.ts';

/**
 * The connector's log events (`event=NAME key=value …`) and the level each is logged at.
 * `harmless` errors and warnings are no finding by themselves. Source: runbook "Common Log Messages", corrected by the code.
 */
export type LogEvent = {
  name: string;
  level: 'INFO' | 'WARN' | 'ERROR';
  fields: readonly string[];
  meaning: string;
  harmless?: true;
  bridgeOnly?: true;
};

const perSignal = (
  suffix: (signal: string) => string,
  event: Omit<LogEvent, 'name' | 'meaning'>,
  meaning: (signal: string) => string,
): LogEvent[] => SIGNALS.map((signal) => ({ name: suffix(signal), ...event, meaning: meaning(signal) }));

export const LOG_EVENTS: readonly LogEvent[] = [
  {
    name: 'task_starting',
    level: 'INFO',
    fields: ['connector_name', 'grpc_port', 'http_port', 'topics'],
    meaning: 'the task begins to start',
  },
  { name: 'session_initialized', level: 'INFO', fields: ['session_id'], meaning: 'counters and sequence numbers begin anew' },
  { name: 'jmx_metrics_initialized', level: 'INFO', fields: ['connector_name'], meaning: 'the metrics are registered' },
  {
    name: 'otlp_receiver_starting',
    level: 'INFO',
    fields: ['grpc_enabled', 'grpc_port', 'http_enabled', 'http_port', 'tls_enabled', 'message_format'],
    meaning: 'the receivers begin to open their ports',
  },
  { name: 'grpc_server_started', level: 'INFO', fields: ['bind_address', 'port'], meaning: 'the gRPC port is open' },
  { name: 'http_server_started', level: 'INFO', fields: ['bind_address', 'port'], meaning: 'the HTTP port is open' },
  { name: 'otlp_receiver_started', level: 'INFO', fields: [], meaning: 'all receivers are open' },
  { name: 'task_started', level: 'INFO', fields: ['session_id', 'traces_seq', 'metrics_seq', 'logs_seq'], meaning: 'the task runs' },
  {
    name: 'task_metrics',
    level: 'INFO',
    fields: [
      'records_produced',
      ...SIGNALS.map((s) => SIGNAL[s].queueField),
      'queue_capacity',
      ...SIGNALS.map((s) => SIGNAL[s].sequenceField),
      'session_id',
      'status',
    ],
    meaning: 'the only place where the true queue sizes of the connector appear; WARN with status=HIGH_QUEUE_UTILIZATION above 80 %',
  },
  { name: 'task_stopping', level: 'INFO', fields: ['session_id'], meaning: 'the task begins to stop' },
  { name: 'otlp_receiver_stopping', level: 'INFO', fields: [], meaning: 'the receivers begin to close' },
  { name: 'grpc_server_stopped', level: 'INFO', fields: [], meaning: 'the gRPC port is closed' },
  { name: 'http_server_stopped', level: 'INFO', fields: [], meaning: 'the HTTP port is closed' },
  {
    name: 'otlp_receiver_stopped',
    level: 'INFO',
    fields: [...SIGNALS.map((s) => `${s}_received`), ...SIGNALS.map((s) => `${s}_dropped`)],
    meaning: 'all receivers are closed; the last counters',
  },
  {
    name: 'message_draining_started',
    level: 'INFO',
    fields: ['timeout_ms'],
    meaning: 'the connector throws its queue away; the bridge hands it to the sink',
  },
  {
    name: 'message_draining_completed',
    level: 'INFO',
    fields: ['drained_count', 'duration_ms'],
    meaning: 'drained_count acknowledged messages were discarded by the connector; the bridge delivered them',
  },
  { name: 'jmx_metrics_closed', level: 'INFO', fields: ['connector_name'], meaning: 'the metrics are gone' },
  {
    name: 'task_stopped',
    level: 'INFO',
    fields: ['session_id', 'final_traces_seq', 'final_metrics_seq', 'final_logs_seq'],
    meaning: 'the task has stopped',
  },
  ...SIGNALS.map((s): LogEvent => ({
    name: SIGNAL[s].droppedEvent,
    level: 'WARN',
    fields: ['reason', 'queue_size'],
    meaning: `a request of ${s} met a full queue and was thrown away`,
  })),
  ...SIGNALS.map((s): LogEvent => ({
    name: SIGNAL[s].refusedEvent,
    level: 'WARN',
    fields: ['reason', 'queue_size', 'count'],
    meaning: `requests of ${s} met a full queue (reason=queue_full) or the limit of all bytes held (queue_bytes_full), and their senders were told to try again; count since the line before`,
    bridgeOnly: true,
  })),
  {
    name: 'messages_spilled',
    level: 'WARN',
    fields: ['count', 'file'],
    meaning: 'messages that the sink did not take in time are kept in this file',
    bridgeOnly: true,
  },
  {
    name: 'messages_lost',
    level: 'ERROR',
    fields: ['count', 'error'],
    meaning: 'acknowledged messages could neither be delivered nor kept',
    bridgeOnly: true,
  },
  { name: 'tls_not_implemented', level: 'WARN', fields: [], meaning: 'TLS is configured and plaintext is served' },
  { name: 'grpc_server_shutdown_timeout', level: 'WARN', fields: [], meaning: 'gRPC calls were cut off at stop', harmless: true },
  { name: 'otlp_receiver_start_failed', level: 'ERROR', fields: ['error'], meaning: 'a port could not be opened; the task fails' },
  ...perSignal(
    (s) => `${s === 'traces' ? 'trace' : s}_export_error`,
    { level: 'ERROR', fields: ['error'] },
    (s) => `an Export call of ${s} over gRPC failed`,
  ),
  ...perSignal(
    (s) => `http_${s === 'traces' ? 'trace' : s}_error`,
    { level: 'ERROR', fields: ['error'] },
    (s) => `a POST of ${s} could not be read and was answered 400`,
  ),
  { name: 'http_request_error', level: 'ERROR', fields: ['uri', 'error'], meaning: 'an HTTP request failed' },
  {
    name: 'http_channel_error',
    level: 'ERROR',
    fields: ['error'],
    meaning: 'a connection was reset or spoke something other than HTTP',
    harmless: true,
  },
  { name: 'jmx_metrics_init_failed', level: 'ERROR', fields: ['error'], meaning: 'the metrics could not be registered' },
];

export const LOG_EVENT: ReadonlyMap<string, LogEvent> = new Map(LOG_EVENTS.map((event) => [event.name, event]));

/** Events that the runbook greps for and that are never logged. */
export const NEVER_LOGGED = [
  'event=trace_received',
  'event=metric_received',
  'event=log_received',
  'Failed to start gRPC server',
  'Failed to start HTTP server',
] as const;

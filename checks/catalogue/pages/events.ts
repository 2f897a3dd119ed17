import { LOG_EVENTS, NEVER_LOGGED, type LogEvent } from '../../../proto/vocabulary/events.ts';
import { sentence, type Page } from '../page.ts';

/** Where an event leads; the first pattern that fits. */
const RELATED: readonly [RegExp, readonly string[]][] = [
  [/_(dropped|refused)$/, ['queue-overflow', 'poll-ceiling', 'drop-rate', 'queue-size']],
  [/^otlp_receiver_start_failed$/, ['port-in-use', 'port-permission-denied', 'port-holders', 'task-trace']],
  [/^tls_not_implemented$/, ['tls-ignored', 'otlp.tls.enabled']],
  [/^message_draining_/, ['task-restart', 'flush-wait', 'message-intake']],
  [/^task_metrics$/, ['queue-utilization', 'gauges-dead', 'queue-near-capacity']],
  [/^jmx_metrics_/, ['metrics-source', 'metrics-unavailable']],
  [/^http_(trace|metrics|logs)_error$/, ['client-rejected', 'http-endpoint']],
  [/_export_error$/, ['grpc-endpoint', 'log-errors']],
  [/^http_/, ['http-endpoint', 'receiver-ports']],
  [/^grpc_/, ['grpc-endpoint', 'receiver-ports']],
  [/^otlp_receiver_/, ['receiver-ports']],
  [/^messages_/, ['sink-progress']],
  [/./, ['connector-state', 'log-lines']],
];

/** What an operator needs to know beyond what an event says. */
const MORE: readonly [RegExp, string][] = [
  [
    /_dropped$/,
    'Nobody is told over gRPC: the call is answered OK. Over HTTP the sender gets 503. The line does not name its connector; the context [name|task-0] before it does, where the worker logs one.',
  ],
  [
    /_refused$/,
    'Nothing is lost as long as the senders try again. reason=queue_full: the queue of the signal holds otlp.message.queue.size requests; reason=queue_bytes_full: everything held has reached bridge.queue.max.bytes.',
  ],
  [
    /^otlp_receiver_start_failed$/,
    'The task is FAILED from here on, and both ports are closed: the one that could be opened is closed again.',
  ],
  [/^message_draining_completed$/, 'On the connector a drained_count above 0 is a loss of messages that were acknowledged.'],
  [/^task_metrics$/, 'At most every 30 s, only while records flow, and once at stop.'],
  [
    /^http_(trace|metrics|logs)_error$/,
    'A gzip body is the usual reason: the connector does not decompress over HTTP, and the Collector compresses by default.',
  ],
  [/^http_channel_error$/, 'Port scanners, load balancer checks and broken off connections cause it.'],
  [/^session_initialized$/, 'A new session id means that the task started anew and its counters with it.'],
];

const LEVEL: Readonly<Record<LogEvent['level'], string>> = { INFO: 'normal operation', WARN: 'a warning', ERROR: 'an error' };

const pageOf = ({ name, level, fields, meaning, harmless, bridgeOnly }: LogEvent): Page => ({
  id: name,
  kind: 'event',
  title: `Log event ${name} (${level}, ${harmless ? 'harmless by itself' : LEVEL[level]})`,
  text: [
    sentence(meaning),
    ...MORE.filter(([pattern]) => pattern.test(name)).map(([, text]) => text),
    ...(fields.length === 0 ? [] : [`Fields: ${fields.join(', ')}.`]),
    ...(bridgeOnly ? ['Only the bridge logs it.'] : []),
  ],
  commands: ['otlpctl check log-lines'],
  seeAlso: [...(RELATED.find(([pattern]) => pattern.test(name))?.[1] ?? [])],
});

/** `event=trace_received` → trace_received, `Failed to start gRPC server` as it is. */
const idOfNever = (text: string): string => text.replace(/^event=/, '');

function pageOfNever(text: string): Page {
  const start = text.startsWith('Failed to start');
  return {
    id: idOfNever(text),
    kind: 'event',
    title: `${text}: never logged`,
    text: [
      'The runbook names this line, and no version of the connector that was looked at writes it: its absence says nothing.',
      start
        ? 'A port that cannot be opened is logged as event=otlp_receiver_start_failed, and the trace of the task holds "Failed to start OTLP receiver".'
        : 'Whether messages arrive is told by the received counters.',
    ],
    commands: [start ? 'otlpctl check task-trace' : 'otlpctl check message-intake'],
    seeAlso: start ? ['otlp_receiver_start_failed', 'port-in-use'] : ['message-intake', 'received-log-lines', 'signal-intake'],
  };
}

export const pagesOfEvents = (): Page[] => [...LOG_EVENTS.map(pageOf), ...NEVER_LOGGED.map(pageOfNever)];

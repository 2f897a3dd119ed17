import { LOG_EVENT } from '../../proto/vocabulary/events.ts';
import type { Level, Log } from '../log.ts';

const PACKAGE = 'io.conduktor.connect.otel';
export const TASK_LOGGER = `${PACKAGE}.OpenTelemetrySourceTask`;
export const RECEIVER_LOGGER = `${PACKAGE}.OtlpReceiver`;
export const METRICS_LOGGER = `${PACKAGE}.OpenTelemetryMetrics`;
export const CONNECTOR_LOGGER = `${PACKAGE}.OpenTelemetrySourceConnector`;
export const CONFIG_LOGGER = `${PACKAGE}.OpenTelemetrySourceConnectorConfig`;
export const WORKER_LOGGER = 'org.apache.kafka.connect.runtime.Worker';
export const HERDER_LOGGER = 'org.apache.kafka.connect.runtime.distributed.DistributedHerder';

/** Which class of the connector logs which of its events; the task logs the others. */
const isReceiverEvent = (name: string) => /^(otlp_receiver_(starting|started|stopping|stopped)|grpc_|http_)|_(dropped|refused)$/.test(name);

export type Fields = Readonly<Record<string, string | number | boolean>>;
export type Emit = (name: string, fields?: Fields, more?: { level?: Level; trace?: string }) => void;

/** Logs `event=NAME field=value …` with the fields, and in the order, that the vocabulary gives the event. A field that is missing is a mistake of ours. */
export function eventLog(log: Log, context: string): Emit {
  return (name, fields = {}, more = {}) => {
    const event = LOG_EVENT.get(name);
    if (!event) throw new Error(`no log event ${name}`);
    const words = event.fields.map((field) => {
      if (fields[field] === undefined) throw new Error(`event ${name} without ${field}`);
      return `${field}=${fields[field]}`;
    });
    log({
      level: more.level ?? event.level,
      message: [`event=${name}`, ...words].join(' '),
      logger: isReceiverEvent(name) ? RECEIVER_LOGGER : TASK_LOGGER,
      context,
      ...(more.trace === undefined ? {} : { trace: more.trace }),
    });
  };
}

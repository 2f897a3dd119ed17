import { closeSync, openSync, writeSync } from 'node:fs';

/**
 * A worker's log as Kafka 3.9 writes it, of any length: mostly INFO of Connect and its clients, the connector's own lines, a neighbour's,
 * dropped messages, and now and then an ERROR with its trace. Shapes and lengths are those of fixtures/recorded.
 */
const RT = 'org.apache.kafka.connect.runtime';
const OTEL = 'io.conduktor.connect.otel';
const SESSION = 'bdd18d1d-59d4-4213-a538-3b3bf60ee791';

type Line = (n: number) => string;
type Kind = { share: number; lines: Line };

/** `share`: of a hundred entries. */
const KINDS: readonly Kind[] = [
  {
    share: 40,
    lines: (n) =>
      `INFO [otlp-source|task-0|offsets] WorkerSourceTask{id=otlp-source-0} Committing offsets for ${n % 977} acknowledged messages (${RT}.WorkerSourceTask:233)`,
  },
  {
    share: 26,
    lines: () =>
      `INFO [jdbc-sink|task-3] WorkerSinkTask{id=jdbc-sink-3} Committing offsets asynchronously using sequence number 17 (${RT}.WorkerSinkTask:354)`,
  },
  {
    share: 24,
    lines: (n) =>
      `INFO [AdminClient clientId=otlp-group--shared-admin] Node ${n % 3} disconnected. (org.apache.kafka.clients.NetworkClient:1025)`,
  },
  {
    share: 2,
    lines: (n) =>
      `INFO event=task_metrics records_produced=${n} traces_queue_size=${n % 180} metrics_queue_size=0 logs_queue_size=0 queue_capacity=10000 traces_seq=${n} metrics_seq=0 logs_seq=1 session_id=${SESSION} status=HEALTHY (${OTEL}.OpenTelemetrySourceTask:443)`,
  },
  { share: 6, lines: () => `WARN event=trace_dropped reason=queue_full queue_size=10000 (${OTEL}.OtlpReceiver:261)` },
  {
    share: 1,
    lines: (n) =>
      [
        `ERROR [jdbc-sink|task-3] WorkerSinkTask{id=jdbc-sink-3} Commit of offsets threw an unexpected exception for sequence number ${n}: null (${RT}.WorkerSinkTask:277)`,
        `org.apache.kafka.common.errors.TimeoutException: Timeout of 60000ms expired before successfully committing offsets`,
        ...Array.from({ length: 14 }, (_, frame) => `\tat ${RT}.WorkerSinkTask.frame${frame}(WorkerSinkTask.java:${200 + frame})`),
        `Caused by: java.net.SocketTimeoutException: no answer`,
        `\t... ${n % 20} more`,
      ].join('\n'),
  },
  {
    share: 1,
    lines: (n) =>
      `ERROR [otlp-source|task-0] event=http_trace_error error=Protocol message tag had invalid wire type. request=${n} (${OTEL}.OtlpReceiver:402)`,
  },
];

/** A hundred entries in an order that mixes the kinds and is the same at every run. */
const ORDER: readonly Line[] = KINDS.flatMap(({ share, lines }) =>
  Array.from({ length: share }, (_, at) => ({ key: (at + 0.5) / share, lines })),
)
  .sort((a, b) => a.key - b.key)
  .map(({ lines }) => lines);

const two = (n: number): string => String(n).padStart(2, '0');

/** Local time, as a log has it. */
function stamp(ms: number): string {
  const d = new Date(ms);
  return `[${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())},${String(d.getMilliseconds()).padStart(3, '0')}] `;
}

/** Writes `lines` lines that end at `until`, one every 120 ms; the task starts at one third. */
export function writeWorkerLog(file: string, lines: number, until: number): void {
  const fd = openSync(file, 'w');
  let written = 0;
  let text = '';
  for (let n = 0; written < lines; n += 1) {
    const isStart = written < lines / 3 && written + 100 >= lines / 3 && n % 100 === 0;
    const entry = isStart
      ? `INFO [otlp-source|task-0] event=task_starting connector_name=otlp-source grpc_port=4317 http_port=4318 topics=otlp-traces,otlp-metrics,otlp-logs (${OTEL}.OpenTelemetrySourceTask:96)`
      : ORDER[n % ORDER.length]!(n);
    const whole = `${stamp(until - (lines - written) * 120)}${entry}`.split('\n').slice(0, lines - written);
    written += whole.length;
    text += `${whole.join('\n')}\n`;
    if (text.length > 1 << 20 || written >= lines) {
      writeSync(fd, text);
      text = '';
    }
  }
  closeSync(fd);
}

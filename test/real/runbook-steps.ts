/** What each step of the catalogue says of a healthy connector on the real stack: the table behind runbook.test.ts. */

/** What is there to be asked, as options. */
export type Scene = {
  connect: readonly string[];
  metrics: readonly string[];
  kafka: readonly string[];
  log: readonly string[];
  /** of what changes something */
  act: readonly string[];
  grpc: number;
  http: number;
  /** two that nobody listens on */
  free: readonly [number, number];
  /** a file with its configuration, ready to be deployed */
  file: string;
};
/** `more` goes behind the step's own command. */
type Expected = { more: readonly string[]; code?: number; says: RegExp };
export type Row = (scene: Scene) => Expected;

/** Checks, asked together under load. `status` where a healthy stack makes it other than ok. */
export const CHECKS: Readonly<Record<string, { status?: string; says: RegExp }>> = {
  'connector-state': { says: /is RUNNING, task 0 RUNNING, on 127\.0\.0\.1/ },
  'receiver-ports': { says: /^gRPC \d+ accepts, HTTP \d+ accepts/ },
  'message-intake': { says: /[1-9]\d* messages\/s were offered and [1-9]\d*\/s accepted over .* 0 lost/ },
  'queue-utilization': { says: /queue holds (?:at least )?\d+ of 10,000|^Nothing waits|queues? (?:is|are) empty/ },
  'produce-lag': { says: /received and not produced|Everything received is produced/ },
  'log-lines': { says: /no error since the task started/ },
  'connect-rest': { says: /^Connect \d\.\d\.\d answers at/ },
  'grpc-endpoint': { says: /^gRPC at 127\.0\.0\.1:\d+ accepts/ },
  'http-endpoint': { says: /^HTTP at 127\.0\.0\.1:\d+ accepts/ },
  'task-trace': { says: /^Neither the connector nor its task shows an error/ },
  'connector-configuration': { says: /queues of 10000, records as json to/ },
  'plugin-presence': { says: /OpenTelemetrySourceConnector 1\.0\.0 is installed/ },
  'metrics-source': { says: /^Jolokia at .*5 gauges always read 0 and are not used/ },
  'signal-intake': { says: /^Traces [1-9]\d* accepted/ },
  'drop-rate': { says: /^0 of [1-9]\d* offered messages were lost/ },
  'sink-progress': { says: /^Kafka acknowledged [1-9]\d* records/ },
  'producer-state': { says: /^The task's producer is free/ },
  'port-holders': { says: /is listened on by the worker, java/ },
  'firewall-rules': { says: /^On this machine port \d+ is open/ },
  'kafka-brokers': { says: /^Kafka answers at .* 1 broker, which answers at/ },
  'consumer-lag': { says: /^No consumer group has committed offsets/ },
  // The stand's broker has no agent; test/real/broker-look gives one to it.
  'broker-metrics': { status: 'skipped', says: /give --kafka-metrics-url URL/ },
  'topic-configuration': { says: /^The topics take records: / },
  'broker-load': { says: /^Disks and network have room: / },
  'message-format': { says: /^Records are written as json at [1-9]\d* messages\/s/ },
  'worker-memory': { says: /^The worker uses heap \d+ MB of \d+ MB/ },
  'task-states': { says: /^task 0 RUNNING/ },
  'worker-health': { says: /says that it is healthy/ },
  'log-source': { says: /lines from .* the task last started/ },
  delivery: { says: /^[1-9]\d* records arrived on the topics/ },
  'marked-requests': { says: /^6 marked requests were taken/ },
  'producer-configuration': { says: /^In force for the producer: acks=all/ },
  senders: { says: /^Of the newest \d+ records: otlpctl-test/ },
  'metrics-history': { status: 'skipped', says: /give --prometheus-url URL/ },
};

const loud =
  (says: RegExp): Row =>
  ({ connect, metrics }) => ({ more: [...connect, ...metrics, '--window', '1'], says });
const alert = (name: string): Row => loud(new RegExp(`silent +${name} `));
const probe: Row = ({ connect }) => ({ more: connect, says: /\/v1\/traces +405 .*\n.*\/v1\/metrics +405 .*\n.*\/v1\/logs +405 / });
const sizing: Row = () => ({ more: [], says: /Recommended +25,000/ });

/** Other looks and plans, under load. */
export const COMMANDS: Readonly<Record<string, Row>> = {
  'decision-tree': ({ connect, metrics, kafka, log }) => ({
    more: [...connect, ...metrics, ...kafka, ...log, '--window', '1'],
    says: /OK for what was looked at: state, receivers, metrics, log, port owners,\s+Kafka/,
  }),
  'health-script': loud(/^OTLP OK - connector RUNNING, gRPC \d+ and HTTP \d+ accept/),
  'received-log-lines': loud(/messages\/s\s+were\s+offered/),
  'log-reading': ({ log }) => ({ more: log, says: /-> task_started: The task runs\./ }),
  'log-messages': () => ({ more: [], says: /queue_size/ }),
  documentation: () => ({ more: [], says: /^connector-state +check/ }),
  'grpc-reflection': ({ connect }) => ({ more: connect, says: /speaks gRPC and has no reflection/ }),
  'grpc-description': ({ connect }) => ({ more: connect, code: 3, says: /has no reflection/ }),
  'traces-endpoint': probe,
  'metrics-endpoint': probe,
  'logs-endpoint': probe,
  'metric-values': loud(/TracesReceived +\d+ +[1-9]\d*\/s .*: ok/),
  'alert-no-messages': alert('OTLPNoMessagesReceived'),
  'alert-drop-rate': alert('HighMessageDropRate'),
  'alert-lag': alert('HighProcessingLag'),
  'alert-queue-utilization': alert('HighQueueUtilization'),
  'alert-traces-dropping': alert('TracesQueueDropping'),
  'alert-metrics-dropping': alert('MetricsQueueDropping'),
  'alert-logs-dropping': alert('LogsQueueDropping'),
  'alert-rules': ({ connect }) => ({ more: [...connect, '--names', 'runbook'], says: /- alert: OTLPNoMessagesReceived/ }),
  'client-configuration': ({ connect, http }) => ({
    more: connect,
    code: 1,
    says: new RegExp(`listens on \\d+ and ${http} there`),
  }),
  'exporter-environment': ({ connect, grpc }) => ({
    more: connect,
    says: new RegExp(`OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:${grpc}`),
  }),
  'client-network': ({ grpc, http }) => ({
    more: ['--otlp-grpc', `127.0.0.1:${grpc}`, '--otlp-http', `http://127.0.0.1:${http}`],
    says: /gRPC \d+ and HTTP \d+\s+accept/,
  }),
  'producer-tuning': ({ connect }) => ({ more: connect, says: /linger\.ms +[05] \(default of Kafka\)/ }),
  'kafka-scaling': ({ connect, metrics, kafka }) => ({
    more: [...connect, ...metrics, ...kafka, '--window', '1'],
    says: /Replicas +no partition of the connector's topics is under-replicated/,
  }),
  'queue-size': sizing,
  'memory-size': sizing,
  'format-choice': sizing,
  'port-plan': ({ connect }) => ({ more: connect, says: /listens? on|Checked/ }),
  'connector-scaling': ({ connect }) => ({ more: connect, says: /-2 +\d+ +\d+ +new/ }),
};

const done = (scene: Scene, ...more: string[]): Expected => ({
  more: [...more, ...scene.connect, ...scene.metrics, ...scene.act],
  says: /Done in /,
});
const acts: Row = (scene) => done(scene);

/** What changes something, in this order, once the senders have stopped. */
export const ACTIONS: Readonly<Record<string, Row>> = {
  'connector-restart': acts,
  'task-restart': acts,
  'connector-pause': acts,
  'connector-resume': acts,
  'test-send': ({ connect, kafka }) => ({ more: [...connect, ...kafka, '--verify'], says: /Stored +1 of the 1 taken are in topic/ }),
  'flush-wait': acts,
  'queue-size-change': acts,
  'format-change': acts,
  'port-change': (scene) => done(scene, `otlp.grpc.port=${scene.free[0]}`, `otlp.http.port=${scene.free[1]}`),
  'configuration-update': (scene) => done(scene, 'otlp.message.queue.size=20000', 'otlp.message.format=json'),
  'conflicting-process-stop': ({ connect }) => ({ more: connect, says: /is listened on\s+by\s+the\s+worker/ }),
  // Whether it opens anything is seen in a network of its own: test/real/firewall.
  'firewall-opening': ({ connect }) => ({ more: [...connect, '--tool', 'ufw', '--dry-run'], says: /does +ufw allow \d+\/tcp/ }),
  'topic-partitions': (scene) => ({ ...done(scene, ...scene.kafka), says: /has 12 partitions/ }),
  'debug-logging': (scene) => done(scene, '--for', '1', ...scene.log),
  'emergency-shutdown': (scene) => done(scene, '--rung', 'stop'),
  'connector-deletion': acts,
  'connector-redeploy': (scene) => done(scene, scene.file),
  // The worker is shared with other tests; that it is restarted is seen in test/cli/acting.
  'worker-restart': (scene) => ({
    more: [...scene.connect, ...scene.metrics, ...scene.act, '--dry-run'],
    says: /Restart the Connect worker at 127\.0\.0\.1/,
  }),
};

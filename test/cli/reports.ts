import type { Diagnosis, Report, StepResult } from '../../checks/report.ts';

/** Hand-made reports for the renderers: what they must be able to show, whatever the rules say today. */
const AT = '2026-11-23T15:00:00.000Z';

export const diagnosis = (change: Partial<Diagnosis> & Pick<Diagnosis, 'id' | 'sentence'>): Diagnosis => ({
  status: 'critical',
  scope: 'target',
  signal: null,
  because: null,
  evidence: [],
  remedies: [],
  runbook: '',
  ...change,
});

export const step = (change: Partial<StepResult> & Pick<StepResult, 'id' | 'status' | 'sentence'>): StepResult => ({
  evidence: [],
  because: null,
  durationMs: 12,
  runbook: '',
  ...change,
});

export const report = (change: Partial<Report>): Report => ({
  schemaVersion: 1,
  otlpctl: '1.0.0',
  at: AT,
  durationMs: 900,
  target: {
    connector: 'otlp-source',
    connectUrl: 'http://localhost:8083',
    otlpGrpc: '127.0.0.1:4317',
    otlpHttp: 'http://127.0.0.1:4318',
    metricsUrl: null,
    kind: 'connector',
    version: '3.9.1',
  },
  status: 'ok',
  summary: 'RUNNING, gRPC 4317 and HTTP 4318 accept, 100 msg/s in, 100 msg/s out over 5.0 s, 0 lost.',
  next: [],
  diagnoses: [],
  path: [],
  steps: [],
  loss: { inWindow: null, inWindowPercent: null, soFar: null, since: null, secondsUntilDrops: null },
  looked: {
    requests: 9,
    at: ['state', 'task', 'configuration', 'both ports', 'Jolokia', 'log'],
    not: [{ what: 'Kafka', why: 'no broker was given', give: '--kafka HOST:PORT' }],
  },
  ...change,
});

const REST = 'GET http://localhost:8083/connectors/otlp-source/status';

export const PORT_TAKEN = report({
  status: 'critical',
  summary: 'python3 (pid 3884) holds port 4317.',
  diagnoses: [
    diagnosis({
      id: 'port-in-use',
      sentence: 'python3 (pid 3884) holds port 4317, so the task cannot start: gRPC and HTTP are both closed and nothing is received.',
      evidence: [
        {
          fact: 'rest.status',
          path: 'tasks.0.trace',
          value:
            'org.apache.kafka.connect.errors.ConnectException: Failed to start OTLP receiver\n\tat io.conduktor\nCaused by: java.net.BindException: Address already in use',
          source: REST,
          at: AT,
        },
        {
          fact: 'host.listeners',
          path: 'listeners.2',
          value: { address: '127.0.0.1', port: 4317, pid: 3884, command: 'python3' },
          source: '/proc/net/tcp',
          at: AT,
        },
      ],
      remedies: [
        {
          sentence: 'stop pid 3884, then restart the task',
          command: 'curl -X POST http://localhost:8083/connectors/otlp-source/tasks/0/restart',
          risk: 'none',
        },
        {
          sentence: 'give gRPC another port (senders must follow)',
          command:
            'curl -X PATCH http://localhost:8083/connectors/otlp-source/config -H "Content-Type: application/json" -d \'{"otlp.grpc.port":"14317"}\'',
          byHand: 'otlpctl connector config set otlp.grpc.port=14317',
          risk: 'data-loss',
        },
      ],
      runbook: 'Issue 1: OTLP Receivers Not Listening',
    }),
    diagnosis({
      id: 'metrics-absent',
      status: 'unknown',
      sentence: "the connector's MBean is gone (it lives with the task)",
      because: 'port-in-use',
    }),
    diagnosis({ id: 'gauges-dead', status: 'ok', sentence: 'queue gauges of this connector always read 0.' }),
  ],
  path: [
    { step: 'connector-state', answer: 'yes' },
    { step: 'receiver-ports', answer: 'no' },
  ],
  steps: [
    step({ id: 'connector-state', status: 'ok', sentence: 'the connector is RUNNING' }),
    step({
      id: 'receiver-ports',
      status: 'critical',
      sentence: 'nothing of ours accepts on 4317 and 4318',
      because: 'port-in-use',
      expected: 'HTTP/2 on 4317 and OTLP/HTTP on 4318',
      byHand: "ss -ltnp '( sport = :4317 )'",
    }),
    step({ id: 'message-intake', status: 'skipped', sentence: 'waits for receiver-ports' }),
    step({ id: 'metrics-source', status: 'unknown', sentence: 'Jolokia answers without the connector', because: 'metrics-absent' }),
  ],
});

export const HEALTHY = report({
  next: ['otlpctl doctor -v'],
  diagnoses: [
    diagnosis({
      id: 'gauges-dead',
      status: 'ok',
      sentence: 'queue gauges of this connector always read 0; the backlog shown is received - produced = 4.',
    }),
    diagnosis({ id: 'past-drops', status: 'ok', sentence: '98 traces were dropped earlier (counter still, last in the log 15:13:54).' }),
  ],
  steps: [step({ id: 'connector-state', status: 'ok', sentence: 'the connector is RUNNING' })],
});

export const TWO_ROOTS = report({
  status: 'critical',
  summary: 'Kafka does not answer.',
  diagnoses: [
    diagnosis({
      id: 'kafka-unresponsive',
      sentence:
        'Kafka does not answer at 127.0.0.1:9092 (connects, no reply in 3.0 s). The worker has therefore stopped the task; the RUNNING that Connect shows is stale.',
      evidence: [
        {
          fact: 'log',
          path: 'marks.coordinator-unreachable.text',
          value: 'Broker coordinator was unreachable for 3000ms. Revoking previous assignment',
          source: '/kafka/logs/connect.log',
          at: AT,
        },
      ],
      remedies: [{ sentence: 'bring the broker back', command: 'ss -ltnp | grep 9092', risk: 'none' }],
      runbook: 'Issue 4: Processing Lag Building Up',
    }),
    diagnosis({ id: 'receiver-not-listening', sentence: 'gRPC 4317 and HTTP 4318 refuse', because: 'kafka-unresponsive' }),
    diagnosis({
      id: 'metrics-unavailable',
      status: 'unknown',
      scope: 'observer',
      sentence: 'the metrics page at :9404 refuses. Rates and drops are unknown.',
    }),
  ],
  loss: { inWindow: 279, inWindowPercent: 12.34, soFar: 1204, since: Date.parse('2026-11-22T15:39:40Z'), secondsUntilDrops: 40 },
  path: [{ step: 'connector-state', answer: 'unknown' }],
});

export const CLIENT_ONLY = report({
  diagnoses: [
    diagnosis({
      id: 'client-wrong-path',
      status: 'warning',
      scope: 'client',
      sentence: 'the client posts to /traces, and the path is /v1/traces.',
    }),
  ],
});

export const BLIND = report({
  status: 'unknown',
  summary: 'Too little was seen to judge otlp-source.',
  next: ['otlpctl doctor --timeout 30'],
  steps: [step({ id: 'connector-state', status: 'unknown', sentence: 'no answer in 3.0 s' })],
});

export const HOSTILE = report({
  status: 'critical',
  target: {
    ...report({}).target,
    connector: 'otlp\u001b[2J|source',
    connectUrl: 'http://a-very-long-host-name.of-a-department.example.internal:8083',
    version: null,
  },
  diagnoses: [
    diagnosis({
      id: 'task-failed',
      sentence: 'task 0 | FAILED: \u001b]0;x\u0007 password=hunter2 and a trace that goes on and on and on until nobody reads it any more.',
      evidence: [{ fact: 'rest.status', path: '', value: `{${'x'.repeat(300)}}`, source: REST, at: AT }],
    }),
  ],
});

export const REPORTS: Readonly<Record<string, Report>> = {
  'port-taken': PORT_TAKEN,
  healthy: HEALTHY,
  'two-roots': TWO_ROOTS,
  'client-only': CLIENT_ONLY,
  blind: BLIND,
  hostile: HOSTILE,
};

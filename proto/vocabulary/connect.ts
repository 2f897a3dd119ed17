/** Names and numbers of the connector within Kafka Connect. Sources: runbook "Quick Commands Reference", "Port Configuration"; Kafka Connect REST. */
export const CONNECTOR_CLASS = 'io.conduktor.connect.otel.OpenTelemetrySourceConnector';
export const TASK_CLASS = 'io.conduktor.connect.otel.OpenTelemetrySourceTask';
export const CONNECTOR_VERSION = '1.0.0';
export const DEFAULT_CONNECTOR_NAME = 'otlp-source';

export const PORTS = { grpc: 4317, http: 4318, rest: 8083, metrics: 9464, jolokia: 8778, jmxExporter: 9404 } as const;

/** `GET /` of the bridge answers a version that ends so. */
export const BRIDGE_VERSION_SUFFIX = '-otlpctl';

export const METRICS_PATH = { json: '/metrics.json', prometheus: '/metrics', jolokia: '/jolokia/', drills: '/drills' } as const;

export const CONNECTOR_STATES = ['UNASSIGNED', 'RUNNING', 'PAUSED', 'FAILED', 'RESTARTING', 'STOPPED'] as const;
export type ConnectorState = (typeof CONNECTOR_STATES)[number];

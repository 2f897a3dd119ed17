import type { RunbookStep } from '../step.ts';

/** Procedures that change something. */
export const RECOVERY_STEPS: readonly RunbookStep[] = [
  {
    id: 'connector-pause',
    kind: 'action',
    title: 'pause the connector',
    places: [
      {
        heading: 'Restart Connector',
        commands: ['curl -X PUT http://localhost:8083/connectors/otlp-source/pause'],
        says: ['9de07b61be07a042'],
      },
      {
        heading: 'Emergency Shutdown',
        commands: ['curl -X PUT http://localhost:8083/connectors/otlp-source/pause'],
        says: ['470e1284034e51af'],
      },
    ],
    otlpctl: 'otlpctl connector pause',
    note: 'Pausing stops the draining only. The ports stay open, the queues fill, then messages are dropped, and over gRPC senders are still told OK. It is no graceful shutdown.',
  },
  {
    id: 'flush-wait',
    kind: 'action',
    title: 'let the queues run empty',
    places: [{ heading: 'Restart Connector', commands: ['sleep 10'], says: ['6dbc4cd5aa6a70e8'] }],
    otlpctl: 'otlpctl drain-restart',
    note: 'Nothing is flushed while the connector is paused, however long one waits. To lose nothing, stop the senders, wait until received - produced is 0, then restart.',
  },
  {
    id: 'connector-resume',
    kind: 'action',
    title: 'resume the connector',
    places: [
      {
        heading: 'Restart Connector',
        commands: ['curl -X PUT http://localhost:8083/connectors/otlp-source/resume'],
        says: ['9fdd584ba032f9b5'],
      },
    ],
    otlpctl: 'otlpctl connector resume',
  },
  {
    id: 'configuration-update',
    kind: 'action',
    title: 'change keys of the configuration',
    places: [
      {
        heading: 'Update Configuration',
        commands: [
          'cat > updated-config.json <<EOF\n{\n"connector.class": "io.conduktor.connect.otel.OpenTelemetrySourceConnector",\n"tasks.max": "1",\n"otlp.message.queue.size": "50000",\n"otlp.message.format": "protobuf"\n}\nEOF',
          'curl -X PUT http://localhost:8083/connectors/otlp-source/config -H "Content-Type: application/json" -d @updated-config.json',
        ],
        says: ['f6fd2b3b18efc00c'],
      },
    ],
    otlpctl: 'otlpctl connector config set otlp.message.queue.size=50000 otlp.message.format=protobuf',
    note: 'PUT .../config replaces the whole configuration: ports, topics and bind address that are not in the file go back to their defaults, without a word. PATCH (Kafka 3.8 and later) changes the named keys only. The task restarts, which discards what is queued.',
  },
  {
    id: 'emergency-shutdown',
    kind: 'action',
    title: 'take the connector out of service',
    places: [{ heading: 'Emergency Shutdown', commands: [], says: ['7f97d38fab96291c'] }],
    otlpctl: 'otlpctl shutdown',
    note: 'PUT .../stop closes the ports and keeps the configuration; what is queued is discarded.',
  },
  {
    id: 'connector-deletion',
    kind: 'action',
    title: 'delete the connector',
    places: [
      {
        heading: 'Emergency Shutdown',
        commands: ['curl -X DELETE http://localhost:8083/connectors/otlp-source'],
        says: ['b6adbe28ef4fc3a3'],
      },
    ],
    otlpctl: 'otlpctl connector delete',
    note: 'Configuration and queued messages are gone with it. Stopping keeps the configuration.',
  },
  {
    id: 'worker-restart',
    kind: 'action',
    title: 'restart the Connect worker',
    places: [
      {
        heading: 'Emergency Shutdown',
        commands: ['kubectl delete pod -l app=kafka-connect', 'systemctl restart kafka-connect'],
        says: ['c34a7ac25569bb16'],
      },
    ],
    otlpctl: "otlpctl shutdown --rung worker --worker-command 'systemctl restart kafka-connect'",
    note: 'Every connector of the worker goes with it, and what is queued is discarded. In a cluster the tasks may wait scheduled.rebalance.max.delay.ms (5 minutes) before they start elsewhere.',
  },
];

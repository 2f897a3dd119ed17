import type { RunbookStep } from '../step.ts';

/** What Prometheus watches. */
export const ALERTS_STEPS: readonly RunbookStep[] = [
  {
    id: 'alert-rules',
    kind: 'plan',
    title: 'alert rules for Prometheus',
    places: [{ heading: 'Recommended Alerts', commands: [], says: ['7e48dee3208ba8c0'] }],
    otlpctl: 'otlpctl alerts rules',
    note: 'The names otlp_... exist only under a jmx_exporter configuration that makes them (otlpctl alerts jmx-exporter-config) and on the bridge; the rules written here are for the names that the target has.',
  },
  {
    id: 'alert-no-messages',
    kind: 'check',
    title: 'OTLPNoMessagesReceived',
    places: [
      { heading: 'Counter Metrics', commands: [], says: ['c161706083b429ec'] },
      { heading: 'Recommended Alerts', commands: ['OTLPNoMessagesReceived: rate(otlp_TotalMessagesReceived[5m]) == 0 for 5m'], says: [] },
    ],
    otlpctl: 'otlpctl alerts',
    note: 'Silent when the series is absent: exporter down, connector deleted, task failed. It also fires on a healthy target that nobody sends to.',
  },
  {
    id: 'alert-drop-rate',
    kind: 'check',
    title: 'HighMessageDropRate',
    places: [
      { heading: 'Counter Metrics', commands: [], says: ['b7ee634b8b05515f'] },
      { heading: 'Derived Metrics', commands: [], says: ['99815b0431e60d35'] },
      { heading: 'Recommended Alerts', commands: ['HighMessageDropRate: otlp_DropRate > 1 for 5m'], says: [] },
    ],
    otlpctl: 'otlpctl alerts',
    note: 'DropRate is a ratio since the task started: it stays up for days after one burst and stays low through a fresh loss after a long history.',
  },
  {
    id: 'alert-lag',
    kind: 'check',
    title: 'HighProcessingLag',
    places: [
      { heading: 'Counter Metrics', commands: [], says: ['5274c74fe63568a0'] },
      { heading: 'Derived Metrics', commands: [], says: ['9992cfd5d0b2c9e9'] },
      { heading: 'Recommended Alerts', commands: ['HighProcessingLag: otlp_TotalLagCount > 10000 for 5m'], says: [] },
    ],
    otlpctl: 'otlpctl alerts',
    note: 'With the default queue size and one busy signal TotalLagCount cannot pass 10000: the queue drops first.',
  },
  {
    id: 'alert-queue-utilization',
    kind: 'check',
    title: 'HighQueueUtilization',
    places: [
      { heading: 'Queue Metrics', commands: [], says: ['e5208a7d47ad5c0f'] },
      { heading: 'Recommended Alerts', commands: ['HighQueueUtilization: otlp_MaxQueueUtilizationPercent > 80 for 3m'], says: [] },
    ],
    otlpctl: 'otlpctl alerts',
    note: 'Cannot fire on the connector: the gauge reads 0 always. Received - produced against the configured size tells the same.',
  },
  {
    id: 'alert-traces-dropping',
    kind: 'check',
    title: 'TracesQueueDropping',
    places: [{ heading: 'Recommended Alerts', commands: ['TracesQueueDropping: increase(otlp_TracesDropped[5m]) > 0'], says: [] }],
    otlpctl: 'otlpctl alerts',
  },
  {
    id: 'alert-metrics-dropping',
    kind: 'check',
    title: 'MetricsQueueDropping',
    places: [{ heading: 'Recommended Alerts', commands: ['MetricsQueueDropping: increase(otlp_MetricsDropped[5m]) > 0'], says: [] }],
    otlpctl: 'otlpctl alerts',
  },
  {
    id: 'alert-logs-dropping',
    kind: 'check',
    title: 'LogsQueueDropping',
    places: [{ heading: 'Recommended Alerts', commands: ['LogsQueueDropping: increase(otlp_LogsDropped[5m]) > 0'], says: [] }],
    otlpctl: 'otlpctl alerts',
  },
];

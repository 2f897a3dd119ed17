import { MBEAN_DOMAIN } from '../../proto/vocabulary/attributes.ts';

/** A configuration of jmx_exporter, in the order in which it is read by a person. Source: jmx_exporter, "Rules" (1.x). */
export type JmxExporterConfig = {
  jmxUrl?: string;
  lowercaseOutputName: boolean;
  lowercaseOutputLabelNames: boolean;
  includeObjectNames: string[];
  rules: { pattern: string; name?: string; labels?: Record<string, string> }[];
};

/** Kafka's and the JVM's beans that tell what the connector's own do not: acknowledgements, throttling, heap, descriptors. */
const OTHERS = [
  'kafka.connect:type=source-task-metrics,*',
  'kafka.connect:type=task-error-metrics,*',
  'kafka.producer:type=producer-metrics,*',
];
const JVM = ['java.lang:type=Memory', 'java.lang:type=OperatingSystem'];

const DOMAIN = MBEAN_DOMAIN.replaceAll('.', '\\.');
/** The name stands in ObjectName's quotes, which are no part of it; what is escaped within stays so. */
const NAME = 'name="?(.+?)"?';

/**
 * Under it the runbook's names exist: otlp_TracesReceived{connector_name="otlp-source"}. No rule has a type: as a counter the name would get `_total` behind
 * it, and the runbook's alerts would find nothing. The last rules let the other beans through under jmx_exporter's own names; without them they would be gone.
 */
export const jmxExporterConfig = (jmxUrl?: string): JmxExporterConfig => ({
  ...(jmxUrl === undefined ? {} : { jmxUrl }),
  lowercaseOutputName: false,
  lowercaseOutputLabelNames: false,
  includeObjectNames: [`${MBEAN_DOMAIN}:*`, ...OTHERS, ...JVM],
  rules: [
    ...[`type=OpenTelemetryConnector, ${NAME}`, `${NAME}, type=OpenTelemetryConnector`].map((properties) => ({
      pattern: `${DOMAIN}<${properties}><>(\\w+)`,
      name: 'otlp_$2',
      labels: { connector_name: '$1' },
    })),
    { pattern: 'kafka\\.(connect|producer)<.*' },
    { pattern: 'java\\.lang<type=(Memory|OperatingSystem)>.*' },
  ],
});

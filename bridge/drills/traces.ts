import { CONNECTOR_CLASS } from '../../proto/vocabulary/connect.ts';

/** What a status shows of a failure that only a JVM has. Both traces where Connect shows both; they are shown where the drill says FAILED. */
export type ShownFailure = { connector: string; task: string; type?: 'unknown' };

const SOURCE_TASK = '\tat io.conduktor.connect.otel.OpenTelemetrySourceTask.start(OpenTelemetrySourceTask.java)\n';
const same = (trace: string): ShownFailure => ({ connector: trace, task: trace });

/** Sources: Kafka Connect 3.9 to 4.1, Plugins and AbstractWorkerSourceTask; traces recorded from the real connector. */
export const FAILURES: Readonly<Record<string, ShownFailure>> = {
  'plugin-removed': {
    connector: `org.apache.kafka.connect.errors.ConnectException: Failed to find any class that implements Connector and which name matches ${CONNECTOR_CLASS}, available connectors are: \n\tat org.apache.kafka.connect.runtime.isolation.Plugins.connectorClass(Plugins.java)\n`,
    task: `org.apache.kafka.connect.errors.ConnectException: Class ${CONNECTOR_CLASS} is not a recognizable type (source or sink)\n\tat org.apache.kafka.connect.runtime.distributed.DistributedHerder.startTask(DistributedHerder.java)\n`,
    type: 'unknown',
  },
  'missing-jar': same(
    `java.lang.NoClassDefFoundError: com/google/protobuf/util/JsonFormat\n${SOURCE_TASK}Caused by: java.lang.ClassNotFoundException: com.google.protobuf.util.JsonFormat\n\tat org.apache.kafka.connect.runtime.isolation.PluginClassLoader.loadClass(PluginClassLoader.java)\n`,
  ),
  'converter-mismatch': same(
    'org.apache.kafka.connect.errors.ConnectException: Tolerance exceeded in error handler\n\tat org.apache.kafka.connect.runtime.errors.RetryWithToleranceOperator.execAndHandleError(RetryWithToleranceOperator.java)\nCaused by: org.apache.kafka.connect.errors.DataException: Invalid schema type for ByteArrayConverter: STRING\n\tat org.apache.kafka.connect.converters.ByteArrayConverter.fromConnectData(ByteArrayConverter.java)\n',
  ),
};

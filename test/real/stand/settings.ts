/** What the broker, the workers and their logging are configured with. Ports and folders come from the stand; the rest follows Kafka's own examples. */
export type KafkaVersion = '3.9.1' | '4.1.0';
export type Properties = Readonly<Record<string, string | number>>;

export const propertiesText = (properties: Properties): string =>
  Object.entries(properties)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');

export const brokerProperties = (place: { folder: string; port: number; controllerPort: number }): Properties => ({
  'process.roles': 'broker,controller',
  'node.id': 1,
  'controller.quorum.voters': `1@127.0.0.1:${place.controllerPort}`,
  listeners: `PLAINTEXT://127.0.0.1:${place.port},CONTROLLER://127.0.0.1:${place.controllerPort}`,
  'advertised.listeners': `PLAINTEXT://127.0.0.1:${place.port}`,
  'controller.listener.names': 'CONTROLLER',
  'log.dirs': `${place.folder}/kraft`,
  'num.partitions': 1,
  'offsets.topic.replication.factor': 1,
  'offsets.topic.num.partitions': 1,
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
  'group.initial.rebalance.delay.ms': 0,
});

export const workerProperties = (place: { plugins: string; restPort: number; kafka: string }): Properties => ({
  'bootstrap.servers': place.kafka,
  'group.id': 'connect-otel',
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'offset.storage.topic': 'connect-offsets',
  'offset.storage.replication.factor': 1,
  'offset.storage.partitions': 1,
  'config.storage.topic': 'connect-configs',
  'config.storage.replication.factor': 1,
  'status.storage.topic': 'connect-status',
  'status.storage.replication.factor': 1,
  'status.storage.partitions': 1,
  listeners: `http://127.0.0.1:${place.restPort}`,
  'rest.advertised.host.name': '127.0.0.1',
  'plugin.path': place.plugins,
  'offset.flush.interval.ms': 10_000,
  'scheduled.rebalance.max.delay.ms': 3000,
});

/** The pattern of Kafka's own connect-log4j.properties and connect-log4j2.yaml. */
const PATTERN = '[%d] %p %X{connector.context}%m (%c:%L)%n';

/** The logging file of a version and the JVM option that names it: log4j 1 (reload4j) for 3.9, log4j2 for 4.1. */
export const LOGGING: Readonly<Record<KafkaVersion, { file: string; option: (path: string) => string; text: string }>> = {
  '3.9.1': {
    file: 'log4j.properties',
    option: (path) => `-Dlog4j.configuration=file:${path}`,
    text: propertiesText({
      'log4j.rootLogger': 'INFO, stdout',
      'log4j.appender.stdout': 'org.apache.log4j.ConsoleAppender',
      'log4j.appender.stdout.layout': 'org.apache.log4j.PatternLayout',
      'log4j.appender.stdout.layout.ConversionPattern': PATTERN,
    }),
  },
  '4.1.0': {
    file: 'log4j2.xml',
    option: (path) => `-Dlog4j2.configurationFile=${path}`,
    text: `<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="WARN">
  <Appenders><Console name="stdout"><PatternLayout pattern="${PATTERN}"/></Console></Appenders>
  <Loggers><Root level="INFO"><AppenderRef ref="stdout"/></Root></Loggers>
</Configuration>
`,
  },
};

import type { RunbookStep } from '../step.ts';

/** Kafka takes less than comes. */
export const PROCESSING_LAG_STEPS: readonly RunbookStep[] = [
  {
    id: 'broker-metrics',
    kind: 'check',
    title: 'how busy the brokers are',
    places: [
      {
        heading: 'Issue 4: Processing Lag Building Up',
        commands: [
          'kafka-run-class kafka.tools.JmxTool --object-name kafka.server:type=BrokerTopicMetrics,name=MessagesInPerSec --jmx-url service:jmx:rmi:///jndi/rmi://localhost:9999/jmxrmi',
        ],
        says: ['6efdcacb8afa12b3'],
      },
    ],
    otlpctl: 'otlpctl check broker-metrics --kafka-jmx-url service:jmx:rmi:///jndi/rmi://localhost:9999/jmxrmi',
    note: 'kafka.tools.JmxTool is gone from Kafka 4: the class is org.apache.kafka.tools.JmxTool.',
  },
  {
    id: 'topic-configuration',
    kind: 'check',
    title: 'the topics exist and take what is sent',
    places: [
      {
        heading: 'Issue 4: Processing Lag Building Up',
        commands: ['kafka-topics --bootstrap-server localhost:9092 --describe --topic otlp-traces'],
        says: ['6e3db2264075f641', '618c5dacbc8d04c7'],
      },
    ],
    otlpctl: 'otlpctl check topic-configuration --kafka localhost:9092',
    note: 'Look at all three topics: one that is missing and cannot be created blocks the task, and so all signals.',
  },
  {
    id: 'topic-partitions',
    kind: 'action',
    title: 'give the topics more partitions',
    places: [
      {
        heading: 'Issue 4: Processing Lag Building Up',
        commands: [
          'kafka-topics --alter --topic otlp-traces --partitions 12',
          'kafka-topics --alter --topic otlp-metrics --partitions 12',
          'kafka-topics --alter --topic otlp-logs --partitions 12',
        ],
        says: ['5591103903231af8'],
      },
    ],
    otlpctl: 'otlpctl topic partitions 12',
    note: 'kafka-topics needs --bootstrap-server here too. One task writes all partitions, so more of them rarely speed it up; partitions cannot be taken back. What the measured rate wants: otlpctl capacity --from-target --kafka localhost:9092.',
  },
  {
    id: 'broker-load',
    kind: 'check',
    title: "disks and network of the brokers' hosts",
    places: [
      {
        heading: 'Issue 4: Processing Lag Building Up',
        commands: ['iostat -xz 1', 'iftop'],
        says: ['359ef9d01ccf009c', '6d2637d162dd407a'],
      },
    ],
    otlpctl: "otlpctl check broker-load --host-command 'ssh BROKER'",
    note: 'To be run on each broker, not on the worker. What is read is what iostat and iftop read, /proc/diskstats and /proc/net/dev, at both ends of the window.',
  },
];

import type { ActiveLook } from './active.ts';
import type { ClientEnv, ClientError } from './client.ts';
import type { ConnectorStatus, RestHealth, RestList, RestPlugins, RestRoot } from './connect.ts';
import type { Fact, Seen } from './fact.ts';
import { isSeen } from './fact.ts';
import type { HostFirewall, HostKubernetes, HostListeners, WorkerFile } from './host.ts';
import type { KafkaBrokers, KafkaGroups, KafkaSenders, KafkaTopics } from './kafka.ts';
import type { LogSeen } from './log.ts';
import type { GrpcLook, HttpLook, ReflectionLook } from './receivers.ts';
import type { RunFact, TargetFact } from './run.ts';
import type { ConnectorMetrics, PrometheusHistory, Series, SeriesNames } from './series.ts';

export * from './fact.ts';
export type * from './active.ts';
export type * from './client.ts';
export type * from './connect.ts';
export type * from './host.ts';
export * from './kafka.ts';
export type * from './log.ts';
export type * from './receivers.ts';
export type * from './run.ts';
export type * from './series.ts';

/** Every fact there is, by id. A new probe adds its row here; checks and rules name what they need from it. */
export type FactValues = {
  run: RunFact;
  target: TargetFact;
  'rest.root': RestRoot;
  'rest.health': RestHealth;
  'rest.list': RestList;
  'rest.status': ConnectorStatus;
  'rest.plugins': RestPlugins;
  /** GET / of the worker that the status names, when it is not the one asked */
  'rest.worker': RestRoot;
  'receiver.grpc': GrpcLook;
  'receiver.http': HttpLook;
  'receiver.reflection': ReflectionLook;
  metrics: ConnectorMetrics;
  'prometheus.history': PrometheusHistory;
  'prometheus.series': SeriesNames;
  /** Connect's source-task-metrics, task-error-metrics, the task's producer-metrics; java.lang Memory and OperatingSystem */
  'jmx.task': Series;
  'jmx.errors': Series;
  'jmx.producer': Series;
  'jmx.jvm': Series;
  log: LogSeen;
  'host.listeners': HostListeners;
  'host.firewall': HostFirewall;
  /** counters of disks and network interfaces: `disk.vda.busyMs`, `net.eth0.receivedBytes`, … (checks/probes/host-io.ts) */
  'host.io': Series;
  'host.worker-file': WorkerFile;
  'host.kubernetes': HostKubernetes;
  'kafka.brokers': KafkaBrokers;
  'kafka.topics': KafkaTopics;
  /** end offsets, summed over the partitions of each topic */
  'kafka.offsets': Series;
  /** one client of the receivers, where a person gave its environment or its errors */
  'client.env': ClientEnv;
  'client.error': ClientError;
  /** with --active */
  active: ActiveLook;
  'kafka.groups': KafkaGroups;
  /** from the newest records */
  'kafka.senders': KafkaSenders;
  /** metrics of a broker, by the names of checks/probes/broker-metrics.ts */
  'kafka.load': Series;
};
export type FactId = keyof FactValues;

/** Every id once; a missing row is a type error. */
const EVERY_ID: Readonly<Record<FactId, true>> = {
  run: true,
  target: true,
  'rest.root': true,
  'rest.health': true,
  'rest.list': true,
  'rest.status': true,
  'rest.plugins': true,
  'rest.worker': true,
  'receiver.grpc': true,
  'receiver.http': true,
  'receiver.reflection': true,
  metrics: true,
  'prometheus.history': true,
  'prometheus.series': true,
  'jmx.task': true,
  'jmx.errors': true,
  'jmx.producer': true,
  'jmx.jvm': true,
  log: true,
  'host.listeners': true,
  'host.firewall': true,
  'host.io': true,
  'host.worker-file': true,
  'host.kubernetes': true,
  'kafka.brokers': true,
  'kafka.topics': true,
  'kafka.offsets': true,
  'client.env': true,
  'client.error': true,
  active: true,
  'kafka.groups': true,
  'kafka.senders': true,
  'kafka.load': true,
};
export const FACT_IDS = Object.keys(EVERY_ID) as readonly FactId[];

export type Facts = { [Id in FactId]: Fact<FactValues[Id]> };

/** The value of a fact, or nothing when it was not seen. */
export function seen<Id extends FactId>(facts: Facts, id: Id): FactValues[Id] | undefined {
  const fact = facts[id] as Fact<FactValues[Id]>;
  return isSeen(fact) ? (fact as Seen<FactValues[Id]>).value : undefined;
}

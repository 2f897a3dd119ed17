import { PROBES } from './all.ts';
import { brokerMetricsProbe } from './broker-metrics.ts';
import { firewallProbe } from './host-firewall.ts';
import { hostIoProbe } from './host-io.ts';
import { groupsProbe } from './kafka-groups.ts';
import { kafkaSendersProbe } from './kafka-senders.ts';
import { kubernetesProbe } from './kubernetes.ts';
import { prometheusHistoryProbe } from './prometheus-history.ts';
import { workerFileProbe } from './worker-file.ts';
import type { Probe } from './probe.ts';

/** Looks that are taken when they are asked for by name, or by doctor when one of these options is given. */
const ON_DEMAND: readonly { probe: Probe; where: readonly string[] }[] = [
  { probe: firewallProbe, where: ['host-command'] },
  { probe: hostIoProbe, where: ['host-command'] },
  { probe: workerFileProbe, where: ['host-command'] },
  // Who keeps a configuration is asked by what changes one.
  { probe: kubernetesProbe, where: [] },
  { probe: groupsProbe, where: ['kafka'] },
  // Records are read where somebody asks who sends, and at no other time.
  { probe: kafkaSendersProbe, where: [] },
  { probe: prometheusHistoryProbe, where: ['prometheus-url'] },
  { probe: brokerMetricsProbe, where: ['kafka-metrics-url', 'kafka-jmx-url'] },
];

export const EVERY_PROBE: readonly Probe[] = [...PROBES, ...ON_DEMAND.map(({ probe }) => probe)];

/** Doctor's looks, where these options were given. */
export const probesWhere = (given: readonly string[]): Probe[] => [
  ...PROBES,
  ...ON_DEMAND.filter(({ where }) => where.some((name) => given.includes(name))).map(({ probe }) => probe),
];

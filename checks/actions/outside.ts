import { bootstrapServer } from '../derive/kafka.ts';
import { list } from '../derive/words.ts';
import { seen } from '../facts/index.ts';
import { defineAction } from './action.ts';
import { refuse, type CommandStep } from './plan.ts';

/** What is done by tools of the host and of Kafka: the plan is the commands themselves. */

const FIREWALL = {
  ufw: (port: number): string[][] => [['ufw', 'allow', `${port}/tcp`]],
  firewalld: (port: number): string[][] => [
    ['firewall-cmd', `--add-port=${port}/tcp`],
    ['firewall-cmd', '--permanent', `--add-port=${port}/tcp`],
  ],
} as const;
export type FirewallTool = keyof typeof FIREWALL;
export const FIREWALL_TOOLS = Object.keys(FIREWALL) as FirewallTool[];

/** Runbook "Issue 1": `sudo ufw allow 4317/tcp`. On this machine: that is the worker's, or the command is run there. */
export const firewallAllow = defineAction<{ tool: FirewallTool; isRoot: boolean; isPlan: boolean }>({
  id: 'firewall allow',
  plan({ facts, input: { tool, isRoot, isPlan }, waitMs }) {
    const target = seen(facts, 'target');
    const places = [target?.grpc, target?.http].filter((place) => place != null && place.off !== true);
    const ports = places.map((place) => place!.port);
    if (ports.length === 0) return refuse('no receiver has a port that could be opened');
    const commands = ports.flatMap(FIREWALL[tool]);
    if (!isRoot && !isPlan)
      return refuse(`only root may change the firewall: ${commands.map((words) => `sudo ${words.join(' ')}`).join(' && ')}`);
    return {
      action: this.id,
      title: `Open ${list(ports.map((port) => `${port}/tcp`))} in the firewall of this machine (${tool})`,
      costs: [
        'Everybody who reaches this machine reaches the receivers, which ask nobody who they are.',
        'It is done on the machine that this command runs on: run it on the worker.',
      ],
      risk: 'none',
      steps: commands.map((command): CommandStep => ({ kind: 'command', command, deadlineMs: waitMs, again: true, does: 'opens a port' })),
      instead: [],
      consent: { by: 'yes' },
      assumes: null,
    };
  },
});

/** Runbook "Issue 4": more partitions. Records of the connector have no key, so no order is broken. */
export const topicPartitions = defineAction<{ partitions: number; tool: string }>({
  id: 'topic partitions',
  plan({ facts, input: { partitions, tool }, waitMs }) {
    const topics = seen(facts, 'kafka.topics')?.topics;
    if (topics === undefined)
      return refuse('the topics could not be read, so nobody knows how many partitions they have', 'give --kafka HOST:PORT');
    const there = topics.filter(({ exists }) => exists === true);
    const fewer = there.filter((topic) => topic.partitions < partitions);
    const more = there.filter((topic) => topic.partitions > partitions);
    if (there.length === 0) return refuse(`none of ${list(topics.map(({ name }) => name))} exists`);
    if (fewer.length === 0 && more.length > 0)
      return refuse(
        `${list(more.map((topic) => `${topic.name} has ${topic.partitions}`))}: Kafka never takes partitions away, only more than that is possible`,
      );
    const config = seen(facts, 'target')?.kafkaConfig;
    return {
      action: this.id,
      title: `Give ${list(fewer.map(({ name }) => name)) || 'the topics'} ${partitions} partitions`,
      costs: [
        ...fewer.map((topic) => `${topic.name} ${topic.partitions} -> ${partitions}`),
        'It cannot be taken back. The connector sets no key, so no order is broken; consumers rebalance.',
      ],
      risk: 'none',
      steps: fewer.map(({ name }): CommandStep => ({
        kind: 'command',
        command: [
          tool,
          '--bootstrap-server',
          bootstrapServer(facts),
          ...(config === undefined ? [] : ['--command-config', config]),
          '--alter',
          '--topic',
          name,
          '--partitions',
          String(partitions),
        ],
        deadlineMs: waitMs,
        does: `gives ${name} ${partitions} partitions`,
      })),
      instead: [],
      consent: { by: 'yes' },
      assumes: null,
      ...(fewer.length === 0 ? { already: `${list(there.map(({ name }) => name))} have ${partitions} partitions` } : {}),
    };
  },
});

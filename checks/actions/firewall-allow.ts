import { list } from '../derive/words.ts';
import { seen } from '../facts/index.ts';
import { defineAction } from './action.ts';
import { refuse, type CommandStep, type PlanStep } from './plan.ts';

/** What is done by tools of the host: the plan is the commands themselves. */

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
      steps: [
        ...commands.map((command): CommandStep => ({ kind: 'command', command, deadlineMs: waitMs, again: true, does: 'opens a port' })),
        { kind: 'filter', does: `until the packet filter lets ${list(ports.map((port) => `${port}/tcp`))} in` } satisfies PlanStep,
      ],
      instead: [],
      consent: { by: 'yes' },
      assumes: null,
    };
  },
});

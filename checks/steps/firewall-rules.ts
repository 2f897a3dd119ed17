import { defineCheck } from '../check.ts';
import { portsFates } from '../derive/firewall.ts';
import type { PortView } from '../derive/firewall.ts';
import { quote } from '../derive/evidence.ts';
import { cannot, fail, pass, without } from '../derive/verdict.ts';
import { list } from '../derive/words.ts';
import type { Facts, HostFilter, HostFirewall } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Verdict } from '../report.ts';

export const firewallRules = defineCheck({
  id: 'firewall-rules',
  heading: 'Issue 1: OTLP Receivers Not Listening',
  question: "Does the host's packet filter let senders reach the ports?",
  why: 'A filter on the worker leaves the port open as seen on the host itself, while senders elsewhere time out or are refused. ufw and firewalld write their rules into the same filter as nft does, so all three are asked; each tells root only.',
  needs: ['host.firewall', 'target'],
  commands: ['sudo ufw status', 'sudo firewall-cmd --list-ports'],
  evaluate: (facts) => judge(facts),
});

const BY_HAND = 'sudo ufw status verbose; sudo firewall-cmd --list-all; sudo nft list ruleset';

function judge(facts: Facts): Verdict {
  const firewall = seen(facts, 'host.firewall');
  if (firewall === undefined) return without(facts, 'host.firewall', 'The packet filter');
  const { where, filters } = firewall;
  const evidence = filters.map(({ tool }, at) => quote(facts, 'host.firewall', `filters.${at}.state`, asSeen(filters[at]!, tool)));
  const views = portsFates(firewall);
  const closed = views.filter(({ fate }) => fate === 'closed');
  if (closed.length > 0)
    return fail({
      sentence: `On ${where} ${list(closed.map(({ port, tool, by }) => `${tool} closes port ${port} to other hosts (${by})`))}.`,
      expected: 'the ports of the receivers open to those who send',
      byHand: BY_HAND,
      evidence,
    });
  const unknown = views.filter(({ fate }) => fate === 'unknown');
  if (unknown.length > 0)
    return cannot(
      `On ${where} it is not known whether ${list(unknown.map(({ port }) => `port ${port}`))} can be reached: ${whyNot(unknown, firewall)}.`,
      ...evidence,
    );
  return pass(`On ${where} ${list(views.map(openWords))} (${list(filters.map(stateWords))}).`, ...evidence);
}

const openWords = ({ port, fate, by }: PortView): string =>
  fate === 'some' ? `port ${port} is open to some: ${by}` : `port ${port} is open`;

const whyNot = ([first]: readonly PortView[], { filters }: HostFirewall): string => {
  if (first !== undefined && first.tool !== null) return `${first.tool} has rules that are not understood here (${first.by})`;
  if (filters.some(({ state }) => state === 'denied'))
    return `${list(filters.filter(({ state }) => state === 'denied').map(({ tool }) => tool))} told this user nothing; give --host-command 'sudo -n', or run as root`;
  return `${list(filters.map(stateWords))}, and what else filters there could not be read`;
};

const STATE = {
  on: 'filters',
  off: 'is off',
  missing: 'is not there',
  denied: 'tells root only',
  unread: 'says what is not understood',
} as const;
const stateWords = ({ tool, state }: HostFilter): string => `${tool} ${STATE[state]}`;
const asSeen = ({ state, fates }: HostFilter, tool: string): string =>
  state === 'on' ? list(fates.map(({ port, fate, by }) => `${tool}: ${port} ${fate} (${by})`)) : `${tool} ${STATE[state]}`;

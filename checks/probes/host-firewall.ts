import { defaultOf } from '../../proto/vocabulary/keys.ts';
import type { HostFilter, Json, TargetFact } from '../facts/index.ts';
import { isSeen } from '../facts/index.ts';
import { readFirewalld } from './firewall-firewalld.ts';
import { readNft } from './firewall-nft.ts';
import { readUfw } from './firewall-ufw.ts';
import { hostAccess, runOnHost } from './host-access.ts';
import type { HostAccess } from './host-access.ts';
import type { Look, Probe } from './probe.ts';

type Told = Pick<HostFilter, 'state' | 'fates'>;
const UNREAD: Told = { state: 'unread', fates: [] };

const FILTERS: readonly { tool: HostFilter['tool']; words: readonly string[]; read(text: string, ports: readonly number[]): Told }[] = [
  { tool: 'ufw', words: ['ufw', 'status', 'verbose'], read: readUfw },
  { tool: 'firewalld', words: ['firewall-cmd', '--list-all-zones'], read: readFirewalld },
  {
    tool: 'nft',
    words: ['nft', '-j', 'list', 'ruleset'],
    read: (text, ports) => {
      try {
        return readNft(JSON.parse(text) as Json, ports);
      } catch {
        return UNREAD;
      }
    },
  },
];

/** The packet filter of the worker's host, as its own tools tell it. They only read, and most tell root alone. */
export const firewallProbe: Probe = {
  gives: ['host.firewall'],
  needs: ['target'],
  async look(look) {
    const access = await hostAccess(look);
    const source = FILTERS.map(({ words }) => words.join(' ')).join(', ');
    if (!('prefix' in access)) return { 'host.firewall': { source, ...access } };
    const target = await look.fact('target');
    const ports = isSeen(target) ? portsOf(target.value) : [];
    if (ports.length === 0)
      return { 'host.firewall': { source, unasked: 'skipped', reason: 'no receiver has a port of its own that is known' } };
    const asked = await Promise.all(FILTERS.map((filter) => askFilter(look, access, filter, ports)));
    const unreached = asked.find((one) => 'reason' in one);
    if (unreached !== undefined && 'reason' in unreached)
      return { 'host.firewall': { source, unasked: 'unknown', reason: `${access.where} was not reached: ${unreached.reason}` } };
    return { 'host.firewall': { source, value: { where: access.where, ports, filters: asked as HostFilter[] } } };
  },
};

async function askFilter(
  look: Look,
  access: HostAccess,
  { tool, words, read }: (typeof FILTERS)[number],
  ports: readonly number[],
): Promise<HostFilter | { reason: string }> {
  const { end, stdout, detail } = await runOnHost(look, access, words);
  if (end === 'unreached') return { reason: detail };
  if (end === 'ok') return { tool, ...read(stdout, ports) };
  if (end === 'missing' || end === 'denied') return { tool, state: end, detail, fates: [] };
  // Source: firewall-cmd(1), exit code 252; without D-Bus it cannot run at all.
  if (tool === 'firewalld' && /exit code 252|not running|DBUS_ERROR/i.test(detail)) return { tool, state: 'off', fates: [] };
  return { tool, ...UNREAD, detail };
}

/** The receivers' own ports: as configured, or as they are looked at where the configuration is not known. Those that are off are nobody's concern. */
function portsOf({ grpc, http, config }: TargetFact): number[] {
  const own = (which: 'grpc' | 'http', place: TargetFact['grpc']): number[] => {
    if (place?.off === true) return [];
    const key = `otlp.${which}.port`;
    const configured = config === null ? NaN : Number(config[key] ?? defaultOf(key));
    const port = Number.isInteger(configured) && configured > 0 ? configured : place?.port;
    return port === undefined ? [] : [port];
  };
  return [...new Set([...own('grpc', grpc), ...own('http', http)])];
}

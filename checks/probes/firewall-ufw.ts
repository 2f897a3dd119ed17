import type { HostFilter } from '../facts/index.ts';
import { fateOf } from './packet-rules.ts';
import type { PacketRule } from './packet-rules.ts';

type Told = Pick<HostFilter, 'state' | 'fates'>;

/** `4317/tcp                   ALLOW IN    10.0.0.0/8                 # who`. Source: ufw(8), `status verbose`. */
const RULE = /^(.*?)\s+(ALLOW|DENY|REJECT|LIMIT)(?: (IN|OUT|FWD))?\s+(.*?)(?:\s+#.*)?$/;
/** `4317`, `4317,4318/tcp`, `4000:5000/tcp`, `Anywhere`, each perhaps behind an address and before a profile's name or an interface. */
const TO = /^(?:(\S+) )?(?:(\d[\d,:]*)(?:\/(\w+))?|(Anywhere))(?: \([\w .-]+\))?( on \S+)?$/;

/** What `ufw status verbose` says about these ports, over IPv4. */
export function readUfw(text: string, ports: readonly number[]): Told {
  const status = /^Status: (\w+)/m.exec(text)?.[1];
  if (status === undefined) return { state: 'unread', fates: [] };
  if (status !== 'active') return { state: 'off', fates: [] };
  const incoming = /^Default: (\w+) \(incoming\)/m.exec(text)?.[1] ?? 'deny';
  const policy = {
    accepts: incoming === 'allow',
    text: `incoming is ${incoming === 'allow' ? 'allowed' : `${incoming}ed`.replace('yed', 'ied')} where no rule says otherwise`,
  };
  const rules = text.split('\n').flatMap((line) => ruleOf(line.trim()));
  return { state: 'on', fates: ports.map((port) => ({ port, ...fateOf(port, rules, policy) })) };
}

function ruleOf(line: string): PacketRule[] {
  const [, to = '', action, direction = 'IN', from = ''] = RULE.exec(line) ?? [];
  if (action === undefined || direction !== 'IN' || line.includes('(v6)')) return [];
  const text = line.replace(/\s+/g, ' ').trim();
  const accepts = action === 'ALLOW' || action === 'LIMIT';
  const [, address, list, protocol, anywhere, on] = TO.exec(to) ?? [];
  if (list === undefined && anywhere === undefined) return [{ ports: 'all', applies: 'unread', accepts, text }];
  if (protocol !== undefined && protocol !== 'tcp') return [];
  // From elsewhere nothing comes over the loopback interface.
  if (on === ' on lo') return [];
  const applies = address === undefined && on === undefined && from === 'Anywhere' ? 'always' : 'some';
  return [{ ports: list === undefined ? 'all' : list.split(',').map(rangeOf), applies, accepts, text }];
}

function rangeOf(text: string): [number, number] {
  const [from, to] = text.split(':').map(Number);
  return [from ?? 0, to ?? from ?? 0];
}

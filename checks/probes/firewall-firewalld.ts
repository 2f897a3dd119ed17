import type { HostFilter, PortFate } from '../facts/index.ts';
import { fateOf } from './packet-rules.ts';
import type { Decided, PacketRule, Policy } from './packet-rules.ts';

type Told = Pick<HostFilter, 'state' | 'fates'>;
type Zone = { name: string; keys: Readonly<Record<string, string>>; rich: string[] };

/** Services that come with firewalld and have nothing to do with OTLP; any other may hold a port of ours. */
const OTHER_SERVICES: readonly string[] = [
  'ssh',
  'dhcpv6-client',
  'dhcp',
  'cockpit',
  'mdns',
  'samba-client',
  'http',
  'https',
  'dns',
  'ntp',
];

/** What `firewall-cmd --list-all-zones` says about these ports. Source: firewall-cmd(1), firewalld.zone(5). */
export function readFirewalld(text: string, ports: readonly number[]): Told {
  const active = zonesOf(text).filter(({ name }) => /\((?:default, )?active\)/.test(name));
  if (active.length === 0) return { state: 'unread', fates: [] };
  return { state: 'on', fates: ports.map((port) => ({ port, ...ofZones(active.map((zone) => inZone(port, zone))) })) };
}

/** Each interface is in one zone: where they differ it depends on where a connection comes from. */
function ofZones(fates: readonly Decided[]): Decided {
  const [first = { fate: 'unknown' as PortFate, by: 'no zone' }] = fates;
  const other = fates.find(({ fate }) => fate !== first.fate);
  return other === undefined
    ? first
    : { fate: fates.some(({ fate }) => fate === 'unknown') ? 'unknown' : 'some', by: `${first.by}; ${other.by}` };
}

/** A zone begins at the margin; its keys are indented, rich rules once more. */
function zonesOf(text: string): Zone[] {
  return text.split(/^(?=\S)/m).map((block) => {
    const [name = '', ...lines] = block.split('\n');
    const keys = Object.fromEntries(
      lines.flatMap((line) => {
        const [, key, value = ''] = /^ {2}([a-z-]+(?: [a-z]+)?): ?(.*)$/.exec(line) ?? [];
        return key === undefined ? [] : [[key, value.trim()]];
      }),
    );
    return { name: name.trim(), keys, rich: lines.map((line) => line.trim()).filter((line) => line.startsWith('rule ')) };
  });
}

function inZone(port: number, { name, keys, rich }: Zone): Decided {
  const zone = `zone ${name.split(' ')[0]}`;
  const target = keys['target'] ?? 'default';
  const policy: Policy = {
    accepts: target === 'ACCEPT',
    text: `${zone} ${target === 'ACCEPT' ? 'accepts everything' : 'has no rule for it'}`,
  };
  const services = (keys['services'] ?? '').split(/\s+/).filter((service) => service !== '' && !OTHER_SERVICES.includes(service));
  const rules: PacketRule[] = [
    ...rich.filter((rule) => /port="|protocol value|accept|drop|reject/.test(rule)).map((rule) => richRule(rule, zone)),
    ...(keys['ports'] ?? '').split(/\s+/).flatMap((text) => portRule(text, zone)),
    ...services.map((service): PacketRule => ({ ports: 'all', applies: 'unread', accepts: true, text: `${zone} has service ${service}` })),
  ];
  return fateOf(port, rules, policy);
}

function portRule(text: string, zone: string): PacketRule[] {
  const [, from, to, protocol] = /^(\d+)(?:-(\d+))?\/(\w+)$/.exec(text) ?? [];
  if (from === undefined || protocol !== 'tcp') return [];
  return [{ ports: [[Number(from), Number(to ?? from)]], applies: 'always', accepts: true, text: `${zone} has port ${text}` }];
}

/** A rich rule names who it is for; one that names nobody but a port is for everybody. */
function richRule(rule: string, zone: string): PacketRule {
  const [, from, to] = /port port="(\d+)(?:-(\d+))?"/.exec(rule) ?? [];
  const isPlain = /^rule(?: family="ipv4")? port port="[\d-]+" protocol="tcp" (?:accept|drop|reject)$/.test(rule);
  return {
    ports: from === undefined ? 'all' : [[Number(from), Number(to ?? from)]],
    applies: isPlain ? 'always' : from !== undefined && rule.includes('source address=') ? 'some' : 'unread',
    accepts: / accept\b/.test(rule),
    text: `${zone} has ${rule}`,
  };
}

import type { HostFilter, Json } from '../facts/index.ts';
import { isObject } from '../facts/index.ts';
import { fateOf, strictest } from './packet-rules.ts';
import type { PacketRule } from './packet-rules.ts';
import { meetsOf } from './nft-match.ts';

type Told = Pick<HostFilter, 'state' | 'fates'>;
type Chain = { name: string; hook?: string; policy?: string; rules: Json[][] };

/** Families whose rules a TCP connection over IPv4 meets. */
const FAMILIES: readonly Json[] = ['ip', 'inet'];
/** A chain within a chain within …: more than anyone writes. */
const MOST_DEPTH = 12;
const MOST_RULES = 20_000;

/** What `nft -j list ruleset` says about these ports: every chain that hooks into input has to let a packet through. Source: libnftables-json(5). */
export function readNft(json: Json, ports: readonly number[]): Told {
  const parts = isObject(json) ? json['nftables'] : undefined;
  if (!Array.isArray(parts)) return { state: 'unread', fates: [] };
  const chains = chainsOf(parts);
  const inputs = [...chains].filter(([, { hook }]) => hook === 'input');
  if (inputs.length === 0) return { state: 'off', fates: [] };
  const flat = inputs.map(([key, chain]) => ({
    rules: flatten(chain, chains, key.slice(0, key.lastIndexOf(' ')), 0).slice(0, MOST_RULES),
    policy: { accepts: chain.policy !== 'drop', text: `the policy of chain ${key} is ${chain.policy ?? 'accept'}` },
  }));
  const fates = ports.map((port) => ({ port, ...strictest(flat.map(({ rules, policy }) => fateOf(port, rules, policy)))! }));
  return { state: 'on', fates };
}

function chainsOf(parts: readonly Json[]): Map<string, Chain> {
  const chains = new Map<string, Chain>();
  for (const part of parts) {
    const chain = isObject(part) ? part['chain'] : undefined;
    if (!isObject(chain) || !FAMILIES.includes(chain['family']!)) continue;
    const { family, table, name, hook, policy, type } = chain as Record<string, string>;
    chains.set(`${family} ${table} ${name}`, {
      name: name ?? '',
      rules: [],
      ...(hook === undefined || type !== 'filter' ? {} : { hook }),
      ...(policy === undefined ? {} : { policy }),
    });
  }
  for (const part of parts) {
    const rule = isObject(part) ? part['rule'] : undefined;
    if (isObject(rule) && Array.isArray(rule['expr']))
      chains.get(`${String(rule['family'])} ${String(rule['table'])} ${String(rule['chain'])}`)?.rules.push(rule['expr']);
  }
  return chains;
}

/** A chain's rules with those of the chains that it jumps to in their place. */
function flatten({ name, rules }: Chain, chains: ReadonlyMap<string, Chain>, table: string, depth: number): PacketRule[] {
  const flat: PacketRule[] = [];
  for (const expr of rules) {
    const meets = meetsOf(expr);
    if (meets === undefined) continue;
    const text = `chain ${table} ${name}: ${said(expr)}`;
    const { verdict, target, ports, applies } = meets;
    if (verdict === 'accept' || verdict === 'drop') flat.push({ ports, applies, accepts: verdict === 'accept', text });
    if (verdict === 'return' && applies === 'always' && ports === 'all') break;
    const to = target === undefined ? undefined : chains.get(`${table} ${target}`);
    if (to !== undefined && depth < MOST_DEPTH)
      flat.push(...flatten(to, chains, table, depth + 1).map((rule) => narrowed(rule, ports, applies)));
    // Both ways are possible where nobody knows what it does.
    if (verdict === 'unread' || verdict === 'return' || (target !== undefined && to === undefined))
      flat.push(...[true, false].map((accepts): PacketRule => ({ ports, applies: 'unread', accepts, text })));
  }
  return flat;
}

const APPLIES: readonly PacketRule['applies'][] = ['unread', 'some', 'always'];
const least = (a: PacketRule['applies'], b: PacketRule['applies']): PacketRule['applies'] =>
  APPLIES[Math.min(APPLIES.indexOf(a), APPLIES.indexOf(b))]!;

/** A rule behind a jump has the jump's conditions too; two lists of ports are not cut with each other. */
function narrowed(rule: PacketRule, ports: PacketRule['ports'], applies: PacketRule['applies']): PacketRule {
  if (ports === 'all') return { ...rule, applies: least(rule.applies, applies) };
  return {
    ...rule,
    ports: rule.ports === 'all' ? ports : rule.ports,
    applies: rule.ports === 'all' ? least(rule.applies, applies) : 'unread',
  };
}

/** Short enough to be quoted. */
const said = (expr: readonly Json[]): string => {
  const text = JSON.stringify(expr.filter((part) => !(isObject(part) && 'counter' in part)));
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
};

import type { Json } from '../facts/index.ts';
import { isObject } from '../facts/index.ts';
import type { PacketRule } from './packet-rules.ts';

/** What one rule of nftables means for a new TCP connection over IPv4 from another host. */
export type Meets = {
  ports: PacketRule['ports'];
  applies: PacketRule['applies'];
  verdict: 'accept' | 'drop' | 'return' | 'jump' | 'none' | 'unread';
  /** of a jump */
  target?: string;
};

/** Statements that decide nothing. Source: libnftables-json(5), "Statements". */
const IDLE: readonly string[] = ['counter', 'log', 'mangle', 'notrack', 'meta', 'ct helper', 'comment', 'flow'];

/** Nothing where the rule is never met by such a connection. */
export function meetsOf(expr: readonly Json[]): Meets | undefined {
  const meets: Meets = { ports: 'all', applies: 'always', verdict: 'none' };
  for (const part of expr) {
    if (!isObject(part)) continue;
    const [[kind, what] = ['', null]] = Object.entries(part);
    if (kind === 'match') {
      const match = matchOf(what);
      if (match === 'never') return undefined;
      if (match === 'some' && meets.applies === 'always') meets.applies = 'some';
      if (match === 'unread') meets.applies = 'unread';
      if (typeof match === 'object') meets.ports = match.ports;
    } else if (kind === 'accept' || kind === 'return') meets.verdict = kind;
    else if (kind === 'drop' || kind === 'reject') meets.verdict = 'drop';
    else if (kind === 'jump' || kind === 'goto') {
      meets.verdict = 'jump';
      if (isObject(what) && typeof what['target'] === 'string') meets.target = what['target'];
    } else if (kind === 'vmap' && isOfKnownState(what)) return undefined;
    else if (kind === 'vmap') meets.verdict = 'unread';
    else if (!IDLE.includes(kind)) meets.applies = 'unread';
  }
  return meets;
}

type Match = 'always' | 'never' | 'some' | 'unread' | { ports: [number, number][] };

function matchOf(what: Json): Match {
  if (!isObject(what)) return 'unread';
  const { op, left, right } = what;
  const is = op === '==' || op === 'in';
  const key = keyOf(left ?? null);
  const values = valuesOf(right ?? null);
  if (key === 'tcp dport' || key === 'th dport') {
    const ports = values.map(rangeOf);
    return is && ports.every((range) => range !== undefined) ? { ports } : 'unread';
  }
  if (key === 'meta l4proto' || key === 'ip protocol')
    return values.some((value) => value === 'tcp' || value === 6) === is ? 'always' : 'never';
  if (key === 'meta nfproto') return values.includes('ipv4') === is ? 'always' : 'never';
  if (key === 'ct state') return values.includes('new') === is ? 'always' : 'never';
  if (key === 'meta iifname' || key === 'meta iif') return values.every((value) => value === 'lo') ? (is ? 'never' : 'always') : 'some';
  if (/^(?:udp|sctp|icmp|icmpv6|ip6|igmp) /.test(key)) return 'never';
  return key === 'ip saddr' || key === 'ip daddr' ? 'some' : 'unread';
}

/** `tcp dport`, `meta l4proto`, `ct state`; empty for anything else. */
function keyOf(left: Json): string {
  if (!isObject(left)) return '';
  const [[kind, of] = ['', null]] = Object.entries(left);
  if (!isObject(of)) return '';
  return kind === 'payload' ? `${String(of['protocol'])} ${String(of['field'])}` : `${kind} ${String(of['key'])}`;
}

function valuesOf(right: Json): Json[] {
  if (isObject(right) && Array.isArray(right['set'])) return right['set'];
  return Array.isArray(right) ? right : [right];
}

function rangeOf(value: Json): [number, number] | undefined {
  if (typeof value === 'number') return [value, value];
  const range = isObject(value) ? value['range'] : undefined;
  const [from, to] = Array.isArray(range) ? range : [];
  return typeof from === 'number' && typeof to === 'number' ? [from, to] : undefined;
}

/** `ct state vmap { established : accept, invalid : drop }` says nothing of new connections. */
function isOfKnownState(what: Json): boolean {
  if (!isObject(what) || keyOf(what['key'] ?? null) !== 'ct state') return false;
  const pairs = valuesOf(what['data'] ?? null);
  return pairs.every((pair) => Array.isArray(pair) && pair[0] !== 'new');
}

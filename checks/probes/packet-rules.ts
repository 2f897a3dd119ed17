import type { PortFate } from '../facts/index.ts';

/**
 * Rules of a packet filter as far as they concern a new TCP connection from another host to a port. always: it matches every such connection;
 * some: those from some addresses or interfaces; unread: more than we understand.
 */
export type PacketRule = {
  ports: 'all' | readonly (readonly [from: number, to: number])[];
  applies: 'always' | 'some' | 'unread';
  accepts: boolean;
  /** as its tool writes it */
  text: string;
};
export type Policy = { accepts: boolean; text: string };
export type Decided = { fate: PortFate; by: string };

const covers = ({ ports }: PacketRule, port: number): boolean => ports === 'all' || ports.some(([from, to]) => port >= from && port <= to);

/** The first rule that always matches decides, else the policy; what matched some before it, or was not understood, keeps it from being the whole truth. */
export function fateOf(port: number, rules: readonly PacketRule[], policy: Policy): Decided {
  const before: PacketRule[] = [];
  let last: Policy = policy;
  for (const rule of rules) {
    if (!covers(rule, port)) continue;
    if (rule.applies === 'always') {
      last = rule;
      break;
    }
    // One that does what is done anyway makes no difference; what that is, is known at the end.
    before.push(rule);
  }
  const others = before.filter(({ accepts }) => accepts !== last.accepts);
  const unread = others.find(({ applies }) => applies === 'unread');
  if (unread !== undefined) return { fate: 'unknown', by: unread.text };
  const [some] = others;
  if (some !== undefined) return { fate: 'some', by: some.text };
  return { fate: last.accepts ? 'open' : 'closed', by: last.text };
}

const ORDER: readonly PortFate[] = ['closed', 'unknown', 'some', 'open'];

/** A packet has to pass every chain. */
export const strictest = (fates: readonly Decided[]): Decided | undefined =>
  fates.toSorted((a, b) => ORDER.indexOf(a.fate) - ORDER.indexOf(b.fate))[0];

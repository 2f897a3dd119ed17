import type { HostFilter, HostFirewall, PortFate } from '../facts/index.ts';

/** What all filters of a host together do with a port, and the one that decides; `tool` null: nobody could be asked. */
export type PortView = { port: number; fate: PortFate; tool: HostFilter['tool'] | null; by: string };

/** They write their rules by nft, in forms that only they explain: what they say stands for those. */
const FRONT_ENDS: readonly HostFilter['tool'][] = ['ufw', 'firewalld'];
const ORDER: readonly PortFate[] = ['closed', 'unknown', 'some', 'open'];

export function portsFates({ ports, filters }: HostFirewall): PortView[] {
  const isFronted = filters.some(({ tool, state }) => FRONT_ENDS.includes(tool) && state === 'on');
  // Without nft, rules of others may be there unseen: only a front end that is on speaks for the whole.
  const isWhole = isFronted || filters.some(({ tool, state }) => tool === 'nft' && (state === 'on' || state === 'off'));
  return ports.map((port): PortView => {
    const told = filters.flatMap(({ tool, fates }) =>
      fates.filter((fate) => fate.port === port).map(({ fate, by }): PortView => ({ port, fate, tool, by })),
    );
    const counted = told.filter(({ tool, fate }) => !(isFronted && tool === 'nft' && fate !== 'closed'));
    const [strictest] = counted.toSorted((a, b) => ORDER.indexOf(a.fate) - ORDER.indexOf(b.fate));
    if (strictest?.fate === 'closed') return strictest;
    if (!isWhole) return { port, fate: 'unknown', tool: null, by: 'the rules could not be read' };
    return strictest ?? { port, fate: 'open', tool: null, by: 'nothing filters' };
  });
}

import type { FactId, Facts } from '../facts/index.ts';
import { isUnasked } from '../facts/index.ts';
import type { Report } from '../report.ts';

/** What a reader calls the places that we look at. */
const AREAS: readonly { what: string; facts: readonly FactId[] }[] = [
  { what: 'state', facts: ['rest.list', 'rest.status'] },
  { what: 'receivers', facts: ['receiver.grpc', 'receiver.http'] },
  { what: 'metrics', facts: ['metrics'] },
  { what: 'log', facts: ['log'] },
  { what: 'port owners', facts: ['host.listeners'] },
];

/** Areas that were looked at (a refusal is a look), and those that were not asked with the reason and what to give. */
export function lookedOf(facts: Facts): Pick<Report['looked'], 'at' | 'not'> {
  const at = AREAS.filter((area) => area.facts.some((id) => !isUnasked<unknown>(facts[id]))).map((area) => area.what);
  const not = AREAS.filter((area) => area.facts.every((id) => isUnasked<unknown>(facts[id]))).map((area) => {
    const { reason, give } = facts[area.facts[0] ?? 'run'] as { reason: string; give?: string };
    return { what: area.what, why: reason, ...(give === undefined ? {} : { give }) };
  });
  return { at, not };
}

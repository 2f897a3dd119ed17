import type { FactId, Facts } from '../facts/index.ts';
import { isSeen, isUnasked, seen } from '../facts/index.ts';
import type { Report } from '../report.ts';
import { span } from './words.ts';

/** What a reader calls the places that we look at. */
const AREAS: readonly { what: string; facts: readonly FactId[] }[] = [
  { what: 'state', facts: ['rest.list', 'rest.status'] },
  { what: 'receivers', facts: ['receiver.grpc', 'receiver.http'] },
  { what: 'metrics', facts: ['metrics'] },
  { what: 'log', facts: ['log'] },
  { what: 'port owners', facts: ['host.listeners'] },
  { what: 'Kafka', facts: ['kafka.brokers'] },
];

/** Areas that were looked at (a refusal is a look), and those that were not asked with the reason and what to give. */
export function lookedOf(facts: Facts): Pick<Report['looked'], 'at' | 'not' | 'sent'> {
  const at = AREAS.filter((area) => area.facts.some((id) => !isUnasked<unknown>(facts[id]))).map((area) => area.what);
  const not = AREAS.filter((area) => area.facts.every((id) => isUnasked<unknown>(facts[id]))).map((area) => {
    const { reason, give } = facts[area.facts[0] ?? 'run'] as { reason: string; give?: string };
    return { what: area.what, why: reason, ...(give === undefined ? {} : { give }) };
  });
  const client = (['client.env', 'client.error'] as const).some((id) => !isUnasked<unknown>(facts[id]));
  const before = !isUnasked<unknown>(facts['prometheus.history']);
  const sent = seen(facts, 'active')?.sends.length ?? 0;
  return {
    ...(sent > 0 && { sent }),
    at: [...at, ...(before ? ['history'] : []), ...(client ? ['a client'] : [])],
    not: [...not, ...windowCut(facts)],
  };
}

/** Time that a look needs on top of its window at most: the first exchanges, and the last reading. */
const AROUND_WINDOW_MS = 6000;

/** A window that did not fit into the time-out. Source: contract, "Targets", --timeout. */
function windowCut(facts: Facts): Report['looked']['not'] {
  const run = seen(facts, 'run');
  if (run?.windowCutMs === undefined || !isSeen(facts.metrics)) return [];
  const { windowMs, windowCutMs, timeoutMs } = run;
  const why = `the time-out of ${span(timeoutMs)} cut it to ${span(windowCutMs)}`;
  return [{ what: `the whole window of ${span(windowMs)}`, why, give: `--timeout ${Math.ceil((windowMs + AROUND_WINDOW_MS) / 1000)}` }];
}

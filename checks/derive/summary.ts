import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Diagnosis } from '../report.ts';
import { connectorView } from './connector.ts';
import { lookedOf } from './looked.ts';
import { receiverViews } from './receivers.ts';
import { flowOf, perSecond } from './series.ts';
import { count, list, rate, span } from './words.ts';

/** One sentence over all: the first root's, or what a healthy target was seen to do. */
export function summaryOf(facts: Facts, root: Diagnosis | undefined): string {
  if (root !== undefined) return root.scope === 'client' ? `In the client: ${root.sentence}` : root.sentence;
  const state = connectorView(facts).state;
  const open = receiverViews(facts).filter((view) => view.state === 'serves');
  const parts = [
    ...(state === undefined ? [] : [state]),
    ...(open.length === 0 ? [] : [`${list(open.map((view) => view.name))} ${open.length === 1 ? 'accepts' : 'accept'}`]),
    ...trafficOf(facts),
  ];
  return `OK for what was looked at: ${lookedOf(facts).at.join(', ')} (${parts.join(', ')}).`;
}

function trafficOf(facts: Facts): string[] {
  const flow = flowOf(seen(facts, 'metrics'));
  if (flow === undefined || flow.received === null) return [];
  const out = flow.produced === null ? '' : `, ${rate(perSecond(flow.produced, flow))} out`;
  return [
    `${rate(perSecond(flow.received, flow))} messages/s in${out} over ${span(flow.spanMs)}, ${flow.lost === null ? 'loss not known' : `${count(flow.lost)} lost`}`,
  ];
}

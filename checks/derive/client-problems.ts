import type { Facts } from '../facts/index.ts';
import { CLIENT_CAUSES, type ClientCause, type ClientProblem } from './client-cause.ts';
import { clientView, type ClientView } from './client.ts';
import { addressProblems } from './client-address.ts';
import { aimed } from './client-aim.ts';
import { pathProblems } from './client-path.ts';
import { protocolProblems, tlsProblems } from './client-protocol.ts';
import { rejected, switchedOff } from './client-refusal.ts';
import { wayProblems } from './client-way.ts';

/** At most one of each kind; the kinds that say where and how a client sends look at signals that are exported only. */
export function clientProblems(facts: Facts): ClientProblem[] {
  const view = clientView(facts);
  const live: ClientView = { ...view, exports: view.exports.filter(({ off }) => off === undefined) };
  const near = aimed(facts, live);
  const found = [
    ...wayProblems(facts, view, live),
    ...[protocolProblems, tlsProblems, pathProblems, switchedOff, rejected].flatMap((judge) => judge(facts, near)),
    ...addressProblems(facts, live),
  ];
  return CLIENT_CAUSES.flatMap((id) => found.filter((problem) => problem.id === id).slice(0, 1));
}

export const clientProblem = (facts: Facts, id: ClientCause): ClientProblem | undefined =>
  clientProblems(facts).find((problem) => problem.id === id);

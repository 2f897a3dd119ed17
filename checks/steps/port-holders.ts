import { defineCheck } from '../check.ts';
import { quote } from '../derive/evidence.ts';
import { isWildcard } from '../address.ts';
import { isOwnPort, ownPort } from '../derive/own-port.ts';
import { receiverViews } from '../derive/receivers.ts';
import { capital, list } from '../derive/words.ts';
import { cannot, fail, pass, skip, without } from '../derive/verdict.ts';
import { foreignHolder, listenersOn, processName, workerPid } from '../derive/worker.ts';
import { seen } from '../facts/index.ts';
import type { Facts } from '../facts/index.ts';
import type { Verdict } from '../report.ts';

export const portHolders = defineCheck({
  id: 'port-holders',
  heading: 'Issue 1: OTLP Receivers Not Listening',
  question: "Which process holds each receiver's port?",
  why: 'The exact local port and its owner decide between "nobody listens", "the worker listens" and "somebody else does". When the owner is the Connect worker, another connector on it may hold the port.',
  needs: ['host.listeners', 'target'],
  commands: ['lsof -i :4317', 'lsof -i :4318'],
  evaluate: (facts) => judge(facts),
});

function judge(facts: Facts): Verdict {
  const host = seen(facts, 'host.listeners');
  if (host === undefined) return without(facts, 'host.listeners', 'Port holders');
  const views = receiverViews(facts).flatMap((view) => {
    const port = isOwnPort(facts, view) ? view.address?.port : ownPort(facts, view);
    return view.state === 'off' || port === undefined ? [] : [{ ...view, port }];
  });
  if (views.length === 0) return skip('Port holders: no receiver has a port of its own that is known.');
  const pid = workerPid(facts);
  const said = views.map(({ label, port }) => {
    const on = listenersOn(facts, port);
    const who = [
      ...new Set(
        on.map(
          (listener) =>
            `${listener.pid !== undefined && listener.pid === pid ? 'the worker, ' : ''}${processName(listener)}${isWildcard(listener.address) ? '' : ` on ${listener.address}`}`,
        ),
      ),
    ];
    return `${label} ${port} is listened on by ${who.length === 0 ? 'nobody' : list(who)}`;
  });
  const evidence = [quote(facts, 'host.listeners', 'listeners')];
  const sentence = `${capital(list(said))}${host.complete ? '' : '; processes of other users could not all be seen'}.`;
  const absent = views.filter(({ port }) => listenersOn(facts, port).length === 0);
  const missing = absent.length > 0 && host.complete;
  const foreign = views.some(({ port }) => foreignHolder(facts, port) !== undefined);
  if (!missing && !foreign) return pass(sentence, ...evidence);
  if (!foreign && absent.every((view) => view.assumed))
    return cannot(`${sentence.slice(0, -1)}, where the ports were assumed.`, ...evidence);
  const byHand = views.map(({ port }) => `ss -ltnp 'sport = :${port}'`).join('; ');
  return fail({ sentence, expected: 'the Connect worker on each of them', byHand, evidence });
}

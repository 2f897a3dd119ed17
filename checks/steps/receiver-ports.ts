import { defineCheck } from '../check.ts';
import { quote } from '../derive/evidence.ts';
import { intruder } from '../derive/own-port.ts';
import { at, receiverViews } from '../derive/receivers.ts';
import type { ReceiverView } from '../derive/receivers.ts';
import { capital } from '../derive/words.ts';
import { cannot, fail, pass, skip } from '../derive/verdict.ts';
import { connectorView, mayHaveOpenPorts } from '../derive/connector.ts';
import { isWorkerDown, isWorkerFrozen, processName } from '../derive/worker.ts';
import type { Facts } from '../facts/index.ts';
import type { Verdict } from '../report.ts';

const EXPECTED = 'HTTP/2 SETTINGS on the gRPC port and 405 to a GET on the HTTP port, from the connector itself';

export const receiverPorts = defineCheck({
  id: 'receiver-ports',
  heading: 'Incident Response Decision Tree',
  question: 'Are the OTLP receivers listening?',
  why: 'A line of netstat proves little: it also matches a neighbour port and a client, and says nothing about who listens. Here each port is asked in its own protocol, and its owner is compared where it can be seen.',
  needs: ['receiver.grpc', 'receiver.http', 'target', 'host.listeners'],
  commands: ['netstat -an | grep 4317', 'netstat -an | grep 4318', 'netstat -an | grep -E "4317|4318"'],
  evaluate: (facts) => judge(facts),
});

function judge(facts: Facts): Verdict {
  const views = receiverViews(facts);
  const looked = views.filter((view) => !['off', 'skipped', 'unknown'].includes(view.state));
  const evidence = looked.map((view) => quote(facts, view.fact));
  const all = `${views.map((view) => said(facts, view)).join(', ')}.`;
  const byHand = views.map((view) => `ss -ltnp 'sport = :${view.address?.port ?? (view.transport === 'grpc' ? 4317 : 4318)}'`).join('; ');
  if (looked.length === 0) {
    if (views.every((view) => view.state === 'off'))
      return fail({ sentence: all, expected: 'at least one receiver switched on', byHand, evidence });
    return views.some((view) => view.state === 'unknown') ? cannot(all) : skip(all);
  }
  if (!mayHaveOpenPorts(connectorView(facts)) && looked.some((view) => view.state === 'serves'))
    return fail({
      sentence: `${capital(all).slice(0, -1)}; what answers is not this connector, whose task is down.`,
      expected: EXPECTED,
      byHand,
      evidence,
    });
  const served = looked.filter((view) => view.state === 'serves' && intruder(facts, view) === undefined);
  if (served.length === looked.length) return pass(capital(all), ...evidence);
  const isGuess = (view: ReceiverView): boolean =>
    view.assumed && ['refused', 'filtered', 'unnamed', 'silent'].includes(view.state) && intruder(facts, view) === undefined;
  const guessing = connectorView(facts).status === undefined && looked.every((view) => served.includes(view) || isGuess(view));
  if (guessing && !isWorkerDown(facts) && !isWorkerFrozen(facts))
    return cannot(`${capital(all).slice(0, -1)}, at an address that was assumed.`, ...evidence);
  return fail({ sentence: capital(all), expected: EXPECTED, byHand, evidence });
}

const said = (facts: Facts, view: ReceiverView): string => {
  const other = intruder(facts, view);
  const where = view.state === 'refused' || view.state === 'filtered' ? `${view.label} ${at(view)}` : view.name;
  return `${where} ${view.saw}${other === undefined ? '' : ` (held by ${processName(other)}, not by the worker)`}`;
};

import type { Facts } from '../facts/index.ts';
import type { Verdict } from '../report.ts';
import { connectorView, mayHaveOpenPorts } from './connector.ts';
import { quote } from './evidence.ts';
import { intruder } from './own-port.ts';
import { at, receiverView } from './receivers.ts';
import type { ReceiverView, Transport } from './receivers.ts';
import { span } from './words.ts';
import { cannot, fail, pass, skip } from './verdict.ts';
import { isWorkerDown, isWorkerFrozen, processName } from './worker.ts';

/** The verdict on one receiver's port. An address that nobody named says nothing by refusing. */
export function judgeReceiver(facts: Facts, transport: Transport, expected: string, byHand: (view: ReceiverView) => string): Verdict {
  const view = receiverView(facts, transport);
  const evidence = [quote(facts, view.fact)];
  if (view.state === 'off') return skip(`${view.label} is switched off by configuration.`);
  if (view.state === 'skipped') return skip(`${view.label} ${view.saw}.`);
  if (view.state === 'unknown') return cannot(`${view.label} ${view.saw}.`);
  const holder = intruder(facts, view);
  const held = holder === undefined ? '' : `; the port is held by ${processName(holder)}, not by the worker`;
  const sentence = `${view.label} at ${at(view)} ${view.saw}${view.state === 'serves' ? ` (${span(facts[view.fact].ms)})` : ''}${held}.`;
  if (view.state === 'serves' && !mayHaveOpenPorts(connectorView(facts)))
    return fail({
      sentence: `${sentence.slice(0, -1)}, but it is not this connector: its task is down.`,
      expected,
      byHand: byHand(view),
      evidence,
    });
  if (view.state === 'serves' && holder === undefined) return pass(sentence, ...evidence);
  const told = isWorkerDown(facts) || isWorkerFrozen(facts) || connectorView(facts).status !== undefined;
  const guess = view.assumed && !told && view.state !== 'foreign' && holder === undefined;
  return guess
    ? cannot(`${sentence.slice(0, -1)}, and the address was assumed.`, ...evidence)
    : fail({ sentence, expected, byHand: byHand(view), evidence });
}

import type { Rule } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { connectorCall } from '../derive/commands.ts';
import { connectorView, expectedState } from '../derive/connector.ts';
import { evidenceOf, quote } from '../derive/evidence.ts';
import { failedWith } from '../derive/failure.ts';
import { receiverViews } from '../derive/receivers.ts';
import { lookAgain, remedy, restartAct, resumeAct } from '../derive/remedy.ts';
import { flowOf } from '../derive/series.ts';
import { capital, count, list, span } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { OverallStatus } from '../report.ts';
import type { Thresholds } from '../thresholds.ts';
import { INTAKE_STEPS, QUEUE_IDS, QUEUE_STEPS, STATE_STEPS, TASK_ECHOES, TRAFFIC_IDS } from './echoes.ts';

export const connectorFailed = defineRule({
  id: 'connector-failed',
  layer: 'connector',
  scope: 'target',
  status: 'critical',
  explains: TASK_ECHOES,
  heading: 'Issue: Connector Not Running',
  meaning:
    'The connector object itself failed to start, for a cause that is not one of the known ones; the deepest "Caused by" of its trace names it.',
  when({ facts }) {
    const failure = failedWith(facts, 'connector-failed');
    return failure === undefined
      ? undefined
      : {
          sentence: `${connectorView(facts).name ?? 'The connector'} failed to start: ${failure.cause === '' ? 'no trace is shown' : failure.cause}.`,
          evidence: failure.evidence,
        };
  },
  remedies: ({ facts }) => [
    remedy('Read its whole trace, correct what it names.', connectorCall(facts, 'GET', '/status')),
    restartAct(facts, 'Then start it again, its task with it.'),
  ],
});

const isBridge = (facts: Facts): boolean => seen(facts, 'target')?.kind === 'bridge';

/** A pause that is wanted is no fault; what is lost in it is. */
const statusOfLoss = (percent: number, { lossCriticalPercent }: Thresholds): OverallStatus =>
  percent > lossCriticalPercent ? 'critical' : percent > 0 ? 'warning' : 'ok';

export const connectorPaused = defineRule({
  id: 'connector-paused',
  layer: 'connector',
  scope: 'target',
  status: 'critical',
  explains: [...STATE_STEPS, ...INTAKE_STEPS, ...QUEUE_STEPS, ...QUEUE_IDS, ...TRAFFIC_IDS, 'log-lines'],
  heading: 'Restart Connector',
  meaning:
    'Somebody paused the connector. Pausing stops the reading of the queues only: the receivers go on accepting, the queues fill, and what then comes is dropped, over gRPC with an OK to the sender.',
  when({ facts, thresholds }) {
    const view = connectorView(facts);
    const wanted = expectedState(facts);
    if (view.state !== 'PAUSED') return undefined;
    const flow = flowOf(seen(facts, 'metrics'));
    const lost = flow?.lost ?? 0;
    const open = receiverViews(facts).filter((receiver) => receiver.state === 'serves');
    const doing =
      open.length === 0 ? '' : ` while ${list(open.map((receiver) => receiver.name))} ${open.length === 1 ? 'goes' : 'go'} on accepting`;
    const kind = isBridge(facts) ? 'refused' : 'dropped';
    const losing =
      lost === 0 || flow === undefined
        ? ''
        : `; ${count(lost)} of ${count(flow.offered ?? 0)} messages were ${kind} over ${span(flow.spanMs)}`;
    return {
      sentence: `${view.name ?? 'The connector'} was paused by request: nothing is read from its queues${doing}${losing === '' && open.length > 0 ? `, and once they are full messages are ${kind}` : losing}.`,
      evidence: evidenceOf(
        quote(facts, view.fact, `${view.path}connector.state`),
        flow !== undefined && quote(facts, 'metrics', 'samples', `${flow.lost ?? 'unknown'} lost of ${flow.offered ?? 'unknown'} offered`),
      ),
      status: wanted === 'PAUSED' ? statusOfLoss(flow?.lossPercent ?? 0, thresholds) : 'critical',
      ...(flow?.lost === undefined || flow.lost === null ? {} : { loss: flow.lost }),
    };
  },
  remedies: ({ facts }) => [
    resumeAct(
      facts,
      `Resume it when the pause is over; what is queued is then produced.${isBridge(facts) ? '' : ' A restart instead would discard it.'}`,
    ),
  ],
});

export const connectorStopped = defineRule({
  id: 'connector-stopped',
  layer: 'connector',
  scope: 'target',
  status: 'critical',
  explains: [...TASK_ECHOES, 'task-missing'],
  heading: 'Emergency Shutdown',
  meaning:
    'Somebody stopped the connector: it has no task, its ports are closed and its configuration is kept. Starting it again is up to who stopped it.',
  when({ facts }) {
    const view = connectorView(facts);
    if (view.state !== 'STOPPED') return undefined;
    return {
      sentence: `${view.name ?? 'The connector'} was stopped by request: it has no task, and its ports are closed.`,
      evidence: [quote(facts, view.fact, `${view.path}connector.state`)],
      status: expectedState(facts) === 'STOPPED' ? 'ok' : 'critical',
    };
  },
  remedies: ({ facts }) => [resumeAct(facts, 'Resume it if the stop is over.')],
});

export const stateUnexpected = defineRule({
  id: 'state-unexpected',
  layer: 'connector',
  scope: 'target',
  status: 'warning',
  explains: STATE_STEPS,
  heading: 'Health Check',
  meaning: 'The connector is in another state than --expect says it should be in.',
  when({ facts }) {
    const view = connectorView(facts);
    const wanted = expectedState(facts);
    if (wanted === undefined || view.state !== 'RUNNING' || wanted === view.state) return undefined;
    return {
      sentence: `${capital(view.name ?? 'the connector')} is ${view.state}, and ${wanted} was expected.`,
      evidence: [quote(facts, view.fact, `${view.path}connector.state`), quote(facts, 'run', 'expect')],
    };
  },
  remedies: ({ facts }) => [lookAgain(facts, 'Bring it to that state, or drop the expectation.')],
});

export const CONNECTOR_RULES: readonly Rule[] = [connectorFailed, connectorPaused, connectorStopped, stateUnexpected];

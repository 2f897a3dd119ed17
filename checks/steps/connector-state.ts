import { defineCheck } from '../check.ts';
import { connectorView, expectedState } from '../derive/connector.ts';
import { connectorCall } from '../derive/commands.ts';
import { quote } from '../derive/evidence.ts';
import { causeInOneLine } from '../derive/trace.ts';
import { list } from '../derive/words.ts';
import { cannot, fail, pass, skip, without } from '../derive/verdict.ts';
import { isWorkerLost, isWorkerStarting, kafkaGone } from '../derive/worker.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Verdict } from '../report.ts';

const EXPECTED = 'state RUNNING, shown by a worker that is well';

export const connectorState = defineCheck({
  id: 'connector-state',
  heading: 'Incident Response Decision Tree',
  question: 'Is the connector in state RUNNING?',
  why: 'A worker that lost Kafka, or is gone, leaves the last state standing, so RUNNING is believed only when the worker is well. The task has a state of its own: a connector can be RUNNING while its only task has failed.',
  needs: ['rest.list', 'rest.status', 'rest.health', 'rest.worker', 'target'],
  commands: [
    "curl http://localhost:8083/connectors/<name>/status | jq '.connector.state'",
    'curl -s http://localhost:8083/connectors/<name>/status | jq .',
  ],
  evaluate: (facts) => judge(facts),
});

function judge(facts: Facts): Verdict {
  const view = connectorView(facts);
  const candidates = seen(facts, 'target')?.candidates ?? [];
  const byHand = connectorCall(facts, 'GET', '/status');
  if (view.name === null && candidates.length > 1) return skip(`${list(candidates)} run here: name one with --connector.`);
  if (view.existence === 'unknown') return without(facts, 'rest.list', 'The state');
  if (view.status === undefined) {
    if (isWorkerStarting(facts))
      return cannot('The worker is still starting: it has not read its connectors yet.', quote(facts, 'rest.list'));
    const name = view.name ?? 'An OTLP connector';
    return fail({ sentence: `${name} does not exist on this Connect.`, expected: EXPECTED, byHand, evidence: [quote(facts, 'rest.list')] });
  }
  return judgeStatus(facts, byHand);
}

/** Of the connector object alone: its tasks have a step of their own. */
function judgeStatus(facts: Facts, byHand: string): Verdict {
  const view = connectorView(facts);
  const wanted = expectedState(facts);
  const state = view.state ?? 'unknown';
  const tasks = view.tasks.map((task) => `task ${task.id} ${task.state}`);
  const said = `${view.name ?? 'the connector'} is ${state}, ${tasks.length === 0 ? 'no task' : list(tasks)}`;
  const evidence = [quote(facts, view.fact, `${view.path}connector.state`)];
  const expected = `state ${wanted ?? 'RUNNING'}, shown by a worker that is well`;
  if (wanted !== undefined && wanted === state) return pass(`${said}, as expected.`, ...evidence);
  if (kafkaGone(facts) !== undefined)
    return fail({
      sentence: `${said} by Connect's answer, but the worker has lost Kafka: that state is stale.`,
      expected,
      byHand,
      evidence,
    });
  if (isWorkerLost(facts))
    return fail({
      sentence: `${said} by Connect's answer, but the worker that it names is gone: that state is stale.`,
      expected,
      byHand,
      evidence,
    });
  if (state === 'RUNNING' && wanted === undefined)
    return pass(`${said}, on ${view.status?.connector.worker_id ?? 'its worker'}.`, ...evidence);
  const trace = view.status?.connector.trace ?? '';
  return fail({ sentence: `${said}${trace === '' ? '' : `: ${causeInOneLine(trace)}`}.`, expected, byHand, evidence });
}

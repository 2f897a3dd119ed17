import { defineCheck } from '../check.ts';
import { showStatus } from '../derive/commands.ts';
import { connectorView, expectedState } from '../derive/connector.ts';
import { quote } from '../derive/evidence.ts';
import { list } from '../derive/words.ts';
import { fail, pass, without } from '../derive/verdict.ts';
import { kafkaGone } from '../derive/worker.ts';
import type { Facts } from '../facts/index.ts';
import type { Verdict } from '../report.ts';

export const taskStates = defineCheck({
  id: 'task-states',
  heading: 'Health Check',
  question: 'Is every task RUNNING?',
  why: 'Ports, queues and counters belong to the task, not to the connector object. The first task alone is not all of them, and a connector without a task serves nothing.',
  needs: ['rest.list', 'rest.status'],
  commands: ["curl -s $CONNECT_URL/connectors/$CONNECTOR_NAME/status | jq -r '.tasks[0].state'"],
  evaluate: (facts) => judge(facts),
});

function judge(facts: Facts): Verdict {
  const view = connectorView(facts);
  if (view.status === undefined)
    return view.existence === 'absent'
      ? { status: 'skipped', sentence: 'Tasks: the connector does not exist.', evidence: [] }
      : without(facts, 'rest.list', 'Tasks');
  const byHand = showStatus(facts);
  const evidence = view.tasks.map((_, i) => quote(facts, view.fact, `${view.path}tasks.${i}.state`));
  const wanted = expectedState(facts);
  const expected = `every task ${wanted ?? 'RUNNING'}`;
  if (view.tasks.length === 0) {
    if (wanted === 'STOPPED' && view.state === 'STOPPED') return pass('STOPPED as expected: there is no task.');
    return fail({
      sentence: `${view.name ?? 'The connector'} has no task.`,
      expected,
      byHand,
      evidence: [quote(facts, view.fact, `${view.path}tasks`)],
    });
  }
  const said = `${list(view.tasks.map((task) => `task ${task.id} ${task.state} on ${task.worker_id}`))}`;
  if (!view.tasks.every((task) => task.state === (wanted ?? 'RUNNING'))) return fail({ sentence: `${said}.`, expected, byHand, evidence });
  return kafkaGone(facts) === undefined
    ? pass(`${said}.`, ...evidence)
    : fail({ sentence: `${said}: stale, the worker has stopped it.`, expected, byHand, evidence });
}

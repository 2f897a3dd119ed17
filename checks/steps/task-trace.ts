import { defineCheck } from '../check.ts';
import { showStatus } from '../derive/commands.ts';
import { connectorView } from '../derive/connector.ts';
import { quote } from '../derive/evidence.ts';
import { causes, causeInOneLine } from '../derive/trace.ts';
import { fail, pass, without } from '../derive/verdict.ts';
import type { Facts } from '../facts/index.ts';
import type { Verdict } from '../report.ts';

export const taskTrace = defineCheck({
  id: 'task-trace',
  heading: 'Issue: Connector Not Running',
  question: 'Does the connector or a task show an error?',
  why: 'The cause of a failure stands in the deepest "Caused by" of the trace; it is the connector\'s own trace when it never got as far as a task.',
  needs: ['rest.list', 'rest.status'],
  commands: ["curl -s http://localhost:8083/connectors/<name>/status | jq '.tasks[0].trace'"],
  evaluate: (facts) => judge(facts),
});

function judge(facts: Facts): Verdict {
  const view = connectorView(facts);
  if (view.status === undefined)
    return view.existence === 'absent'
      ? { status: 'skipped', sentence: 'Traces: the connector does not exist.', evidence: [] }
      : without(facts, 'rest.list', 'Traces');
  const index = view.tasks.findIndex((task) => (task.trace ?? '') !== '');
  const trace = index >= 0 ? view.tasks[index]?.trace : view.status.connector.trace;
  if (trace === undefined || trace === '')
    return pass(
      `Neither the connector nor ${view.tasks.length === 1 ? 'its task' : 'a task'} shows an error.`,
      quote(facts, view.fact, `${view.path}connector.state`),
    );
  const where = index >= 0 ? `tasks.${index}.trace` : 'connector.trace';
  return fail({
    sentence: `${index >= 0 ? `Task ${view.tasks[index]?.id ?? 0}` : 'The connector'} failed: ${causeInOneLine(trace)}.`,
    expected: 'no trace',
    byHand: showStatus(facts),
    evidence: [quote(facts, view.fact, `${view.path}${where}`, causes(trace).join('\nCaused by: '))],
  });
}

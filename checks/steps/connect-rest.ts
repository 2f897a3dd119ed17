import { defineCheck } from '../check.ts';
import { connectUrl, curl } from '../derive/commands.ts';
import { quote } from '../derive/evidence.ts';
import { restView } from '../derive/rest.ts';
import { span } from '../derive/words.ts';
import { cannot, pass, without } from '../derive/verdict.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Verdict } from '../report.ts';

export const connectRest = defineCheck({
  id: 'connect-rest',
  heading: 'Quick Commands Reference',
  question: "Does Connect's REST interface answer?",
  why: 'Everything about state is read through it. When it cannot be read the state is not known: that is neither RUNNING nor stopped.',
  needs: ['rest.root', 'rest.list', 'rest.status'],
  commands: ['curl -s http://localhost:8083/connectors/<name>/status | jq .'],
  evaluate: (facts) => judge(facts),
});

function judge(facts: Facts): Verdict {
  const rest = restView(facts);
  if (rest.state === 'answers') {
    const root = seen(facts, 'rest.root');
    const version = root === undefined ? 'Connect' : `Connect ${root.version}`;
    return pass(`${version} answers at ${connectUrl(facts)} in ${span(facts[rest.fact].ms)}.`, quote(facts, 'rest.root', 'version'));
  }
  if (rest.failed === undefined) return without(facts, 'rest.list', 'Connect REST');
  return {
    ...cannot(`Connect at ${rest.url} could not be read: ${rest.failed.detail}.`, quote(facts, rest.fact)),
    expected: 'JSON of Kafka Connect',
    byHand: curl(`${rest.url}/`, '-i'),
  };
}

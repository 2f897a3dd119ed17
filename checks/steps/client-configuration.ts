import { defineCheck } from '../check.ts';
import { clientProblems } from '../derive/client-problems.ts';
import { clientView } from '../derive/client.ts';
import { exportLines } from '../derive/client-words.ts';
import { quote } from '../derive/evidence.ts';
import { pass, skip, warn, without } from '../derive/verdict.ts';
import { isUnasked, seen } from '../facts/index.ts';

export const clientConfiguration = defineCheck({
  id: 'client-configuration',
  heading: 'Issue 2: No Messages Received',
  question: 'Does this client send to this target, in a way that it understands?',
  why: 'A client that sends elsewhere, by the wrong protocol or not at all is nowhere to be seen on the target: its own variables tell, and its own errors.',
  needs: ['client.env', 'client.error', 'target', 'receiver.grpc', 'receiver.http'],
  commands: ['env | grep OTEL_EXPORTER_OTLP'],
  evaluate(facts) {
    const env = facts['client.env'];
    const error = facts['client.error'];
    if (isUnasked(env) && isUnasked(error)) return without(facts, 'client.env', "A client's settings");
    if (seen(facts, 'client.env') === undefined && isUnasked(error)) return without(facts, 'client.env', "A client's settings");
    const [problem] = clientProblems(facts).filter(({ status }) => status !== 'ok');
    if (problem !== undefined)
      return warn({
        sentence: problem.sentence,
        expected: 'a client that exports over OTLP to a receiver of this target',
        byHand: 'env | grep -i -e OTEL_ -e _proxy',
        evidence: problem.evidence,
      });
    if (clientView(facts).said?.trouble === 'answered')
      return pass(
        'The client got through: it calls the answer out of specification, for this connector answers in JSON whatever was sent.',
        quote(facts, 'client.error', 'lines'),
      );
    if (seen(facts, 'client.env') === undefined)
      return skip('What the client says names no cause that is known here: its environment would tell more (give --client-env FILE).');
    return pass(`The client sends ${exportLines(facts, clientView(facts).exports)}.`, quote(facts, 'client.env', 'place'));
  },
});

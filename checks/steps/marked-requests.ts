import { defineCheck } from '../check.ts';
import { quote } from '../derive/evidence.ts';
import { otlpctl } from '../derive/commands.ts';
import { LABEL } from '../derive/receivers.ts';
import { pass, warn, fail, without } from '../derive/verdict.ts';
import { count, list, oneLine, span } from '../derive/words.ts';
import type { ActiveSend } from '../facts/index.ts';
import { seen } from '../facts/index.ts';

/** Told to come again: the receiver is well, and full or stopping. Source: OTLP specification, "Failures". */
const COME_AGAIN = ['UNAVAILABLE', '503', '429'];

const over = (sends: readonly ActiveSend[]): string => {
  const byTransport = Map.groupBy(sends, ({ transport }) => transport);
  return list([...byTransport].map(([transport, some]) => `${list(some.map(({ signal }) => signal))} over ${LABEL[transport]}`));
};

export const markedRequests = defineCheck({
  id: 'marked-requests',
  heading: 'Issue 2: No Messages Received',
  question: 'Are requests of each signal taken over each protocol?',
  why: 'A port that answers does not prove that data is taken. With --active one marked request of each signal goes over each protocol, and becomes a record on its topic.',
  needs: ['active'],
  commands: ['otel-cli exec --endpoint http://localhost:4318 --service my-test-service -- echo "test"'],
  evaluate(facts) {
    const look = seen(facts, 'active');
    if (look === undefined) return without(facts, 'active', 'Marked requests');
    const taken = look.sends.filter(({ ok }) => ok);
    const left = look.sends.filter(({ ok }) => !ok);
    const [first] = left;
    if (first === undefined)
      return pass(
        `${count(taken.length)} marked requests were taken: ${over(taken)}, in ${span(Math.max(...taken.map(({ ms }) => ms)))} at most (otlpctl-send-${look.run}).`,
        quote(facts, 'active', 'sends'),
      );
    const said = first.said === '' ? '' : `: ${oneLine(first.said, 120)}`;
    const fault = {
      sentence: `Of ${count(look.sends.length)} marked requests ${count(left.length)} ${left.length === 1 ? 'was' : 'were'} not taken: ${over(left)}, answered ${first.code}${said}.`,
      expected: 'every request taken (200, OK)',
      byHand: otlpctl(facts, `send ${first.signal} --protocol ${first.transport === 'grpc' ? 'grpc' : 'http/protobuf'}`),
      evidence: [quote(facts, 'active', 'sends')],
    };
    return left.every(({ code }) => COME_AGAIN.includes(code)) ? warn(fault) : fail(fault);
  },
});

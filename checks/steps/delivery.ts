import { defineCheck } from '../check.ts';
import { deliveredOf } from '../derive/delivery.ts';
import { quote } from '../derive/evidence.ts';
import { kafkaTool } from '../derive/kafka.ts';
import { flowOf } from '../derive/series.ts';
import { stallOf } from '../derive/stall.ts';
import { count, list, span } from '../derive/words.ts';
import { fail, pass, skip, without } from '../derive/verdict.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Verdict } from '../report.ts';

export const delivery = defineCheck({
  id: 'delivery',
  heading: 'Issue 4: Processing Lag Building Up',
  question: 'Do the records arrive on the topics?',
  why: "RecordsProduced counts what was handed to Connect. A topic's end offset is the last word on what is in Kafka, and it needs no metrics of the worker.",
  needs: ['kafka.offsets', 'metrics'],
  commands: ['kafka-get-offsets --bootstrap-server localhost:9092 --topic otlp-traces'],
  evaluate: (facts) => judge(facts),
});

function judge(facts: Facts): Verdict {
  if (seen(facts, 'kafka.offsets') === undefined) return without(facts, 'kafka.offsets', 'Arrival on the topics');
  const delivered = deliveredOf(facts);
  if (delivered === undefined) return skip("Arrival on the topics needs two readings of this connector's own topics, a window apart.");
  const flow = flowOf(seen(facts, 'metrics'));
  const { records, byTopic, spanMs } = delivered;
  const accepted = flow === undefined || flow.received === null ? '' : ` while ${count(flow.received)} messages were accepted`;
  const evidence = [quote(facts, 'kafka.offsets', 'samples', list(Object.entries(byTopic).map(([name, n]) => `${name} +${n}`)))];
  const stall = stallOf(facts);
  if (records === 0 && stall !== undefined)
    return fail({
      sentence: `No record arrived on the topics over ${span(spanMs)}${accepted}; ${count(stall.stuck)} wait.`,
      expected: 'end offsets that grow while messages come in',
      byHand: kafkaTool(facts, 'kafka-get-offsets', '--topic', Object.keys(byTopic)[0] ?? 'otlp-traces'),
      evidence,
    });
  const grew = Object.entries(byTopic).filter(([, n]) => n > 0);
  const where = grew.length === 0 ? '' : ` (${list(grew.map(([name, n]) => `${name} +${count(n)}`))})`;
  return pass(
    `${count(records)} ${records === 1 ? 'record' : 'records'} arrived on the topics over ${span(spanMs)}${where}${accepted}.`,
    ...evidence,
  );
}

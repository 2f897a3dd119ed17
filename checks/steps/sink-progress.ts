import { defineCheck } from '../check.ts';
import { otlpctl } from '../derive/commands.ts';
import { quote } from '../derive/evidence.ts';
import { acknowledged, inFlight } from '../derive/jmx.ts';
import { flowOf } from '../derive/series.ts';
import { stallOf } from '../derive/stall.ts';
import { count, span } from '../derive/words.ts';
import { fail, pass, skip, without } from '../derive/verdict.ts';
import { seen } from '../facts/index.ts';
import type { Facts } from '../facts/index.ts';
import type { Verdict } from '../report.ts';

export const sinkProgress = defineCheck({
  id: 'sink-progress',
  heading: 'Issue 4: Processing Lag Building Up',
  question: 'Does Kafka acknowledge what is accepted?',
  why: "RecordsProduced counts what was handed to Connect, not what Kafka acknowledged: up to 32 MiB can wait in the producer behind it. Connect's own source-record-write-total counts the acknowledged ones.",
  needs: ['metrics', 'jmx.task'],
  commands: ['curl http://localhost:8083/connectors/otlp-source/status'],
  evaluate: (facts) => judge(facts),
});

function judge(facts: Facts): Verdict {
  const flow = flowOf(seen(facts, 'metrics'));
  if (flow === undefined)
    return seen(facts, 'metrics') === undefined
      ? without(facts, 'metrics', 'Progress to Kafka')
      : skip('Progress to Kafka needs a window of two readings.');
  const written = acknowledged(facts);
  const waiting = inFlight(facts);
  const evidence = [
    quote(facts, 'metrics', 'samples', `RecordsProduced +${flow.produced ?? 'unknown'}`),
    ...(written === null ? [] : [quote(facts, 'jmx.task', 'samples', `source-record-write-total +${written}`)]),
  ];
  const over = `over ${span(flow.spanMs)}`;
  const done = written === null ? `${count(flow.produced ?? 0)} records were handed on` : `Kafka acknowledged ${count(written)} records`;
  const moved = written ?? flow.produced;
  if (moved === null) return without(facts, 'jmx.task', 'Progress to Kafka');
  if (moved > 0 || stallOf(facts) === undefined)
    return pass(
      `${done.charAt(0).toUpperCase()}${done.slice(1)} ${over} while ${count(flow.received ?? 0)} messages were accepted${waiting === undefined ? '' : `; ${count(waiting)} are on their way`}.`,
      ...evidence,
    );
  return fail({
    sentence: `${written === null ? 'No record was handed on' : 'Kafka acknowledged no record'} ${over} while ${count(flow.offered ?? 0)} messages were offered${waiting === undefined ? '' : `; ${count(waiting)} are on their way`}.`,
    expected: 'records acknowledged while messages come in',
    byHand: otlpctl(facts, 'metrics'),
    evidence,
  });
}

import { defineCheck } from '../check.ts';
import { quote } from '../derive/evidence.ts';
import { backlogOf, backlogTime } from '../derive/queue.ts';
import { count, span } from '../derive/words.ts';
import { cannot, pass, without } from '../derive/verdict.ts';
import { isFailed, seen } from '../facts/index.ts';
import type { ConnectorMetrics, Facts } from '../facts/index.ts';
import type { Verdict } from '../report.ts';

export const metricsSource = defineCheck({
  id: 'metrics-source',
  heading: 'Key JMX Metrics',
  question: "Can the connector's metrics be read, and which of them are there?",
  why: 'A missing series reads as 0 in many tools and then as "no traffic". What is absent is said to be absent, and gauges that never move are not read.',
  needs: ['metrics', 'log'],
  commands: ['jconsole', 'Check JMX: io.conduktor.connect.otel:type=OpenTelemetryConnector,name=<connector-name>'],
  evaluate: (facts) => judge(facts),
});

const KIND = { bridge: "the bridge's metrics", jolokia: 'Jolokia', jmx: 'JMX', prometheus: 'a Prometheus exporter' } as const;

/** Other sources that were given: compared with this one, or not to be read. */
const othersOf = ({ others = [] }: ConnectorMetrics): string =>
  others.map(({ source, detail }) => (detail === undefined ? `; ${source} was read too` : `; ${source} is not used (${detail})`)).join('');

/** The last resort, where the log has it: the queues, and what was produced since the start; no rates. */
function withLog(facts: Facts, verdict: Verdict): Verdict {
  const backlog = backlogOf(facts);
  const produced = seen(facts, 'log')?.events['task_metrics']?.fields['records_produced'];
  if (backlog === undefined || produced === undefined) return verdict;
  const sentence = `${verdict.sentence} ${count(Number(produced))} records were produced and ${count(backlog.messages)} messages waited${backlogTime(facts, backlog)}; rates and losses are not known.`;
  return { ...verdict, sentence, evidence: [...verdict.evidence, quote(facts, 'log', 'events.task_metrics.fields')] };
}

function judge(facts: Facts): Verdict {
  const metrics = seen(facts, 'metrics');
  const fact = facts.metrics;
  if (metrics === undefined) {
    const gone = isFailed(fact) && fact.failure === 'absent';
    return gone
      ? cannot(`The metrics source answers and does not have this connector's series: ${fact.detail}.`, quote(facts, 'metrics'))
      : withLog(facts, without(facts, 'metrics', 'Metrics'));
  }
  const [first, last] = [metrics.samples[0], metrics.samples.at(-1)];
  if (first === undefined || last === undefined) return cannot(`${metrics.url} gave no reading.`, quote(facts, 'metrics'));
  const own = metrics.samples.length - (metrics.before?.readings ?? 0);
  const overMs = last.at - first.at;
  const over =
    metrics.before !== undefined
      ? `${own === 1 ? 'one reading' : `${own} readings`}, and ${count(metrics.before.readings)} of ${span(overMs)} before from ${metrics.before.source}`
      : own < 2
        ? 'one reading'
        : `${own} readings over ${span(overMs)}`;
  const absent = metrics.absent.length === 0 ? '' : `; absent: ${metrics.absent.join(', ')}`;
  const dead = metrics.dead.length === 0 ? '' : `; ${count(metrics.dead.length)} gauges always read 0 and are not used`;
  return pass(
    `${KIND[metrics.kind]} at ${metrics.url}: ${count(Object.keys(last.values).length)} attributes, ${over}${absent}${dead}${othersOf(metrics)}.`,
    quote(facts, 'metrics', 'kind'),
  );
}

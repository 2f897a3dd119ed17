import { defineCheck } from '../check.ts';
import { quote } from '../derive/evidence.ts';
import { findings, isRecent, kindOf } from '../derive/log.ts';
import { troublesByHand } from '../derive/log-by-hand.ts';
import { clock, count, oneLine } from '../derive/words.ts';
import { pass, warn, without } from '../derive/verdict.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Verdict } from '../report.ts';

export const logLines = defineCheck({
  id: 'log-lines',
  heading: 'Incident Response Decision Tree',
  question: 'Is the log free of errors since the task last started?',
  why: 'The last fifty matches of ERROR or WARN mix old trouble, other connectors and lines of every healthy start. Only lines since the last start count, and only those that are not known to be harmless.',
  needs: ['log'],
  commands: [
    'grep "ERROR\\|WARN" $KAFKA_HOME/logs/connect.log | tail -50',
    'tail -100 $KAFKA_HOME/logs/connect.log | grep -E "OpenTelemetry|ERROR|WARN"',
    'grep "ERROR" $KAFKA_HOME/logs/connect.log',
  ],
  evaluate: (facts) => judge(facts),
});

/** Lines about which a diagnosis of its own speaks, and which are a fault in themselves when they are fresh. */
const FAULTS = /event=(otlp_receiver_start_failed|http_(trace|metrics|logs)_error|tls_not_implemented)|Task threw an uncaught/;

function judge(facts: Facts): Verdict {
  const log = seen(facts, 'log');
  if (log === undefined) return without(facts, 'log', 'The log');
  const since = log.startedAt === null ? `in the ${count(log.lines)} lines read` : `since the task started at ${clock(log.startedAt)}`;
  const bad = [
    ...log.troubles.filter((t) => kindOf(t) === 'told-elsewhere' && FAULTS.test(t.message) && isRecent(facts, t.lastAt)),
    ...findings(log),
  ];
  const harmless = log.troubles.filter((t) => kindOf(t) === 'harmless').reduce((sum, t) => sum + t.count, 0);
  const quiet = harmless === 0 ? 'none at all' : `${count(harmless)} of kinds known to be harmless`;
  const first = bad[0];
  if (first === undefined) return pass(`${log.place}: no error ${since} (ERROR and WARN lines: ${quiet}).`, quote(facts, 'log', 'lines'));
  const lines = bad.reduce((sum, t) => sum + t.count, 0);
  return warn({
    sentence: `${log.place}: ${count(lines)} ERROR or WARN ${lines === 1 ? 'line' : 'lines'} ${since}, first: ${oneLine(first.message, 140)}${first.cause === undefined ? '' : ` (${oneLine(first.cause, 100)})`}.`,
    expected: 'no ERROR lines, and no WARN lines of the connector beside harmless ones',
    byHand: troublesByHand(facts),
    evidence: [quote(facts, 'log', `troubles.${log.troubles.indexOf(first)}.message`)],
  });
}

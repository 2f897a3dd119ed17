import { defineCheck } from '../check.ts';
import { quote } from '../derive/evidence.ts';
import { historyTrouble } from '../derive/history.ts';
import { flowOf, perSecond } from '../derive/series.ts';
import { cannot, pass, without } from '../derive/verdict.ts';
import { count, percent, rate, span } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Verdict } from '../report.ts';

export const metricsHistory = defineCheck({
  id: 'metrics-history',
  heading: 'Counter Metrics',
  question: 'What was before this look, as a Prometheus kept it?',
  why: 'A window of seconds does not tell an idle minute from senders that stopped, nor loss that is over from none. What is past is said here and is no finding by itself; with a single reading the last five minutes make the rates.',
  needs: ['prometheus.history', 'metrics'],
  commands: [],
  evaluate: judge,
});

function judge(facts: Facts): Verdict {
  const history = seen(facts, 'prometheus.history');
  if (history === undefined) return without(facts, 'prometheus.history', 'History');
  const trouble = historyTrouble(facts);
  const evidence = quote(facts, 'prometheus.history', 'samples', history.samples.length);
  if (trouble !== undefined) return cannot(`History: ${trouble}.`, evidence);
  const flow = flowOf(history);
  const kept = `Prometheus has ${count(history.samples.length)} readings`;
  if (flow === undefined) return cannot(`${kept} of the last ${span(history.until - history.from)}, and two make a rate.`, evidence);
  const over = `${kept} over ${span(flow.spanMs)}`;
  if (flow.offered === null || flow.lost === null)
    return cannot(`${over}, without all counters of received and dropped messages.`, evidence);
  const lost =
    flow.lost === 0 || flow.lossPercent === null
      ? '0 lost'
      : `${count(flow.lost)} of ${count(flow.offered)} lost (${percent(flow.lossPercent)})`;
  const began = flow.restarts === 0 ? '' : `; the counters began anew ${flow.restarts === 1 ? 'once' : `${flow.restarts} times`}`;
  return pass(`${over}: ${rate(perSecond(flow.offered, flow))} messages/s were offered, ${lost}${began}.`, evidence);
}

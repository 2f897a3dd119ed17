import { defineCheck } from '../check.ts';
import { otlpctl } from '../derive/commands.ts';
import { backlogEvidence, backlogOf, backlogTime } from '../derive/queue.ts';
import { flowOf, perSecond } from '../derive/series.ts';
import { stallOf } from '../derive/stall.ts';
import { count, rate, span } from '../derive/words.ts';
import { fail, pass, warn, without } from '../derive/verdict.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Verdict } from '../report.ts';
import type { Thresholds } from '../thresholds.ts';

export const produceLag = defineCheck({
  id: 'produce-lag',
  heading: 'Derived Metrics',
  question: 'Is the writing to Kafka lagging behind?',
  why: 'TotalLagCount is what waits in the queues: it cannot pass three queue sizes, so a limit of 10000 is out of reach for one busy signal. Output that stands still while messages come in says more than any limit.',
  needs: ['metrics', 'target', 'log'],
  commands: ['Check lag: TotalMessagesReceived - RecordsProduced > 10000'],
  evaluate: (facts, thresholds) => judge(facts, thresholds),
});

function judge(facts: Facts, thresholds: Thresholds): Verdict {
  const backlog = backlogOf(facts);
  if (backlog === undefined) return without(facts, 'metrics', 'Lag');
  const flow = flowOf(seen(facts, 'metrics'));
  const evidence = [backlogEvidence(facts, backlog, `${count(backlog.messages)} received and not produced`)];
  const byHand = otlpctl(facts, 'metrics');
  const lag = `${count(backlog.messages)} messages are received and not produced${backlogTime(facts, backlog)}`;
  if (flow !== undefined && stallOf(facts)?.where === 'queued')
    return fail({
      sentence: `Nothing was produced over ${span(flow.spanMs)} while ${count(flow.offered ?? 0)} messages were offered; ${lag}.`,
      expected: 'records produced while messages come in',
      byHand,
      evidence,
    });
  const growth = backlog.growthPerSecond;
  const moving =
    growth === null || flow === undefined
      ? ''
      : `, ${growth > 0 ? 'growing' : growth < 0 ? 'falling' : 'changing'} by ${rate(Math.abs(growth))}/s; ${rate(perSecond(flow.produced ?? 0, flow))}/s are produced`;
  const sentence = `${lag}${moving}.`;
  if (backlog.messages > thresholds.lagWarnMessages && (growth === null || growth >= 0))
    return warn({ sentence, expected: `at most ${count(thresholds.lagWarnMessages)} waiting`, byHand, evidence });
  return pass(sentence, ...evidence);
}

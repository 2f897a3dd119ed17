import { defineCheck } from '../check.ts';
import { otlpctl } from '../derive/commands.ts';
import { quote } from '../derive/evidence.ts';
import { limitWords } from '../derive/held-bytes.ts';
import { dropped, flowOf, refused } from '../derive/series.ts';
import { count, percent, span } from '../derive/words.ts';
import { cannot, fail, pass, skip, warn, without } from '../derive/verdict.ts';
import { seen } from '../facts/index.ts';
import type { Facts } from '../facts/index.ts';
import type { Verdict } from '../report.ts';
import type { Thresholds } from '../thresholds.ts';

export const dropRate = defineCheck({
  id: 'drop-rate',
  heading: 'Derived Metrics',
  question: 'What share of the offered messages is lost?',
  why: "The connector's own DropRate divides by accepted messages over its whole life: it passes 100, reads 0 when everything is dropped, and hides fresh loss behind old success. Loss is counted here over the window, of what was offered.",
  needs: ['metrics'],
  commands: ['otlp_DropRate > 1', 'jconsole'],
  evaluate: (facts, thresholds) => judge(facts, thresholds),
});

function judge(facts: Facts, thresholds: Thresholds): Verdict {
  const metrics = seen(facts, 'metrics');
  const last = metrics?.samples.at(-1);
  if (metrics === undefined || last === undefined) return without(facts, 'metrics', 'Loss');
  const thrown = dropped(last);
  const soFar = thrown === undefined ? '' : `; ${count(thrown + (refused(last) ?? 0))} since the counters began`;
  const flow = flowOf(metrics);
  const evidence = [quote(facts, 'metrics', `samples.${metrics.samples.length - 1}.values.TotalMessagesDropped`, thrown ?? null)];
  if (flow === undefined) return skip(`Loss needs a window of two readings${soFar}.`, ...evidence);
  if (flow.lost === null || flow.offered === null)
    return cannot('Loss: the source does not have all counters of received and dropped messages.', quote(facts, 'metrics', 'absent'));
  if (flow.lost === 0)
    return pass(`0 of ${count(flow.offered)} offered messages were lost over ${span(flow.spanMs)}${soFar}.`, ...evidence);
  const share = flow.lossPercent ?? 0;
  const told =
    (flow.refused ?? 0) === 0
      ? 'dropped'
      : (flow.dropped ?? 0) === 0
        ? `refused${limitWords(flow)}, and their senders told so`
        : `dropped or refused${limitWords(flow)}`;
  const fault = {
    sentence: `${count(flow.lost)} of ${count(flow.offered)} offered messages (${percent(share)}) were ${told} over ${span(flow.spanMs)}${soFar}.`,
    expected: `at most ${thresholds.lossCriticalPercent} % of the offered messages lost`,
    byHand: otlpctl(facts, 'metrics'),
    evidence,
  };
  return share > thresholds.lossCriticalPercent ? fail(fault) : warn(fault);
}

import { defineCheck } from '../check.ts';
import { expects } from '../derive/connector.ts';
import { quote } from '../derive/evidence.ts';
import { stillMs } from '../derive/history.ts';
import { flowOf, perSecond, received } from '../derive/series.ts';
import { count, rate, span } from '../derive/words.ts';
import { cannot, fail, pass, skip, without } from '../derive/verdict.ts';
import { otlpctl } from '../derive/commands.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Verdict } from '../report.ts';
import type { Thresholds } from '../thresholds.ts';

export const messageIntake = defineCheck({
  id: 'message-intake',
  heading: 'Incident Response Decision Tree',
  question: 'Are messages being received?',
  why: 'The received counters count accepted messages only: behind a full queue they stand still while senders go on. So accepted, dropped and refused are taken together, and stillness is a fault only where traffic is expected.',
  needs: ['metrics'],
  commands: ['Check JMX: io.conduktor.connect.otel:*/TotalMessagesReceived'],
  evaluate: (facts, thresholds) => judge(facts, thresholds),
});

function judge(facts: Facts, thresholds: Thresholds): Verdict {
  const metrics = seen(facts, 'metrics');
  const last = metrics?.samples.at(-1);
  if (metrics === undefined || last === undefined) return without(facts, 'metrics', 'Intake');
  const total = received(last);
  const flow = flowOf(metrics);
  const quoted = quote(facts, 'metrics', `samples.${metrics.samples.length - 1}.values.TotalMessagesReceived`, total ?? null);
  if (flow === undefined)
    return skip(
      `Intake needs a window of two readings${total === undefined ? '' : `; ${count(total)} messages since the counters began`}.`,
      quoted,
    );
  if (flow.offered === null || total === undefined)
    return cannot('Intake: the source does not have all counters of received and dropped messages.', quote(facts, 'metrics', 'absent'));
  const seenOver = `over ${span(flow.spanMs)}`;
  if (flow.offered > 0) {
    const lost = flow.lost ?? 0;
    return pass(
      `${rate(perSecond(flow.offered, flow))} messages/s were offered and ${rate(perSecond(flow.received ?? 0, flow))}/s accepted ${seenOver}, ${count(lost)} lost.`,
      quoted,
    );
  }
  const stood = stillMs(facts, flow);
  const still = expects(facts, 'traffic') || stood >= thresholds.stillSeconds * 1000;
  const sentence = `Nothing arrived over ${span(stood)}; ${count(total)} messages since the counters began`;
  if (!still) return pass(`${sentence}. That is a fault only where traffic is expected (--expect traffic).`, quoted);
  return {
    ...fail({ sentence: `${sentence}.`, expected: 'messages arriving', byHand: otlpctl(facts, 'metrics'), evidence: [quoted] }),
    status: 'warning',
  };
}

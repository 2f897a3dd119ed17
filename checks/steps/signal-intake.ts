import { defineCheck } from '../check.ts';
import { quote } from '../derive/evidence.ts';
import { flowOf, perSecond } from '../derive/series.ts';
import { capital, count, list, rate, span } from '../derive/words.ts';
import { pass, skip, without } from '../derive/verdict.ts';
import { seen } from '../facts/index.ts';
import type { Facts } from '../facts/index.ts';
import { SIGNAL, SIGNALS } from '../../proto/vocabulary/signals.ts';
import type { Verdict } from '../report.ts';

export const signalIntake = defineCheck({
  id: 'signal-intake',
  heading: 'Counter Metrics',
  question: 'Which signals arrive, and how many messages of each?',
  why: 'Traces, metrics and logs have a queue and a counter each. A signal that nobody sends is no fault; one that used to come and stopped may be.',
  needs: ['metrics'],
  commands: ['Check JMX: TracesReceived, MetricsReceived, LogsReceived'],
  evaluate: (facts) => judge(facts),
});

function judge(facts: Facts): Verdict {
  const metrics = seen(facts, 'metrics');
  const last = metrics?.samples.at(-1);
  if (metrics === undefined || last === undefined) return without(facts, 'metrics', 'Signals');
  const flow = flowOf(metrics);
  const totals = SIGNALS.map((s) => ({ signal: s, total: last.values[SIGNAL[s].received] }));
  if (totals.every(({ total }) => total === undefined))
    return skip('Signals: the source has no counter for each of them.', quote(facts, 'metrics', 'absent'));
  const said = totals.map(({ signal, total }) => {
    const moved = flow?.signals[signal].received;
    const speed = flow === undefined || moved === null || moved === undefined ? '' : `, ${rate(perSecond(moved, flow))}/s`;
    return `${signal} ${total === undefined ? 'not known' : `${count(total)} accepted${speed}`}`;
  });
  const over = flow === undefined ? ' since the counters began; rates need a window' : ` over ${span(flow.spanMs)}`;
  return pass(
    `${capital(list(said))}${over}.`,
    ...totals.map(({ signal, total }) =>
      quote(facts, 'metrics', `samples.${metrics.samples.length - 1}.values.${SIGNAL[signal].received}`, total ?? null),
    ),
  );
}

import { defineCheck } from '../check.ts';
import { otlpctl } from '../derive/commands.ts';
import { backlogEvidence, backlogOf, backlogTime } from '../derive/queue.ts';
import type { Backlog } from '../derive/queue.ts';
import { heldOf, heldWords } from '../derive/held-bytes.ts';
import { flowOf } from '../derive/series.ts';
import { count, percent } from '../derive/words.ts';
import { cannot, fail, pass, warn, without } from '../derive/verdict.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Verdict } from '../report.ts';
import type { Thresholds } from '../thresholds.ts';

export const queueUtilization = defineCheck({
  id: 'queue-utilization',
  heading: 'Queue Metrics',
  question: 'Are the queues near capacity?',
  why: 'The connector never sets its queue gauges: they read 0 over a full queue. What waits is received minus produced, held against the queue size of the configuration. The bridge has live gauges, and a second limit: the bytes of everything it holds.',
  needs: ['metrics', 'target', 'log'],
  commands: ['Check JMX: io.conduktor.connect.otel:*/MaxQueueUtilizationPercent', 'jconsole'],
  evaluate: (facts, thresholds) => judge(facts, thresholds),
});

function judge(facts: Facts, thresholds: Thresholds): Verdict {
  const backlog = backlogOf(facts);
  if (backlog === undefined) return without(facts, 'metrics', 'Queues');
  const evidence = [
    backlogEvidence(
      facts,
      backlog,
      `${count(backlog.messages)} waiting (${backlog.source === 'gauges' ? 'queue gauges' : 'received - produced'})`,
    ),
  ];
  const { percent: fill } = backlog.fullest;
  if (fill === null)
    return cannot(
      `${count(backlog.messages)} messages wait; how many a queue holds is not known, for the configuration could not be read.`,
      ...evidence,
    );
  const losing = (flowOf(seen(facts, 'metrics'))?.lost ?? 0) > 0;
  const held = heldOf(facts);
  const inBytes = held === undefined ? '' : `; the bridge holds ${heldWords(held)}`;
  const sentence = `${saidOf(backlog)}${inBytes}${backlogTime(facts, backlog)}${losing ? ', and messages are being lost' : ''}.`;
  const fault = {
    sentence,
    expected: `the fullest queue${held === undefined ? '' : ' and the bytes held'} below ${thresholds.queueWarnPercent} %`,
    byHand: otlpctl(facts, 'metrics'),
    evidence,
  };
  if (fill >= 100 || losing) return fail(fault);
  return Math.max(fill, held?.percent ?? 0) >= thresholds.queueWarnPercent ? warn(fault) : pass(sentence, ...evidence);
}

export function saidOf(backlog: Backlog): string {
  const { signal, messages, percent: fill, exact } = backlog.fullest;
  const queue = signal === null ? 'the fullest queue' : `the ${signal} queue`;
  const of = backlog.capacity === null ? '' : ` of ${count(backlog.capacity)}`;
  const held = Math.min(messages, backlog.capacity ?? messages);
  return `${count(backlog.messages)} messages wait; ${queue} holds ${exact ? '' : signal === null ? 'at least ' : 'about '}${count(held)}${of}${fill === null ? '' : ` (${percent(fill)})`}`;
}

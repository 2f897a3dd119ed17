import { defineCheck } from '../check.ts';
import { configValue } from '../derive/connector.ts';
import { quote } from '../derive/evidence.ts';
import { memoryOf, producerOf } from '../derive/jmx.ts';
import { bytes, count, percent } from '../derive/words.ts';
import { fail, pass, warn, without } from '../derive/verdict.ts';
import type { Facts } from '../facts/index.ts';
import type { Verdict } from '../report.ts';
import type { Thresholds } from '../thresholds.ts';

export const workerMemory = defineCheck({
  id: 'worker-memory',
  heading: 'Estimating Memory',
  question: 'Has the worker memory and file descriptors to spare?',
  why: 'Three full queues live on the heap: queue size x message size x 3, and a third more for overhead. A worker without descriptors accepts no connection and looks frozen.',
  needs: ['jmx.jvm', 'jmx.producer', 'target'],
  commands: ['Recommendation: Set heap to 4x calculated'],
  evaluate: (facts, thresholds) => judge(facts, thresholds),
});

function judge(facts: Facts, thresholds: Thresholds): Verdict {
  const memory = memoryOf(facts);
  if (memory === undefined || (memory.heapPercent === undefined && memory.filesPercent === undefined))
    return without(facts, 'jmx.jvm', "The worker's memory");
  const heap =
    memory.heapPercent === undefined
      ? 'heap not known'
      : `heap ${bytes(memory.heapUsed ?? 0)} of ${bytes(memory.heapMax ?? 0)} (${percent(memory.heapPercent)})`;
  const files =
    memory.filesPercent === undefined
      ? 'descriptors not known'
      : `${count(memory.files ?? 0)} of ${count(memory.filesMax ?? 0)} file descriptors`;
  const evidence = [quote(facts, 'jmx.jvm', 'samples', `${heap}, ${files}`)];
  const sentence = `The worker uses ${heap} and ${files}${needOf(facts)}.`;
  const fault = {
    sentence,
    expected: `heap below ${thresholds.heapWarnPercent} %, descriptors below ${thresholds.filesCriticalPercent} %`,
    byHand: 'otlpctl explain worker-memory',
    evidence,
  };
  if ((memory.filesPercent ?? 0) >= thresholds.filesCriticalPercent) return fail(fault);
  return (memory.heapPercent ?? 0) >= thresholds.heapWarnPercent ? warn(fault) : pass(sentence, ...evidence);
}

/** What three full queues would take at the record size seen. Source: runbook "Estimating Memory", a third more for overhead. */
function needOf(facts: Facts): string {
  const size = producerOf(facts)?.recordBytes;
  const queue = Number(configValue(facts, 'otlp.message.queue.size') ?? Number.NaN);
  return size === undefined || Number.isNaN(queue)
    ? ''
    : `; three full queues of ${count(queue)} would take about ${bytes((queue * size * 3 * 4) / 3)}`;
}

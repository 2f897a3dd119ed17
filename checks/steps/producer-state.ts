import { defineCheck } from '../check.ts';
import { quote } from '../derive/evidence.ts';
import { producerOf } from '../derive/jmx.ts';
import { count, percent, rate } from '../derive/words.ts';
import { fail, pass, warn, without } from '../derive/verdict.ts';
import { seen } from '../facts/index.ts';
import type { Facts } from '../facts/index.ts';
import type { Verdict } from '../report.ts';
import type { Thresholds } from '../thresholds.ts';

export const producerState = defineCheck({
  id: 'producer-state',
  heading: 'Issue 4: Processing Lag Building Up',
  question: "Does Kafka take the task's records without holding it up?",
  why: 'A throttle, slow answers or a full producer buffer are where Kafka holds the task up; with none of them a larger Kafka helps nothing.',
  needs: ['jmx.producer'],
  commands: ['Monitor Kafka Connect producer metrics'],
  evaluate: (facts, thresholds) => judge(facts, thresholds),
});

function judge(facts: Facts, thresholds: Thresholds): Verdict {
  const producer = producerOf(facts);
  if (producer === undefined) return without(facts, 'jmx.producer', 'The producer');
  const index = (seen(facts, 'jmx.producer')?.samples.length ?? 1) - 1;
  const evidence = [
    quote(facts, 'jmx.producer', `samples.${index}.values.produce-throttle-time-avg`),
    quote(facts, 'jmx.producer', `samples.${index}.values.buffer-available-bytes`),
  ];
  const { throttleMs, latencyMs, bufferFreePercent } = producer;
  const parts = [
    throttleMs === undefined ? 'throttle not known' : `throttled ${count(Math.round(throttleMs))} ms a request`,
    latencyMs === undefined ? 'no answer timed yet' : `answers in ${rate(latencyMs)} ms`,
    bufferFreePercent === undefined ? 'buffer not known' : `buffer ${percent(bufferFreePercent)} free`,
  ];
  const fault = {
    sentence: `The task's producer is held up: ${parts.join(', ')}.`,
    expected: 'no throttle, quick answers, a buffer with room',
    byHand: 'otlpctl explain producer-state',
    evidence,
  };
  if ((throttleMs ?? 0) > 0 || (bufferFreePercent ?? 100) < thresholds.producerBufferLowPercent) return fail(fault);
  return (latencyMs ?? 0) >= thresholds.kafkaSlowMs ? warn(fault) : pass(`The task's producer is free: ${parts.join(', ')}.`, ...evidence);
}

import { defineCheck } from '../check.ts';
import { configValue } from '../derive/connector.ts';
import { quote } from '../derive/evidence.ts';
import { producerOf } from '../derive/jmx.ts';
import { flowOf, perSecond } from '../derive/series.ts';
import { bytes, rate } from '../derive/words.ts';
import { pass, without } from '../derive/verdict.ts';
import { seen } from '../facts/index.ts';
import type { Facts } from '../facts/index.ts';
import type { Verdict } from '../report.ts';

export const messageFormat = defineCheck({
  id: 'message-format',
  heading: 'Message Format Selection',
  question: 'Does the record format fit the traffic?',
  why: 'JSON is easy to read and three to five times larger; protobuf is advised above 1,000 messages a second. It is advice: neither form loses a message by itself.',
  needs: ['target', 'metrics', 'jmx.producer'],
  commands: ['"otlp.message.format": "protobuf"'],
  evaluate: (facts) => judge(facts),
});

/** Source: runbook "Message Format Selection". */
const PROTOBUF_FROM_PER_SECOND = 1000;

function judge(facts: Facts): Verdict {
  const format = configValue(facts, 'otlp.message.format')?.toLowerCase();
  if (format === undefined) return without(facts, 'rest.list', 'The record format');
  const flow = flowOf(seen(facts, 'metrics'));
  const speed = flow === undefined || flow.offered === null ? undefined : perSecond(flow.offered, flow);
  const size = producerOf(facts)?.recordBytes;
  const large = speed !== undefined && speed > PROTOBUF_FROM_PER_SECOND && format === 'json';
  const seenAt = speed === undefined ? '' : ` at ${rate(speed)} messages/s`;
  const advice = large ? `; above ${rate(PROTOBUF_FROM_PER_SECOND)}/s protobuf is advised` : '';
  return pass(
    `Records are written as ${format}${seenAt}${size === undefined ? '' : `, ${bytes(size)} each`}${advice}.`,
    quote(facts, 'target', 'config'),
  );
}

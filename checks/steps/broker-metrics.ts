import { defineCheck } from '../check.ts';
import { brokerLoadOf, brokerRate } from '../derive/broker-load.ts';
import { quote } from '../derive/evidence.ts';
import { pass, warn, without } from '../derive/verdict.ts';
import { bytes, count, list, percent, rate, span } from '../derive/words.ts';
import { shellWord } from '../derive/commands.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Verdict } from '../report.ts';
import type { Thresholds } from '../thresholds.ts';

export const brokerMetrics = defineCheck({
  id: 'broker-metrics',
  heading: 'Issue 4: Processing Lag Building Up',
  question: 'How busy is the broker?',
  why: 'The share of time in which its request handlers wait for work says whether a broker has room; messages in a second say what it is given. Both are of one broker: look at each.',
  needs: ['kafka.load'],
  commands: [
    'kafka-run-class kafka.tools.JmxTool --object-name kafka.server:type=BrokerTopicMetrics,name=MessagesInPerSec --jmx-url service:jmx:rmi:///jndi/rmi://localhost:9999/jmxrmi',
  ],
  evaluate: judge,
});

function judge(facts: Facts, { handlerIdleLowPercent }: Thresholds): Verdict {
  const series = seen(facts, 'kafka.load');
  if (series === undefined) return without(facts, 'kafka.load', 'Metrics of a broker');
  const [first, last] = [series.samples[0]!, series.samples.at(-1)!];
  const at = series.samples.length - 1;
  const spanMs = last.at - first.at;
  const messages = brokerRate(facts, 'messagesIn');
  const { messagesIn } = last.values;
  const { bytesIn, idle: idleRatio, underReplicated } = brokerLoadOf(facts);
  const idle = idleRatio === null ? null : idleRatio * 100;
  const said = list([
    ...(messages === null
      ? messagesIn === undefined
        ? []
        : [`${count(messagesIn)} messages taken since it started`]
      : [`${rate(messages)} messages/s`]),
    ...(bytesIn === null ? [] : [`${bytes(bytesIn)}/s`]),
    ...(idle === null ? [] : [`request handlers idle ${percent(idle)} of the time`]),
    ...(underReplicated === null ? [] : [`${count(underReplicated)} under-replicated partitions`]),
  ]);
  const evidence = ['messagesIn', 'handlerIdle', 'underReplicated']
    .filter((key) => last.values[key] !== undefined)
    .map((key) => quote(facts, 'kafka.load', `samples.${at}.values.${key}`));
  const over = spanMs > 0 ? ` over ${span(spanMs)}` : '';
  const busy = idle !== null && idle < handlerIdleLowPercent;
  const behind = underReplicated !== null && underReplicated > 0;
  if (!busy && !behind) return pass(`The broker has room: ${said}${over}.`, ...evidence);
  const target = seen(facts, 'target');
  const url = target?.kafkaJmxUrl ?? 'service:jmx:rmi:///jndi/rmi://localhost:9999/jmxrmi';
  return warn({
    sentence: `The broker ${list([...(busy ? ['is busy'] : []), ...(behind ? ['has replicas that do not keep up'] : [])])}: ${said}${over}.`,
    expected: `request handlers idle more than ${handlerIdleLowPercent} % of the time, and every replica in sync`,
    byHand: `kafka-run-class.sh org.apache.kafka.tools.JmxTool --object-name 'kafka.server:type=KafkaRequestHandlerPool,name=RequestHandlerAvgIdlePercent' --one-time true --jmx-url ${shellWord(url)}`,
    evidence,
  });
}

import { defineCheck } from '../check.ts';
import { quote } from '../derive/evidence.ts';
import { clusterMismatch, kafkaTool } from '../derive/kafka.ts';
import { LABEL } from '../derive/receivers.ts';
import { cannot, pass, skip, without } from '../derive/verdict.ts';
import { count, list } from '../derive/words.ts';
import type { BridgeSender, Facts, KafkaSender, KafkaSenders } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Verdict } from '../report.ts';

export const senders = defineCheck({
  id: 'senders',
  heading: 'Issue 2: No Messages Received',
  question: 'Who sends?',
  why: 'Who is to be asked when traffic stops, floods or is refused: service.name and telemetry.sdk.* of the newest records of the topics, which is a sample: who sends seldom may not be in it. A bridge counts every request by its User-Agent too, refused ones included.',
  needs: ['kafka.senders', 'kafka.brokers', 'metrics'],
  commands: [],
  evaluate: (facts) => judge(facts),
});

/** Senders that are named in a sentence. */
const MOST = 8;

/** What a bridge counted, beside what is in the topics; either may be all there is. */
function judge(facts: Facts): Verdict {
  const counted = seen(facts, 'metrics')?.senders;
  const fromRecords = judgeRecords(facts);
  if (counted === undefined) return fromRecords;
  const evidence = quote(facts, 'metrics', 'senders');
  const total = counted.reduce((sum, { requests }) => sum + requests, 0);
  const named = counted.slice(0, MOST).map(agentWords);
  const rest = counted.length - named.length;
  const sentence =
    total === 0
      ? 'No request has come since the counters began.'
      : `Of ${count(total)} requests since the counters began: ${list([...named, ...(rest > 0 ? [`${count(rest)} more`] : [])])}.`;
  if (fromRecords.status === 'skipped') return pass(sentence, evidence);
  return { ...fromRecords, sentence: `${sentence} ${fromRecords.sentence}`, evidence: [evidence, ...fromRecords.evidence] };
}

const agentWords = ({ agent, requests, transports, signals }: BridgeSender): string =>
  `${agent ?? 'a sender without User-Agent'} ${count(requests)} (${list(transports.map((one) => LABEL[one]))}; ${signals.join(', ')})`;

function judgeRecords(facts: Facts): Verdict {
  const look = seen(facts, 'kafka.senders');
  if (look === undefined) return without(facts, 'kafka.senders', 'Who sends');
  if (clusterMismatch(facts) !== undefined) return skip('Who sends: not judged, the records are those of another cluster.');
  const { senders: found, records, foreign, more, unread } = look;
  const hole = unread.map(({ topic, why }) => `${topic} could not be read (${why})`);
  const evidence = quote(facts, 'kafka.senders', 'senders');
  const byHand = kafkaTool(facts, 'kafka-console-consumer', '--topic', 'TOPIC', '--max-messages', '10');
  if (found.length === 0 && (hole.length > 0 || foreign > 0))
    return { ...cannot(`Who sends is not known: ${list([...hole, ...strangers(look)])}.`, evidence), byHand };
  if (records === 0) return pass('Nobody is known to send: the topics hold no record.', evidence);
  const named = found.slice(0, MOST).map(words);
  const rest = found.length - named.length + more;
  const said = list([...named, ...(rest > 0 ? [`${count(rest)} more`] : [])]);
  return pass(
    `Of the newest ${count(records)} records: ${said}${[...strangers(look), ...hole].map((one) => `; ${one}`).join('')}.`,
    evidence,
  );
}

const strangers = ({ foreign }: KafkaSenders): string[] => (foreign === 0 ? [] : [`${count(foreign)} are no OTLP request`]);

const words = ({ service, sdk, records, signals }: KafkaSender): string =>
  `${service ?? 'a sender without service.name'} ${count(records)} (${sdk ?? 'no telemetry.sdk.*'}; ${signals.join(', ')})`;

import { defineCheck } from '../check.ts';
import { quote } from '../derive/evidence.ts';
import { clusterMismatch, kafkaTool } from '../derive/kafka.ts';
import { cannot, pass, skip, without } from '../derive/verdict.ts';
import { count, list } from '../derive/words.ts';
import type { Facts, KafkaSender, KafkaSenders } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Verdict } from '../report.ts';

export const senders = defineCheck({
  id: 'senders',
  heading: 'Issue 2: No Messages Received',
  question: 'Who sends?',
  why: 'Who is to be asked when traffic stops, floods or is refused: service.name and telemetry.sdk.* of the newest records of the topics. It is a sample: who sends seldom may not be in it.',
  needs: ['kafka.senders', 'kafka.brokers'],
  commands: [],
  evaluate: (facts) => judge(facts),
});

/** Senders that are named in a sentence. */
const MOST = 8;

function judge(facts: Facts): Verdict {
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

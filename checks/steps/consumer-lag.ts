import { defineCheck } from '../check.ts';
import { quote } from '../derive/evidence.ts';
import { clusterMismatch, kafkaTool } from '../derive/kafka.ts';
import { pass, skip, warn, without } from '../derive/verdict.ts';
import { count, list, span } from '../derive/words.ts';
import type { Facts, KafkaGroup } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Verdict } from '../report.ts';

export const consumerLag = defineCheck({
  id: 'consumer-lag',
  heading: 'Counter Metrics',
  question: 'Do the consumers of the topics keep up?',
  why: "A consumer that falls behind loses records once their retention is over. It does not slow the connector: it explains no drop and no lag of the connector's own.",
  needs: ['kafka.groups', 'kafka.topics'],
  commands: ['kafka-consumer-groups --bootstrap-server localhost:9092 --group <group> --describe'],
  evaluate: (facts) => judge(facts),
});

/** Groups that are named in a sentence. */
const MOST = 5;
const lagOf = ({ topics }: KafkaGroup): number => topics.reduce((sum, { lag }) => sum + lag, 0);
const grownBy = ({ topics }: KafkaGroup): number => topics.reduce((sum, { lag, lagBefore }) => sum + lag - (lagBefore ?? lag), 0);

function judge(facts: Facts): Verdict {
  const look = seen(facts, 'kafka.groups');
  if (look === undefined) return without(facts, 'kafka.groups', 'Consumers of the topics');
  if (clusterMismatch(facts) !== undefined) return skip('Consumers of the topics: not judged, they are those of another cluster.');
  const { groups, listed, asked, spanMs } = look;
  const more = listed > asked ? `; ${count(listed - asked)} more groups were not asked` : '';
  if (groups.length === 0)
    return pass(
      `No consumer group has committed offsets on the topics, of ${count(asked)} that were asked${more}.`,
      quote(facts, 'kafka.groups', 'listed'),
    );
  const worst = groups.toSorted((a, b) => grownBy(b) - grownBy(a) || lagOf(b) - lagOf(a));
  const evidence = worst.slice(0, MOST).map((group) => quote(facts, 'kafka.groups', `groups.${groups.indexOf(group)}.topics`));
  const said = `${list(worst.slice(0, MOST).map((group) => groupWords(group)))}${groups.length > MOST ? `, and ${count(groups.length - MOST)} more groups` : ''}${more}`;
  // Growing at every reading's noise is normal: only who has nobody reading, or fell further behind than a window's worth, is told.
  const behind = worst.filter(
    (group) => spanMs > 0 && grownBy(group) > 0 && grownBy(group) >= 0.1 * lagOf(group) && lagOf(group) > SMALL_LAG,
  );
  if (behind.length === 0) return pass(`Consumers keep up: ${said}.`, ...evidence);
  return warn({
    sentence: `${list(behind.slice(0, MOST).map(({ id }) => id))} ${behind.length === 1 ? 'falls' : 'fall'} behind, by ${count(behind.reduce((sum, group) => sum + grownBy(group), 0))} records over ${span(spanMs)}: ${said}.`,
    expected: 'a lag that does not grow',
    byHand: kafkaTool(facts, 'kafka-consumer-groups', '--describe', '--group', behind[0]!.id),
    evidence,
  });
}

/** Records that are on their way at any moment. */
const SMALL_LAG = 100;

const groupWords = (group: KafkaGroup): string => {
  const { id, state, members } = group;
  const who =
    state === null
      ? ''
      : ` (${state}, ${members === 0 ? 'nobody reads' : `${count(members ?? 0)} ${members === 1 ? 'member' : 'members'}`})`;
  const lags = list(group.topics.map(({ name, lag }) => `${count(lag)} on ${name}`));
  return `${id}${who} is ${lagOf(group) === 0 ? 'at the end' : `behind by ${lags}`}`;
};
